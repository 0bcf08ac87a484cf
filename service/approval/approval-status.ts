/** How an approval stands at a moment, by the votes that stand. */
import type { ApprovalStatus } from '../contract/approval.ts'
import { assurances, type Assurance } from '../contract/approval-demand.ts'
import type { Approval, Vote } from './approval.ts'

/** Whose votes count now. */
export type Standing = {
  /** A vote counts while its voter may still vote. */
  readonly stands: (approval: Approval, vote: Vote) => boolean
  /** The person that an account belongs to now. */
  readonly personOf: (subject: string) => string
}

/** Somebody said no. */
export function isRefused({ votes }: Pick<Approval, 'votes'>): boolean {
  return votes.some(({ verdict }) => verdict === 'deny')
}

/**
 * One refusal ends it, whoever consented. A denial stands however its voter fares since, and whoever takes it back at
 * the same moment: what was refused is not permitted by a change of groups.
 *
 * @param now seconds since the epoch
 */
export function statusOf(approval: Approval, now: number, standing: Standing): ApprovalStatus {
  if (approval.usedBy !== null) return 'used'
  if (isRefused(approval)) return 'denied'
  if (approval.isCancelled) return 'cancelled'
  if (approval.expiresAt <= now) return 'expired'
  return isEnough(consents(approval, standing), approval, standing) ? 'approved' : 'pending'
}

/** The votes for it that count. */
export function consents(approval: Approval, { stands }: Standing): readonly Vote[] {
  return approval.votes.filter((vote) => vote.verdict === 'approve' && stands(approval, vote))
}

function isEnough(votes: readonly Vote[], { demand }: Approval, standing: Standing): boolean {
  const consenting = workloadsIn(votes)
  return (
    personsIn(votes.filter(isOfPerson), standing) >= demand.quorum &&
    (demand.workloads ?? []).every((workload) => consenting.includes(workload))
  )
}

/** Registered workloads among those who voted. */
export function workloadsIn(votes: readonly Vote[]): readonly string[] {
  return votes.flatMap(({ workload }) => workload ?? [])
}

function isOfPerson({ workload }: Vote): boolean {
  return workload === undefined
}

/** Accounts that were one human when they voted, or are one now, count once. */
function personsIn(votes: readonly Vote[], { personOf }: Standing): number {
  const seen = new Set<string>()
  let persons = 0
  for (const { person, voter } of votes) {
    const names = [person, personOf(voter)]
    if (!names.some((name) => seen.has(name))) persons += 1
    for (const name of names) seen.add(name)
  }
  return persons
}

/** The least that any of the persons gave; null without one. */
export function leastAssurance(votes: readonly Vote[]): Assurance | null {
  const given = votes.filter(isOfPerson).map(({ assurance }) => assurance)
  return assurances.find((least) => given.includes(least)) ?? null
}

/** One is at least as sure as the other. */
export function isAtLeast(given: Assurance, demanded: Assurance | undefined): boolean {
  return assurances.indexOf(given) >= assurances.indexOf(demanded ?? assurances[0])
}
