/** How an approval stands at a moment, by the votes that stand. */
import type { ApprovalStatus, Assurance } from '../contract/approval.ts'
import type { Approval, Vote } from './approval.ts'

/** A vote counts while its voter may still vote. */
export type Stands = (approval: Approval, vote: Vote) => boolean

/**
 * One refusal ends it, whoever consented. A denial stands however its voter fares since: what was refused is not
 * permitted by a change of groups.
 *
 * @param now seconds since the epoch
 */
export function statusOf(approval: Approval, now: number, stands: Stands): ApprovalStatus {
  if (approval.usedBy !== null) return 'used'
  if (approval.isCancelled) return 'cancelled'
  if (approval.votes.some(({ verdict }) => verdict === 'deny')) return 'denied'
  if (approval.expiresAt <= now) return 'expired'
  const persons = new Set(consents(approval, stands).map(({ person }) => person))
  return persons.size >= approval.quorum ? 'approved' : 'pending'
}

/** The votes for it that count. */
export function consents(approval: Approval, stands: Stands): readonly Vote[] {
  return approval.votes.filter((vote) => vote.verdict === 'approve' && stands(approval, vote))
}

/** The least that any of them gave; null without one. */
export function leastAssurance(votes: readonly Vote[]): Assurance | null {
  if (votes.length === 0) return null
  return votes.some(({ assurance }) => assurance === 'signed_in') ? 'signed_in' : 'key_bound'
}
