// The groups of an initiator, wherever they come from, and the same facts with some of them only.

import type { Facts } from '../../service/decision/facts.ts'

/** By its token and by the registry; sorted. */
export function groupsOf({ initiator, index }: Facts): readonly string[] {
  return [
    ...new Set([...initiator.groups, ...(index.memberships.get(keyOf(initiator)) ?? [])]),
  ].sort()
}

export function withGroups(facts: Facts, groups: readonly string[]): Facts {
  const { initiator, index } = facts
  const key = keyOf(initiator)
  const kept = (all: readonly string[]) => all.filter((group) => groups.includes(group))
  const memberships = new Map([[key, kept(index.memberships.get(key) ?? [])]])
  return {
    ...facts,
    initiator: { ...initiator, groups: kept(initiator.groups) },
    index: { ...index, memberships },
  }
}

/** As the index of the registry names its members. */
function keyOf({ iss, sub }: Facts['initiator']): string {
  return JSON.stringify([iss, sub])
}
