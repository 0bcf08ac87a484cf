/**
 * Proofs of possession that were shown, until they expire: a fold over leaves. Bounded: when it is full, a proof
 * that it cannot remember is not taken.
 */
import type { Leaf, SpentProof } from '../contract/leaf.ts'
import type { FoldKind } from './fold.ts'

type SavedProofs = readonly (readonly [digest: string, until: number])[]

export class SpentProofs {
  readonly #limit: number
  /** By digest, in the order they came; each says until when (seconds) it is to be remembered. */
  readonly #until: Map<string, number>

  /** @param limit proofs that are remembered at once */
  constructor(limit: number, saved: SavedProofs | null = null) {
    this.#limit = limit
    this.#until = new Map(saved)
  }

  get size(): number {
    return this.#until.size
  }

  /** @param now seconds since the epoch */
  isSpent({ digest }: SpentProof, now: number): boolean {
    return (this.#until.get(digest) ?? 0) > now
  }

  /** There is room for so many more. */
  hasRoom(proofs: number, now: number): boolean {
    if (this.#until.size + proofs <= this.#limit) return true
    for (const [digest, until] of this.#until) if (until <= now) this.#until.delete(digest)
    return this.#until.size + proofs <= this.#limit
  }

  follow(leaf: Leaf): void {
    this.spend(spentBy(leaf), leaf.iat)
  }

  save(): SavedProofs {
    return [...this.#until]
  }

  /** What has expired by then is forgotten; those that live longest are minutes old, so the oldest come first. */
  spend(proofs: readonly SpentProof[], now: number): void {
    for (const { digest, until } of proofs) if (until > now) this.#until.set(digest, until)
    for (const [digest, until] of this.#until) {
      if (until > now) break
      this.#until.delete(digest)
    }
  }
}

/** An event of kind `proof_spent` or `session_opened` names them among what happened. */
function spentBy(leaf: Leaf): readonly SpentProof[] {
  if (leaf.kind === 'decision') return leaf.replay_keys
  return (leaf.event['replay_keys'] ?? []) as readonly SpentProof[]
}

/** @param limit proofs that are remembered at once */
export function spentProofsFold(limit: number): FoldKind<SpentProofs> {
  return {
    name: 'spent-proofs',
    version: 1,
    start: (saved) => new SpentProofs(limit, saved as SavedProofs | null),
  }
}
