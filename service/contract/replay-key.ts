/** A proof of possession that may be shown once. */
import type { SpentProof } from './leaf.ts'
import type { EvidenceSlot } from './reason-code.ts'

/**
 * `digest`: of the kind, the thumbprint of the key and the proof's `jti`, so that a stranger's `jti` uses up
 * nobody's. `until`: past it the proof is refused for its age.
 */
export type ReplayKey = SpentProof & { readonly slot: EvidenceSlot }
