/** A passkey is enrolled or removed: a leaf, before it counts. Whose it is lies beside it, to be erased with the person. */
import type { PasskeyEnrolment, PasskeyRemoval } from '../contract/passkey.ts'
import type { Tenant } from './tenant.ts'

type Change =
  | readonly [kind: 'passkey_enrolled', event: PasskeyEnrolment]
  | readonly [kind: 'passkey_removed', event: PasskeyRemoval]

/** @throws PdpError `audit_unavailable`; then nothing has changed. */
export async function recordPasskey(
  ...[kind, event, { iss, sub }, { audit, clock, tenant }]: [
    ...Change,
    person: { readonly iss: string; readonly sub: string },
    ports: Pick<Tenant, 'audit' | 'clock' | 'tenant'>,
  ]
): Promise<void> {
  await audit.append(
    {
      typ: 'event+jwt',
      now: Math.floor(clock.now() / 1000),
      workflowId: null,
      claims: { kind, jti: `evt_${clock.uuid()}`, tenant: tenant.id, event },
      disclosure: { subject: event.account, value: { person: { iss, sub } } },
    },
    null,
  )
}
