/**
 * The golden cases, composed as rego/countersign/golden/golden_test.rego composes them: a base question, the
 * slice of the development registry that concerns it, then what the case changes.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Registry } from '../../service/contract/registry.ts'

type Json = Record<string, unknown>

export type Wanted = {
  readonly effect: string
  readonly codes?: readonly string[]
  readonly waived?: readonly string[]
  readonly obligations?: readonly string[]
  readonly hold?: string
}

type Case = {
  readonly name: string
  readonly on?: string
  /** The key in the registry, where it is not that of the question. */
  readonly key?: string
  readonly set?: Json
  readonly without?: readonly string[]
  readonly want: Wanted
}

export type GoldenCase = { readonly name: string; readonly input: Json; readonly want: Wanted }

/** What a question says, as far as a slice of the registry is chosen by it. */
type Asked = {
  readonly question: { readonly server_id: string; readonly key: string }
  readonly attested: { readonly purpose: { readonly code: string } | null }
  readonly verified: {
    readonly initiator: { readonly iss: string; readonly sub: string; readonly client_id: string }
  }
}

const here = import.meta.dirname
const registry = JSON.parse(
  readFileSync(join(here, '../../rego/data/registry.json'), 'utf8'),
) as Registry
const documents = readdirSync(here)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => parse(readFileSync(join(here, name), 'utf8'), { merge: true }) as Json)
const golden = documents.reduce(merge, {})['golden'] as {
  readonly base: Record<string, Json>
  readonly cases: Record<string, readonly Case[]>
}

/** Questions that are permitted as they are, with a registry of their own. */
export const baseQuestions: ReadonlyMap<string, Json> = new Map(
  Object.keys(golden.base).map((name) => [name, baseOf(name)]),
)

export const goldenCases: readonly GoldenCase[] = Object.entries(golden.cases).flatMap(
  ([area, cases]) =>
    cases.map((one) => ({ name: `${area}: ${one.name}`, input: inputOf(one), want: one.want })),
)

function inputOf(one: Case): Json {
  const base = baseOf(one.on ?? 'tool')
  const changes = one.set ?? {}
  const slice = sliceOf(merge(base, changes) as unknown as Asked, one.key)
  const served = (base['question'] as Json)['definition_digest']
  const pinned = slice.capability?.definition_digest
  const question = { definition_digest: served === null ? null : (pinned ?? served) }
  const { registry: _own, ...bare } = base
  const input = merge(merge(bare, { question, registry: slice }), changes)
  for (const path of one.without ?? []) remove(input, path.split('/'))
  return input
}

function sliceOf({ question, attested, verified }: Asked, key = question.key) {
  const { iss, sub, client_id: clientId } = verified.initiator
  const server = registry.servers[question.server_id]
  return {
    server:
      server === undefined
        ? null
        : {
            id: question.server_id,
            spiffe_id: server.workload.spiffe_id,
            resource: server.resource,
            elicitation_hosts: server.elicitation_hosts ?? [],
          },
    capability: server?.capabilities[key] ?? null,
    purpose: registry.purposes[attested.purpose?.code ?? ''] ?? null,
    agent: registry.agents[clientId] ?? null,
    initiator_groups: Object.entries(registry.groups)
      .filter(([, members]) => members.some((member) => member.iss === iss && member.sub === sub))
      .map(([group]) => group),
    shadows: [],
    governed_tool_names: [],
    exceptions: registry.exceptions,
    parameters: registry.parameters,
  }
}

function baseOf(name: string): Json {
  return structuredClone(merge(golden.base['tool'] ?? {}, golden.base[name] ?? {}))
}

/** Members of the second over those of the first, objects member by member, as `object.union` does. */
function merge(under: Json, over: Json): Json {
  const merged: Json = { ...under }
  for (const [name, value] of Object.entries(over)) {
    const before = merged[name]
    merged[name] = isObject(before) && isObject(value) ? merge(before, value) : value
  }
  return merged
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function remove(from: Json, [name = '', ...rest]: readonly string[]): void {
  const member = from[name]
  if (rest.length === 0) Reflect.deleteProperty(from, name)
  else if (isObject(member)) {
    // A copy, so that what several cases share is not changed for all of them.
    const copy = { ...member }
    from[name] = copy
    remove(copy, rest)
  }
}
