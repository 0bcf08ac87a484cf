/**
 * Groups and persons of the registry as leaves know them: by pseudonym.
 *
 * One human may have several accounts; a quorum counts the human, and who asked with one account does not approve
 * with another.
 */
import type { Registry } from '../contract/registry.ts'
import { pseudonymOf } from '../statement/digest.ts'

export type People = {
  /** The registry itself names that account as a member. */
  readonly isMember: (group: string, subject: string) => boolean
  /** The person that an account belongs to; the account itself where nobody says more. */
  readonly personOf: (subject: string) => string
  /** Who answers for that agent; null when nobody is named. */
  readonly sponsorOf: (agent: string) => string | null
  /** Who answers for the agent whose account that is, as an actor of a chain is named. */
  readonly sponsorOfAccount: (account: string) => string | null
  /** The name by which that workload may be asked to consent; null when the registry gives it none. */
  readonly workloadOf: (subject: string) => string | null
  /** What that server runs as, where a SPIFFE ID says so. */
  readonly serverWorkload: (server: string) => string | null
}

type Account = { readonly iss: string; readonly sub: string }

const known = new WeakMap<Registry, { readonly key: Uint8Array; readonly people: People }>()

/** Computed once for a registry under a key. @param key of the tenant's pseudonyms */
export function peopleOf(registry: Registry, key: Uint8Array): People {
  const before = known.get(registry)
  if (before?.key === key) return before.people
  const people = read(registry, key)
  known.set(registry, { key, people })
  return people
}

function read(registry: Registry, key: Uint8Array): People {
  const { groups, persons = {}, agents, servers, workload_voters: voters = {} } = registry
  const named = ({ iss, sub }: Account): string => pseudonymOf(key, iss, sub)
  const members = new Map<string, ReadonlySet<string>>()
  const owners = ownersOf(Object.values(persons).map((accounts) => accounts.map(named)))
  const membersOf = (group: string): ReadonlySet<string> => {
    const before = members.get(group)
    if (before !== undefined) return before
    const listed = new Set((Object.hasOwn(groups, group) ? (groups[group] ?? []) : []).map(named))
    members.set(group, listed)
    return listed
  }
  const sponsors = new Map(
    Object.entries(agents).flatMap(([sub, { iss, sponsor }]) =>
      sponsor === undefined ? [] : [[named({ iss, sub }), named(sponsor)] as const],
    ),
  )
  const workloads = new Map(
    Object.entries(voters).map(([name, { spiffe_id: id }]) => [workloadSubject(id, key), name]),
  )
  return {
    isMember: (group, subject) => membersOf(group).has(subject),
    personOf: (subject) => owners.get(subject) ?? subject,
    sponsorOf: (agent) => {
      const sponsor = Object.hasOwn(agents, agent) ? agents[agent]?.sponsor : undefined
      return sponsor === undefined ? null : named(sponsor)
    },
    sponsorOfAccount: (account) => sponsors.get(account) ?? null,
    workloadOf: (subject) => workloads.get(subject) ?? null,
    serverWorkload: (server) => {
      const workload = Object.hasOwn(servers, server) ? servers[server]?.workload : undefined
      return workload !== undefined && 'spiffe_id' in workload
        ? workloadSubject(workload.spiffe_id, key)
        : null
    },
  }
}

/** Pseudonym of a workload: its trust domain is its issuer, as for one that asks. */
function workloadSubject(id: string, key: Uint8Array): string {
  return pseudonymOf(key, /^[a-z]+:\/\/[^/]*/u.exec(id)?.[0] ?? id, id)
}

/** An account under two persons makes them one: a registry that errs makes a quorum harder to reach, never easier. */
function ownersOf(persons: readonly (readonly string[])[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  const members = new Map<string, readonly string[]>()
  for (const accounts of persons) {
    const joined = new Set(accounts.flatMap((one) => members.get(owners.get(one) ?? one) ?? [one]))
    const [first] = joined
    if (first === undefined) continue
    members.set(first, [...joined])
    for (const one of joined) owners.set(one, first)
  }
  return owners
}
