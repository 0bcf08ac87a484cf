/** A proof of possession that may be shown once. */
import type { SpentProof } from './leaf.ts'
import type { EvidenceSlot } from './reason-code.ts'

/**
 * `digest`: of the kind, the thumbprint of the key and the proof's `jti`, so that a stranger's `jti` uses up
 * nobody's. `until`: past it the proof is refused for its age.
 */
export type ReplayKey = SpentProof & { readonly slot: EvidenceSlot }

/** Proofs that stand in that slot of the query. */
export function inSlot(slot: EvidenceSlot, proofs: readonly SpentProof[]): readonly ReplayKey[] {
  return proofs.map(({ digest, until }) => ({ slot, digest, until }))
}
