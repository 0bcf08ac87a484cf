/** Erases what was disclosed about a person. The leaf says it before it is done, so that no crash can leave it half done and unsaid. */
import type { Erasure, ErasureReceipt, ErasureRequest } from '../contract/erasure.ts'
import { pseudonymOf } from '../statement/digest.ts'
import { appendEvent, type EventPorts } from './record-event.ts'

/** @throws PdpError `audit_unavailable`; then it is done at the next start if the leaf became durable, and else not at all. */
export async function erase(
  { subject: { iss, sub }, reason, by }: ErasureRequest & { readonly by: string },
  ports: EventPorts & { readonly pseudonymKey: Uint8Array },
): Promise<ErasureReceipt> {
  const subject = pseudonymOf(ports.pseudonymKey, iss, sub)
  const held = ports.audit.holdsAbout(subject)
  // Resolves when the leaf is durable and the data keys are destroyed, in that order. If we crash between the two, opening
  // the log destroys them, from the leaf.
  const { leaf, leafHash } = await appendEvent(ports, 'erasure', {
    ...{ subject, by, reason },
  } satisfies Erasure)
  // The keys are deleted; what is left of them in pages that nothing refers to goes now.
  await ports.audit.scrub()
  const log = { origin: leaf.iss, index: leaf.index, leaf_hash: leafHash }
  return { erasure_id: leaf.jti, subject, held, log }
}
