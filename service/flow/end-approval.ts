/** Approvals that end without a decision: taken back by the gateway that asked, or out of time. Each end is a leaf. */
import { isRefused } from '../approval/approval-status.ts'
import { isClient, type Asker } from '../audit/asked-by.ts'
import { PdpError } from '../contract/error-code.ts'
import { appendApprovalEvent } from './approval-event.ts'
import { viewOf, type ApprovalPorts } from './approval-view.ts'
import type { Tenant } from './tenant.ts'

export type EndPorts = ApprovalPorts & Pick<Tenant, 'tenant'>

/** @throws PdpError `not_found` for one that another gateway asked for; `approval_over`, `audit_unavailable`. */
export async function cancelApproval(
  { id, by, reason }: { readonly id: string; readonly by: Asker; readonly reason: string },
  ports: EndPorts,
): Promise<void> {
  const approval = ports.audit.approvals.find(id)
  if (approval === null || !isClient(approval.pep, approval.pepIssuer, by))
    throw new PdpError('not_found', 'There is no approval of this id that this credential may end.')
  const { status } = viewOf(approval, null, ports)
  if (status !== 'pending' && status !== 'approved')
    throw new PdpError('approval_over', `It is over already: it is ${status}.`)
  await appendApprovalEvent('approval_cancelled', approval, { by: by.id, reason }, ports)
}

/**
 * Logs the end of those whose time is over and that nobody used: an answer that never came is an outcome too.
 *
 * @throws PdpError `audit_unavailable`; those that are left are logged the next time.
 */
export async function expireApprovals(ports: EndPorts): Promise<void> {
  const now = Math.floor(ports.clock.now() / 1000)
  const over = ports.audit.approvals
    .list()
    .filter(({ expiresAt, isExpiryLogged }) => expiresAt <= now && !isExpiryLogged)
    .filter(({ uses, isCancelled }) => uses.length === 0 && !isCancelled)
    .filter((approval) => !isRefused(approval))
  for (const approval of over) {
    const consents = approval.votes.filter(({ verdict }) => verdict === 'approve').length
    await appendApprovalEvent(
      'approval_expired',
      approval,
      { consents, quorum: approval.demand.quorum },
      ports,
    )
  }
}
