// The query of a capability as it would be asked at best: by its own method, with arguments that give every
// mapping of the registry what it needs, and with nothing in it that any rule could mind.

import type { CapabilityKind, Query } from '../../service/contract/query.ts'
import type { ArgumentBound } from '../../service/contract/argument-bound.ts'
import type { Capability, Registry } from '../../service/contract/registry.ts'

export interface Asked {
  readonly server: string
  /** The key of the question; it may lie under a prefix that is registered. */
  readonly key: string
  readonly capability: Capability
}

export type Arguments = Readonly<Record<string, unknown>>

const methods: Readonly<Record<CapabilityKind, string>> = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
  sampling: 'sampling/createMessage',
  elicitation: 'elicitation/create',
  roots: 'roots/list',
  list: 'tools/list',
  discover: 'server/discover',
  task: 'tasks/get',
  stream: 'subscriptions/listen',
  completion: 'completion/complete',
  grant: 'purpose-grants/issue',
}

/** @param given arguments; null for such as are inside the bounds */
export function queryAtBest({ server, key, capability }: Asked, given: Arguments | null): Query {
  const { kind } = capability
  return {
    phase:
      kind === 'sampling' || kind === 'elicitation' || kind === 'roots'
        ? 'input_request'
        : 'request',
    server: { id: server },
    capability: {
      ...named(kind, key),
      arguments: given ?? assumedArguments(capability),
      ...(isUnreviewed(capability) ? { definition: { name: key } } : {}),
    },
    protocol: { version: '2026-07-28', method: methods[kind] },
    ...(kind === 'sampling' ? { sampling: { messages: [], maxTokens: 1 } } : {}),
    ...(kind === 'elicitation' ? { elicitation: emptyForm } : {}),
  }
}

const emptyForm = {
  mode: 'form',
  message: '',
  requestedSchema: { type: 'object', properties: {} },
}

/** What is served was never reviewed, so it may be anything. */
function isUnreviewed({ kind, definition_digest: pinned }: Capability): boolean {
  return (kind === 'tool' || kind === 'prompt') && pinned === undefined
}

function named(kind: CapabilityKind, key: string): Query['capability'] {
  const name = key.slice(key.indexOf(':') + 1)
  if (kind === 'resource') return { kind, uri: name.replace(/\*$/u, 'any') }
  return kind === 'tool' || kind === 'prompt' ? { kind, name } : { kind }
}

/** What the bounds and the data scope demand; a value of a bound where that names one. */
function assumedArguments({ bounds = [], data_scope: rules = [] }: Capability): Arguments {
  const paths = [
    ...bounds.filter(({ required }) => required === true).map(({ path }) => path),
    ...rules
      .filter(({ source, required }) => source === 'arguments' && required === true)
      .map(({ path = [] }) => path),
  ]
  const top: Record<string, unknown> = {}
  for (const path of paths) {
    put(top, path, valueOf(bounds.find((bound) => bound.path.join('\0') === path.join('\0'))))
  }
  return top
}

function put(top: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = top
  for (const name of path.slice(0, -1)) {
    const next = at[name]
    const inner = typeof next === 'object' && next !== null ? (next as typeof top) : {}
    at[name] = inner
    at = inner
  }
  const last = path.at(-1)
  if (last !== undefined) at[last] ??= value
}

function valueOf(bound: ArgumentBound | undefined): unknown {
  const { one_of: [first] = [], prefix, type, minimum } = bound ?? {}
  if (first !== undefined) return first
  if (prefix !== undefined) return `${prefix}any`
  return byType[type ?? (minimum === undefined ? 'string' : 'number')](minimum ?? 1)
}

const byType: Readonly<Record<NonNullable<ArgumentBound['type']>, (minimum: number) => unknown>> = {
  string: () => 'any',
  number: (minimum) => minimum,
  boolean: () => false,
  array: () => ['any'],
  object: () => ({}),
  null: () => null,
}

/** The registry with every argument inside its bounds, since which ones will come nobody knows. */
export function withoutBounds(registry: Registry): Registry {
  const unbound = ({ bounds: _bounds, ...capability }: Capability): Capability => capability
  return {
    ...registry,
    servers: mapped(registry.servers, (server) => ({
      ...server,
      capabilities: mapped(server.capabilities, unbound),
    })),
  }
}

function mapped<T>(record: Readonly<Record<string, T>>, of: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]))
}
