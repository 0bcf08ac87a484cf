// What a permit or a hold rests on: the same question is asked of the same policy with less, and what gets the same
// answer was not needed. What is left is enough, all of it together.

import type { Decision } from '../../service/contract/decision.ts'
import { answeredEffect } from '../../service/contract/observation.ts'
import type { Grade } from '../../service/contract/policy-input.ts'
import type { Capability } from '../../service/contract/registry.ts'
import { type Facts, noInitiator, noServer } from '../../service/decision/facts.ts'
import { groupsOf, withGroups } from './groups-of-facts.ts'

export interface RestsOn {
  /** The least proof of the initiator that is enough, and of the server. */
  readonly initiator: Grade
  readonly server: Grade
  /** Whether there must be a grant of the purpose. */
  readonly grant: boolean
  /** Sets of groups, each of which is enough; one that is empty: none is asked for. */
  readonly groups: readonly (readonly string[])[]
  /** Rules that speak for a permit; for what is held, none does yet. */
  readonly grounds: readonly string[]
}

type Decide = (facts: Facts) => Promise<Decision>
type IsEnough = (facts: Facts) => Promise<boolean>

/** @param decision what `decide` gave for the facts at best */
export async function restsOn(
  decision: Decision,
  best: Facts,
  capability: Capability,
  decide: Decide,
): Promise<RestsOn> {
  const isEnough: IsEnough = async (facts) => isSame(await decide(facts), decision)
  const byInitiator = await least(best, withInitiator, ['none', 'bearer'], isEnough)
  const byServer = await least(byInitiator, withServer, serverGrades(best), isEnough)
  const without = { ...byServer, purpose: null }
  const needsGrant = best.purpose !== null && !(await isEnough(without))
  const facts = needsGrant ? byServer : without
  return {
    initiator: facts.initiator.grade,
    server: facts.server.grade,
    grant: needsGrant,
    groups: await leastGroups(facts, capability, isEnough),
    grounds: decision.grounds,
  }
}

/** With the first grade that is enough; unchanged when only the best is. */
async function least(
  facts: Facts,
  weakened: (facts: Facts, grade: Grade) => Facts,
  weaker: readonly Grade[],
  isEnough: IsEnough,
): Promise<Facts> {
  for (const grade of weaker) {
    const less = weakened(facts, grade)
    if (await isEnough(less)) return less
  }
  return facts
}

/** Weaker grades that there are of such a server. */
function serverGrades({ server }: Facts): readonly Grade[] {
  return server.grade === 'pop' ? ['none', 'bearer'] : ['none']
}

function withInitiator(facts: Facts, grade: Grade): Facts {
  return { ...facts, initiator: grade === 'none' ? noInitiator : { ...facts.initiator, grade } }
}

function withServer(facts: Facts, grade: Grade): Facts {
  return { ...facts, server: grade === 'none' ? noServer : { ...facts.server, grade } }
}

function isSame(decision: Decision, wanted: Decision): boolean {
  const { hold } = decision
  return (
    decision.effect === wanted.effect &&
    answeredEffect(decision) === answeredEffect(wanted) &&
    hold?.kind === wanted.hold?.kind &&
    hold?.group === wanted.hold?.group &&
    hold?.quorum === wanted.hold?.quorum
  )
}

/** By the groups that the registry asks for, one or two; else by what is left when all others are taken away. */
async function leastGroups(
  facts: Facts,
  capability: Capability,
  isEnough: IsEnough,
): Promise<readonly (readonly string[])[]> {
  const all = groupsOf(facts)
  const agent = facts.index.registry.agents[facts.initiator.client_id ?? '']
  const asked = new Set([...capability.groups, ...(agent?.groups ?? [])])
  const named = all.filter((group) => asked.has(group))
  const pairs = named.flatMap((one, i) => named.slice(i + 1).map((other) => [one, other]))
  const ways: (readonly string[])[] = []
  for (const set of [[], ...named.map((group) => [group]), ...pairs]) {
    const isMore = ways.some((way) => way.every((group) => set.includes(group)))
    if (!isMore && (await isEnough(withGroups(facts, set)))) ways.push(set)
  }
  return ways.length > 0 ? ways : [await thinned(facts, all, isEnough)]
}

async function thinned(
  facts: Facts,
  all: readonly string[],
  isEnough: IsEnough,
): Promise<readonly string[]> {
  let left = all
  for (const group of all) {
    const fewer = left.filter((one) => one !== group)
    if (await isEnough(withGroups(facts, fewer))) left = fewer
  }
  return left
}
