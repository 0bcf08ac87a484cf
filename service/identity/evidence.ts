/** What the evidence of one slot gives: facts, what was relied on, and what its proofs used up. */
import type { Digest } from '../contract/digest.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import type { ReplayKey } from '../contract/replay-key.ts'

export type Evidence<T> =
  | {
      readonly ok: true
      readonly facts: T
      /** SHA-256 of each token that was relied on. */
      readonly digests: readonly Digest[]
      readonly replayKeys: readonly ReplayKey[]
    }
  | { readonly ok: false; readonly failure: EvidenceFailure }
