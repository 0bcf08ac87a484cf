/** Who may not answer for an approval: asked when the vote is cast, and again when it is used. */
import type { Membership, VoteRefusal } from '../contract/approval.ts'
import type { Assurance } from '../contract/approval-demand.ts'
import { isAtLeast } from './approval-status.ts'
import type { Approval, Vote } from './approval.ts'
import type { People } from './people.ts'

/** Somebody who has proved who he is. */
export type Voter = {
  /** Pseudonym. */
  readonly subject: string
  /** The client that the token was issued to, and its pseudonym. */
  readonly client: string | null
  readonly clientAccount: string
  readonly kind: 'person' | 'workload' | null
  /** Groups that the tenant's issuer says he is in. */
  readonly groups: readonly string[]
  /** How he proved it. */
  readonly assurance: Assurance
}

/**
 * Null: he may. Whoever asked, acted, answers for the agent or wrote the policy that asks is part of what is to be
 * approved.
 *
 * @param agent the client that acted, as the registry names it
 */
export function refusalOf(
  voter: Voter,
  approval: Approval,
  agent: string | null,
  people: People,
): VoteRefusal | null {
  if (voter.kind !== 'person') return refusalOfWorkload(voter, approval, agent, people)
  // What acts may hold tokens of people: with those it does not answer for itself.
  const isOfActor = approval.actors.includes(voter.clientAccount)
  if (isOfActor || (agent !== null && voter.client === agent)) return 'is_actor'
  const involved = involvedIn(people.personOf(voter.subject), approval, agent, people)
  if (involved !== null) return involved
  if (membershipOf(voter, approval.demand.group, people) === null) return 'not_in_group'
  return isAtLeast(voter.assurance, approval.demand.assurance) ? null : 'assurance_low'
}

/** A workload answers where it is asked for by its name in the registry, and not for what it does or serves itself. */
function refusalOfWorkload(
  { subject, kind }: Voter,
  approval: Approval,
  agent: string | null,
  people: People,
): VoteRefusal | null {
  const name = kind === 'workload' ? people.workloadOf(subject) : null
  if (name === null) return 'not_a_person'
  if (!isAskedFor(name, approval)) return 'workload_not_asked'
  return involvedIn(subject, approval, agent, people)
}

function isAskedFor(name: string, { demand }: Approval): boolean {
  return demand.workloads?.includes(name) ?? false
}

/** Whence it is known that he is in the group; null: he is not. */
export function membershipOf(
  { subject, groups }: Pick<Voter, 'subject' | 'groups'>,
  group: string,
  people: People,
): Membership | null {
  if (people.isMember(group, subject)) return 'registry'
  return groups.includes(group) ? 'claim' : null
}

/**
 * A vote still counts: its voter is not found among those who are involved, and the registry has not taken the group
 * from him, or the name from the workload. What a token said of a group was said then; a revocation of the voter takes
 * it back.
 */
export function stillStands(
  vote: Vote,
  approval: Approval,
  agent: string | null,
  people: People,
): boolean {
  const { voter, workload, assurance, member_by: memberBy } = vote
  if (workload !== undefined)
    return (
      people.workloadOf(voter) === workload &&
      isAskedFor(workload, approval) &&
      involvedIn(voter, approval, agent, people) === null
    )
  const { demand } = approval
  return (
    involvedIn(people.personOf(voter), approval, agent, people) === null &&
    isAtLeast(assurance, demand.assurance) &&
    (memberBy === 'claim' || people.isMember(demand.group, voter))
  )
}

function involvedIn(
  person: string,
  { subject, actors, authors, server }: Approval,
  agent: string | null,
  people: People,
): VoteRefusal | null {
  const isHers = (account: string | null): boolean =>
    account !== null && people.personOf(account) === person
  if (isHers(subject)) return 'is_initiator'
  if (actors.some(isHers) || isHers(people.serverWorkload(server))) return 'is_actor'
  const sponsors = [
    agent === null ? null : people.sponsorOf(agent),
    ...actors.map(people.sponsorOfAccount),
  ]
  if (sponsors.some(isHers)) return 'is_sponsor'
  return authors.some(isHers) ? 'is_author' : null
}
