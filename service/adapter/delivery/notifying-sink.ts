/**
 * Tells people of approvals, and has it logged that they were told: a request whose log names no receipt is one that nobody
 * was told of.
 *
 * If we crash between the receiver's answer and the receipt, the notice goes out again, with the same id.
 */
import { noticeOf, type ApprovalNotice } from '../../approval/notice.ts'
import type { DeliveryState, Notification, NoticeEvent } from '../../contract/delivery.ts'
import type { AuditLog } from '../../port/audit-log.ts'
import type { Sink } from './delivery.ts'

/** Gives what the receiver said to it, as a status or the id of the message; null when it is not to be told of this. */
export type Notify = (notice: ApprovalNotice, signal: AbortSignal) => Promise<string | null>

export type NotifyingPorts = {
  readonly audit: Pick<AuditLog, 'approvals'>
  /** Milliseconds since the epoch. */
  readonly clock: { readonly now: () => number }
  /** Logs that a notice was taken. */
  readonly told: (notice: ApprovalNotice, receipt: Notification) => Promise<void>
}

/** What people wait for: only of these the log says who was told. */
const receipted: ReadonlySet<NoticeEvent> = new Set(['approval.requested', 'approval.expired'])

export function notifyingSink(
  delivery: string,
  kind: DeliveryState['kind'],
  notify: Notify,
  { audit, clock, told }: NotifyingPorts,
): Sink {
  return {
    kind,
    deliver: async (entries, signal) => {
      for (const { leaf } of entries) {
        const notice = noticeOf(leaf, audit.approvals, Math.floor(clock.now() / 1000))
        if (notice === null || isTold(notice, delivery)) continue
        const receipt = await notify(notice, signal)
        if (receipt === null || !receipted.has(notice.event)) continue
        const { event, approval } = notice
        await told(notice, { approval_id: approval.id, delivery, event, receipt })
      }
    },
  }
}

function isTold({ approval, event }: ApprovalNotice, delivery: string): boolean {
  return approval.told.some((one) => one.delivery === delivery && one.event === event)
}
