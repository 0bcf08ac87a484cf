/** Approvals of a tenant, the last asked for first, a page at a time: each page looks at a bounded number of them. */
import type { Approval } from '../approval/approval.ts'
import type { ApprovalStatus, ApprovalView } from '../contract/approval.ts'
import { limits } from '../contract/limits.ts'
import { viewOf, type ApprovalPorts } from './approval-view.ts'

export type AskedApprovals = {
  readonly status: ApprovalStatus | null
  readonly group: string | null
  /** `next` of the page before; null for the first. */
  readonly after: string | null
  readonly maySee: (approval: Approval) => boolean
}

export type ApprovalPage = {
  readonly approvals: readonly ApprovalView[]
  /** The last one that was looked at; null when there are no more. */
  readonly next: string | null
}

export function listApprovals(asked: AskedApprovals, ports: ApprovalPorts): ApprovalPage {
  const all = ports.audit.approvals.list()
  const first = asked.after === null ? 0 : placeAfter(all, asked.after)
  const approvals: ApprovalView[] = []
  const end = Math.min(all.length, first + limits.listedApprovalLooks)
  for (const [i, approval] of all.slice(first, end).entries()) {
    const view = matching(approval, asked, ports)
    if (view === null) continue
    approvals.push(view)
    if (approvals.length < limits.listedApprovals) continue
    return { approvals, next: first + i + 1 < all.length ? approval.id : null }
  }
  return { approvals, next: end < all.length ? (all[end - 1]?.id ?? null) : null }
}

/** The oldest are forgotten first: after one that is no longer there, none is. */
function placeAfter(all: readonly Approval[], id: string): number {
  const place = all.findIndex((approval) => approval.id === id)
  return place === -1 ? all.length : place + 1
}

function matching(
  approval: Approval,
  { status, group, maySee }: AskedApprovals,
  ports: ApprovalPorts,
): ApprovalView | null {
  if (!maySee(approval) || (group !== null && approval.demand.group !== group)) return null
  const view = viewOf(approval, null, ports)
  return status === null || view.status === status ? view : null
}
