/**
 * What is asked about each MCP method: the map from the wire of both eras to kinds and phases.
 *
 * A method that is not in it is refused: what the gateway does not know it cannot have decided.
 */
import type { CapabilityKind, Phase, Query } from '../../../service/contract/query.ts'
import { objectOf, type JsonObject } from './message.ts'

export type ControlPoint = {
  readonly kind: CapabilityKind
  /** `request`: before it goes to the server; `result`: before it goes back to the client. */
  readonly phases: readonly Extract<Phase, 'request' | 'result'>[]
}

const points: Readonly<Record<string, ControlPoint>> = {
  initialize: { kind: 'discover', phases: ['result'] },
  'server/discover': { kind: 'discover', phases: ['result'] },
  'tools/list': { kind: 'list', phases: ['result'] },
  'prompts/list': { kind: 'list', phases: ['result'] },
  'resources/list': { kind: 'list', phases: ['result'] },
  'resources/templates/list': { kind: 'list', phases: ['result'] },
  'tools/call': { kind: 'tool', phases: ['request', 'result'] },
  'prompts/get': { kind: 'prompt', phases: ['request', 'result'] },
  'resources/read': { kind: 'resource', phases: ['request', 'result'] },
  'subscriptions/listen': { kind: 'stream', phases: ['request'] },
  'completion/complete': { kind: 'completion', phases: ['request', 'result'] },
}

export function pointOf(method: string): ControlPoint | null {
  return Object.hasOwn(points, method) ? (points[method] ?? null) : null
}

/** What a server may ask of the client, in either era. */
export type InputKind = 'sampling' | 'elicitation' | 'roots'

const inputs: Readonly<Record<string, InputKind>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
}

export function inputKindOf(method: unknown): InputKind | null {
  return typeof method === 'string' && Object.hasOwn(inputs, method)
    ? (inputs[method] ?? null)
    : null
}

/** The capability that a request names, with the definition that its server last listed. */
export function capabilityOf(
  kind: CapabilityKind,
  params: JsonObject,
  definitions: ReadonlyMap<string, JsonObject>,
): Query['capability'] {
  const named = kind === 'tool' || kind === 'prompt'
  const name = named && typeof params['name'] === 'string' ? params['name'] : undefined
  const uri = kind === 'resource' && typeof params['uri'] === 'string' ? params['uri'] : undefined
  const given = objectOf(params['arguments'])
  const definition = definitions.get(`${kind} ${name ?? uri ?? ''}`)
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(uri === undefined ? {} : { uri }),
    ...(given === null ? {} : { arguments: given }),
    ...(definition === undefined ? {} : { definition }),
  }
}

/** Members of a list result that define capabilities, and how their items are named. */
const lists = [
  ['tools', 'tool', 'name'],
  ['prompts', 'prompt', 'name'],
  ['resources', 'resource', 'uri'],
] as const

/** Keeps each definition exactly as the server served it; the PDP compares it with the reviewed one. */
export function rememberDefinitions(
  definitions: Map<string, JsonObject>,
  result: JsonObject,
): void {
  for (const [member, kind, naming] of lists) {
    const items = result[member]
    if (!Array.isArray(items)) continue
    for (const item of items.map(objectOf)) {
      if (item !== null) definitions.set(`${kind} ${String(item[naming])}`, item)
    }
  }
}
