// Who may ask, as far as the registry can know: the members of its groups, its agents, and whoever carries a token
// with groups that it names. Each of them alone, and through each agent of the same issuer.

import type { Agent, Capability, Registry } from '../../service/contract/registry.ts'
import type { GrantClaims } from '../../service/purpose/grant.ts'

export interface Party {
  readonly iss: string
  /** Null: anyone of the issuer whose token carries `groups`. */
  readonly sub: string | null
  /** Groups that the access token carries, beside those of the registry. */
  readonly groups: readonly string[]
  /** The agent that acts for a person; null when there is none. */
  readonly through: string | null
  /** It acts for itself, as a workload does; else, without an agent, through a client that is not registered. */
  readonly alone: boolean
}

/** Somebody, before it is said how they act. */
export type Somebody = Pick<Party, 'iss' | 'sub' | 'groups'>

/** The members of groups, the agents as they act for themselves, and who has a grant that is at hand. */
export function namedIn(
  { agents, groups }: Registry,
  grants: readonly GrantClaims[],
): readonly Somebody[] {
  const all = [
    ...grants.map(({ facts: { initiator } }) => ({ ...initiator, groups: [] })),
    ...Object.values(groups)
      .flat()
      .map(({ iss, sub }) => ({ iss, sub, groups: [] })),
    ...Object.entries(agents).map(([sub, { iss }]) => ({ iss, sub, groups: [] })),
  ]
  return [...new Map(all.map((one) => [JSON.stringify([one.iss, one.sub]), one])).values()]
}

/** Every way in which somebody may act. An agent acts for itself alone, not through another one. */
export function waysOf(somebody: Somebody, { agents }: Registry): readonly Party[] {
  const alone = { ...somebody, through: null, alone: true }
  const { sub, iss } = somebody
  if (sub !== null && Object.hasOwn(agents, sub) && agents[sub]?.iss === iss) return [alone]
  const through = agentsOf(iss, agents).map(([id]) => ({ ...somebody, through: id, alone: false }))
  return [alone, ...through, { ...somebody, through: null, alone: false }]
}

/** Anyone whose token carries what the capability asks for, and the agent where there is one: no group too many. */
export function anyoneFor(capability: Capability, registry: Registry): readonly Party[] {
  return issuersOf(registry).flatMap((iss) => {
    const anyone = { iss, sub: null }
    return [
      ...eachOf(capability.groups, ['']).flatMap((groups) => [
        { ...anyone, groups, through: null, alone: true },
        { ...anyone, groups, through: null, alone: false },
      ]),
      ...agentsOf(iss, registry.agents).flatMap(([through, agent]) =>
        eachOf(capability.groups, agent.groups).map((groups) => ({
          ...{ ...anyone, groups, through, alone: false },
        })),
      ),
    ]
  })
}

export function issuersOf({ agents, groups }: Registry): readonly string[] {
  const members = Object.values(groups).flat()
  return [...new Set([...Object.values(agents), ...members].map(({ iss }) => iss))].sort()
}

function agentsOf(iss: string, agents: Registry['agents']): readonly (readonly [string, Agent])[] {
  return Object.entries(agents).filter(([, agent]) => agent.iss === iss)
}

/** The smallest sets with one of the first and one of the second; where a list is empty, nothing is asked of it. */
function eachOf(first: readonly string[], second: readonly string[]): readonly string[][] {
  const orNothing = (groups: readonly string[]) => (groups.length === 0 ? [''] : groups)
  const sets = orNothing(first).flatMap((one) =>
    orNothing(second).map((other) => new Set([one, other].filter((group) => group !== ''))),
  )
  const smallest = sets.filter(
    (set) => !sets.some((less) => less.size < set.size && isIn(less, set)),
  )
  const lists = smallest.map((set) => [...set].sort())
  return [...new Map(lists.map((list) => [JSON.stringify(list), list])).values()]
}

function isIn(less: ReadonlySet<string>, set: ReadonlySet<string>): boolean {
  return [...less].every((group) => set.has(group))
}
