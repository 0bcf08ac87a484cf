/** How an approval stands at a moment, by the votes that stand. */
import type { ApprovalStatus, Assurance } from '../contract/approval.ts'
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
  const counted = personsIn(consents(approval, standing), standing)
  return counted >= approval.quorum ? 'approved' : 'pending'
}

/** The votes for it that count. */
export function consents(approval: Approval, { stands }: Standing): readonly Vote[] {
  return approval.votes.filter((vote) => vote.verdict === 'approve' && stands(approval, vote))
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

/** The least that any of them gave; null without one. */
export function leastAssurance(votes: readonly Vote[]): Assurance | null {
  if (votes.length === 0) return null
  return votes.some(({ assurance }) => assurance === 'signed_in') ? 'signed_in' : 'key_bound'
}
