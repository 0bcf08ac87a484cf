/** Logs what happened to an approval that nobody proved himself for: a leaf of the workflow that asked. */
import type { Approval } from '../approval/approval.ts'
import type { EventKind } from '../contract/leaf.ts'
import type { DecidePorts } from './tenant.ts'

/** @throws PdpError `audit_unavailable`. */
export async function appendApprovalEvent(
  kind: Extract<EventKind, 'approval_cancelled' | 'approval_expired' | 'notification'>,
  { id, workflowId }: Pick<Approval, 'id' | 'workflowId'>,
  event: Record<string, unknown>,
  {
    audit,
    clock,
    tenant,
  }: Pick<DecidePorts, 'audit' | 'clock'> & {
    readonly tenant: { readonly id: string }
  },
): Promise<void> {
  await audit.append(
    {
      typ: 'event+jwt',
      now: Math.floor(clock.now() / 1000),
      workflowId,
      claims: {
        ...{ kind, jti: `evt_${clock.uuid()}`, tenant: tenant.id },
        event: { approval_id: id, ...event },
      },
      disclosure: null,
    },
    null,
  )
}
