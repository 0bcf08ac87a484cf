/** Who may not answer for an approval: asked when the vote is cast, and again when it is used. */
import type { Membership, VoteRefusal } from '../contract/approval.ts'
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
}

/**
 * Null: he may. Whoever asked, acted or answers for the agent is part of what is to be approved.
 *
 * @param agent the client that acted, as the registry names it
 */
export function refusalOf(
  voter: Voter,
  approval: Approval,
  agent: string | null,
  people: People,
): VoteRefusal | null {
  if (voter.kind !== 'person') return 'not_a_person'
  // What acts may hold tokens of people: with those it does not answer for itself.
  const isOfActor = approval.actors.includes(voter.clientAccount)
  if (isOfActor || (agent !== null && voter.client === agent)) return 'is_actor'
  const involved = involvedIn(people.personOf(voter.subject), approval, agent, people)
  if (involved !== null) return involved
  return membershipOf(voter, approval.group, people) === null ? 'not_in_group' : null
}

/** Whence it is known that he is in the group; null: he is not. */
export function membershipOf(
  { subject, groups }: Voter,
  group: string,
  people: People,
): Membership | null {
  if (people.isMember(group, subject)) return 'registry'
  return groups.includes(group) ? 'claim' : null
}

/**
 * A vote still counts: its voter is not found among those who are involved, and the registry has not taken the group
 * from him. What a token said of a group was said then; a revocation of the voter takes it back.
 */
export function stillStands(
  vote: Vote,
  approval: Approval,
  agent: string | null,
  people: People,
): boolean {
  return (
    involvedIn(people.personOf(vote.voter), approval, agent, people) === null &&
    (vote.member_by === 'claim' || people.isMember(approval.group, vote.voter))
  )
}

function involvedIn(
  person: string,
  { subject, actors }: Approval,
  agent: string | null,
  people: People,
): VoteRefusal | null {
  if (subject !== null && people.personOf(subject) === person) return 'is_initiator'
  if (actors.some((actor) => people.personOf(actor) === person)) return 'is_actor'
  const sponsors = [
    agent === null ? null : people.sponsorOf(agent),
    ...actors.map(people.sponsorOfAccount),
  ]
  const isSponsor = sponsors.some(
    (sponsor) => sponsor !== null && people.personOf(sponsor) === person,
  )
  return isSponsor ? 'is_sponsor' : null
}
