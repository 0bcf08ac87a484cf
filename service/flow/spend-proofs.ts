/**
 * Uses up the proof that a gateway made for one request, where no decision does: the leaf that says so is durable
 * before the request is answered, so that a restart forgets none.
 */
import type { Pep } from '../decision/facts.ts'
import { recordEvent, type EventPorts } from './record-event.ts'

/** @throws PdpError `unauthenticated` when it was used before, `overloaded`, `audit_unavailable`. */
export async function spendProofs(
  { id, proofs, tenant }: Pick<Pep, 'id' | 'proofs' | 'tenant'>,
  { audit, clock }: Pick<EventPorts, 'audit' | 'clock'>,
): Promise<void> {
  if (proofs.length > 0)
    await recordEvent({ tenant, audit, clock }, 'proof_spent', { pep: id }, proofs)
}
