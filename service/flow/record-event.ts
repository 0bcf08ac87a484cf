/** Records an event of the service itself as a leaf, so that the log alone tells when it could answer, and by what. */
import type { EventKind } from '../contract/leaf.ts'
import type { SpentProof } from '../contract/leaf.ts'
import type { AuditLog, Preconditions, Recorded } from '../port/audit-log.ts'
import type { Clock } from '../port/clock.ts'

export type EventPorts = {
  readonly tenant: string
  readonly audit: AuditLog
  readonly clock: Clock
}

/** What was recorded, durably. @throws PdpError `audit_unavailable`. */
export function appendEvent(
  { tenant, audit, clock }: EventPorts,
  kind: EventKind,
  event: Record<string, unknown>,
  preconditions: Preconditions | null = null,
): Promise<Recorded> {
  return audit.append(
    {
      typ: 'event+jwt',
      now: Math.floor(clock.now() / 1000),
      workflowId: null,
      claims: { kind, jti: `evt_${clock.uuid()}`, tenant, event },
      disclosure: null,
    },
    preconditions,
  )
}

/**
 * Gives the id of the leaf.
 *
 * @param caller proofs of whoever asks for it, which the leaf uses up
 * @param opens the proof session that it opens
 * @throws PdpError `audit_unavailable`; with `caller` also `unauthenticated`, `overloaded`; with `opens` also `stopped`,
 *   `too_many_sessions`.
 */
export async function recordEvent(
  ports: EventPorts,
  kind: EventKind,
  event: Record<string, unknown>,
  caller: readonly SpentProof[] = [],
  opens?: Preconditions['opens'],
): Promise<string> {
  const { leaf } = await appendEvent(
    ports,
    kind,
    { ...event, ...usedUp(caller) },
    caller.length === 0 && opens === undefined
      ? null
      : { requestKey: null, queryDigest: '', caller, ...(opens === undefined ? {} : { opens }) },
  )
  return leaf.jti
}

function usedUp(proofs: readonly SpentProof[]): { readonly replay_keys?: readonly SpentProof[] } {
  return proofs.length === 0 ? {} : { replay_keys: proofs }
}
