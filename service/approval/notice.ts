/**
 * What people are told of an approval: that it is asked for, and what became of it.
 *
 * Of the canonical record only what names neither persons nor content: those stand on the page that the notice leads to.
 */
import type { ApprovalVote } from '../contract/approval.ts'
import type { NoticeEvent } from '../contract/delivery.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../contract/leaf.ts'
import type { Approval } from './approval.ts'
import type { Approvals } from './approvals.ts'

export type ApprovalNotice = {
  /** Of the leaf that it tells of: the same when the notice comes twice. */
  readonly id: string
  readonly event: NoticeEvent
  /** Seconds since the epoch. */
  readonly at: number
  readonly verdict: ApprovalVote['verdict'] | null
  readonly approval: Approval
}

/** Null for what nobody is told of: a request that was joined to another, or is over by now. @param now seconds */
export function noticeOf(leaf: Leaf, approvals: Approvals, now: number): ApprovalNotice | null {
  return leaf.kind === 'decision'
    ? ofDecision(leaf, approvals, now)
    : ofEvent(leaf, approvals.find(String(leaf.event['approval_id'])))
}

function ofDecision(leaf: DecisionLeaf, approvals: Approvals, now: number): ApprovalNotice | null {
  const told = { id: leaf.jti, at: leaf.iat, verdict: null }
  const used = leaf.approval === undefined ? null : approvals.find(leaf.approval.id)
  if (used !== null) return { ...told, event: 'approval.used', approval: used }
  const asked = leaf.hold === undefined ? null : approvals.find(leaf.hold.id)
  return asked?.decisionId === leaf.jti && approvals.isOpen(asked.id, now)
    ? { ...told, event: 'approval.requested', approval: asked }
    : null
}

function ofEvent(
  { jti: id, iat: at, kind, event }: EventLeaf,
  approval: Approval | null,
): ApprovalNotice | null {
  if (approval === null) return null
  const told = { id, at, verdict: null, approval }
  if (kind === 'approval_cancelled') return { ...told, event: 'approval.cancelled' }
  if (kind === 'approval_expired') return { ...told, event: 'approval.expired' }
  if (kind !== 'approval_vote') return null
  return { ...told, event: 'approval.voted', verdict: (event as ApprovalVote).verdict }
}
