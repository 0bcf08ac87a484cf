/**
 * The registry as questions need it: which entry answers a capability, and who else owns a name.
 *
 * Built once for an activated registry; reading it never falls back to something wider.
 */
import type { Capability, Registry, Server } from '../contract/registry.ts'
import type { CapabilityKind } from '../contract/query.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { leadsElsewhere } from '../statement/leads-elsewhere.ts'

export type RegistryIndex = {
  readonly registry: Registry
  /** Bare capability name -> servers that serve a tool, prompt or resource of that name. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  /** Server -> its resource prefixes, longest first. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>
  /** `<iss> <sub>` as JSON -> groups of the registry. */
  readonly memberships: ReadonlyMap<string, readonly string[]>
}

/** What is registered while no policy is activated: nothing. */
export const emptyRegistry: Registry = {
  servers: {},
  purposes: {},
  agents: {},
  groups: {},
  exceptions: [],
  parameters: {
    max_delegation_depth: 0,
    hold_facets: [],
    default_approval: { group: 'nobody', quorum: 1 },
    valid_seconds: 1,
    max_elicitation_text: 1,
    review_grace_seconds: 0,
    releasable: { input_response: [], result: [] },
  },
}

const indexes = new WeakMap<Registry, RegistryIndex>()

/** The index of a registry; built at its first use and kept as long as the registry. */
export function indexOf(registry: Registry): RegistryIndex {
  const known = indexes.get(registry)
  if (known !== undefined) return known
  const index = buildIndex(registry)
  indexes.set(registry, index)
  return index
}

function buildIndex(given: Registry): RegistryIndex {
  // Members in the order of canonical JSON, once, and not again for each question that quotes them.
  const registry = JSON.parse(canonicalJson(given)) as Registry
  const owners = new Map<string, string[]>()
  const prefixes = new Map<string, string[]>()
  for (const [id, server] of Object.entries(registry.servers)) {
    const own: string[] = []
    for (const key of Object.keys(server.capabilities)) {
      const name = nameInKey(key)
      if (name !== null) push(owners, name, id)
      if (key.startsWith('resource:') && key.endsWith('*')) own.push(key)
    }
    prefixes.set(
      id,
      own.sort((a, b) => b.length - a.length),
    )
  }
  const memberships = new Map<string, string[]>()
  for (const [group, members] of Object.entries(registry.groups)) {
    for (const member of members) push(memberships, JSON.stringify([member.iss, member.sub]), group)
  }
  return { registry, owners, prefixes, memberships }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else if (!list.includes(value)) list.push(value)
}

/** The name that a client would use for this key: of tools and prompts. */
function nameInKey(key: string): string | null {
  const match = /^(?:tool|prompt):(.+)$/su.exec(key)
  return match?.[1] ?? null
}

/** The registry key of a question: `<kind>:<name>`, `resource:<uri>` or the bare kind. */
export function keyOf(kind: CapabilityKind, name: string | null, uri: string | null): string {
  if (kind === 'resource') return `resource:${uri ?? name ?? ''}`
  return kind === 'tool' || kind === 'prompt' || kind === 'grant' ? `${kind}:${name ?? ''}` : kind
}

/** The entry that answers a key, and the key it stands under; a resource may stand under a prefix. */
export function capabilityOf(
  index: RegistryIndex,
  serverId: string,
  key: string,
): { readonly key: string; readonly capability: Capability } | null {
  const server = serverOf(index, serverId)
  if (server === null) return null
  const exact = Object.hasOwn(server.capabilities, key) ? server.capabilities[key] : undefined
  if (exact !== undefined) return { key, capability: exact }
  if (!key.startsWith('resource:') || leadsElsewhere(key.slice('resource:'.length))) return null
  const prefix = index.prefixes.get(serverId)?.find((own) => key.startsWith(own.slice(0, -1)))
  const found = prefix === undefined ? undefined : server.capabilities[prefix]
  return prefix === undefined || found === undefined ? null : { key: prefix, capability: found }
}

export function serverOf(index: RegistryIndex, serverId: string): Server | null {
  const servers = index.registry.servers
  return Object.hasOwn(servers, serverId) ? (servers[serverId] ?? null) : null
}

/** Other servers that own the name and were not reviewed together with this one. */
export function shadowsOf(
  index: RegistryIndex,
  serverId: string,
  name: string | null,
  capability: Capability | null,
): readonly string[] {
  if (name === null) return []
  const owners = index.owners.get(name)
  if (owners === undefined || (owners.length === 1 && owners[0] === serverId)) return []
  const reviewed = capability?.shadows_reviewed ?? []
  return owners.filter((owner) => owner !== serverId && !reviewed.includes(owner))
}
