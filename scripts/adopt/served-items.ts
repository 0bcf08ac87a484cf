// What of a listing can stand in a registry: each under the key that a question about it would have. A name that
// would stand for more than the one thing that was listed, or that nobody can read, stands for nothing.

import { limits } from '../../service/contract/limits.ts'
import { parseStrictJson } from '../../service/contract/strict-json.ts'
import { objectOf, textOf, type JsonObject } from '../../service/decision/json-value.ts'
import { keyOf } from '../../service/decision/registry-index.ts'
import type { Listed } from './listing.ts'
import { plain, quoted } from './shown.ts'

export interface ServedItem {
  readonly kind: 'tool' | 'prompt' | 'resource'
  readonly key: string
  readonly definition: JsonObject
}

export interface Served {
  readonly items: readonly ServedItem[]
  /** What was left out, and why. */
  readonly left: readonly string[]
}

/** MCP's own advice for names, and a slash; `*` would make a grant for one stand for all. */
const readableName = /^[A-Za-z0-9_./-]{1,128}$/u
const readableUri = /^[\x21-\x29\x2B-\x7E]{1,200}$/u
/** A host, or a folder, and a slash: less would cover what the template was never meant for. */
const boundedPrefix = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]+|\/[^/?#]+)\/[^?#]*$/iu
/** The rest of a question needs room too. */
const mostDefinitionBytes = (limits.bodyBytes * 3) / 4

export function servedItems(listed: Listed): Served {
  const read = [
    ...listed.tools.map((item) => named(item, 'tool')),
    ...listed.prompts.map((item) => named(item, 'prompt')),
    ...listed.resources.map(resource),
    ...listed.resourceTemplates.map(template),
  ]
  const found = read.filter((one) => typeof one !== 'string')
  const times = Map.groupBy(found, ({ key }) => key)
  const twice = [...times.values()].filter((all) => all.length > 1)
  return {
    items: found.filter(({ key }) => times.get(key)?.length === 1),
    left: [
      ...twice.map(([one]) => `${quoted(one?.key ?? '')} is listed more than once: left out`),
      ...counted(read.filter((one) => typeof one === 'string')),
    ],
  }
}

/** A definition that no question could carry is not worth a pin. */
function asked(item: unknown): JsonObject | null {
  const definition = objectOf(item)
  if (definition === null) return null
  try {
    const bytes = Buffer.from(JSON.stringify({ capability: { definition } }))
    if (bytes.length > mostDefinitionBytes) return null
    parseStrictJson(bytes, { depth: limits.jsonDepth, members: limits.jsonMembers })
    return definition
  } catch {
    return null
  }
}

const unasked =
  'with a definition that no question could carry: too large, too deep, or with what readers of JSON take differently'

function named(item: unknown, kind: 'tool' | 'prompt'): ServedItem | string {
  const name = textOf(objectOf(item)?.['name']) ?? ''
  if (!readableName.test(name)) return `with a name that nobody can read or grant (${plain(name)})`
  const definition = asked(item)
  return definition === null
    ? `${unasked} (${name})`
    : { kind, key: keyOf(kind, name, null), definition }
}

function resource(item: unknown): ServedItem | string {
  const uri = textOf(objectOf(item)?.['uri']) ?? ''
  if (!readableUri.test(uri)) return `with a URI that nobody can read or grant (${plain(uri)})`
  const definition = asked(item)
  return definition === null
    ? `${unasked} (${plain(uri)})`
    : { kind: 'resource', key: keyOf('resource', null, uri), definition }
}

/** What stands before the first variable is a prefix of the registry. */
function template(item: unknown): ServedItem | string {
  const uri = textOf(objectOf(item)?.['uriTemplate']) ?? ''
  const [prefix = ''] = uri.split('{')
  if (!readableUri.test(prefix) || !boundedPrefix.test(prefix))
    return `as templates whose beginning bounds nothing (${plain(uri)})`
  const definition = asked(item)
  return definition === null
    ? `${unasked} (${plain(uri)})`
    : { kind: 'resource', key: `resource:${prefix}*`, definition }
}

const mostSaid = 20

function counted(reasons: readonly string[]): readonly string[] {
  const more = reasons.length - mostSaid
  return [
    ...reasons.slice(0, mostSaid).map((why) => `listed ${why}: left out`),
    ...(more > 0 ? [`and ${String(more)} more that nobody could ask for: left out`] : []),
  ]
}
