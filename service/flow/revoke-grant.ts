/** Revokes a purpose grant: a leaf before it is answered, which the very next question meets; what was narrowed from it ends too. */
import { PdpError } from '../contract/error-code.ts'
import type { GrantRevocation, GrantView } from '../contract/grant-request.ts'
import { grantViewOf, type GrantPorts } from './grant-view.ts'
import { recordEvent } from './record-event.ts'

export type RevokePorts = GrantPorts & { readonly tenant: { readonly id: string } }

/** @throws PdpError `not_found`, `grant_over` for one that is over already, `audit_unavailable`; then it stands. */
export async function revokeGrant(
  { id, by, reason }: { readonly id: string; readonly by: string; readonly reason: string },
  ports: RevokePorts,
): Promise<GrantView> {
  const { audit, clock, tenant } = ports
  const grant = audit.grants.find(id)
  if (grant === null) throw noGrant()
  if (grantViewOf(grant, ports).status !== 'active')
    throw new PdpError('grant_over', 'It is over already.')
  const event: GrantRevocation = { grant_id: id, by, reason }
  await recordEvent({ tenant: tenant.id, audit, clock }, 'grant_revoked', event)
  return grantViewOf(audit.grants.find(id) ?? grant, ports)
}

export function noGrant(): PdpError {
  return new PdpError(
    'not_found',
    'There is no purpose grant of this id that this credential may see.',
  )
}
