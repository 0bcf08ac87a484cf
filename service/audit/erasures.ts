/**
 * Whose disclosures were erased, and up to which leaf: a fold over the leaves that say so. A data key that could have been used
 * at or before that leaf is void, whatever copy of it may come back.
 */
import type { Leaf } from '../contract/leaf.ts'
import type { Erasure } from '../contract/erasure.ts'
import type { FoldKind } from './fold.ts'

type Erased = readonly (readonly [subject: string, upTo: number])[]

export class Erasures {
  readonly #upTo: Map<string, number>

  constructor(saved: Erased | null = null) {
    this.#upTo = new Map(saved)
  }

  /** The index of the last leaf that erased this subject; -1 when none did. */
  upTo(subject: string): number {
    return this.#upTo.get(subject) ?? -1
  }

  /** Every subject that was erased, with the index of the last leaf that says so. */
  save(): Erased {
    return [...this.#upTo]
  }

  follow(leaf: Leaf): void {
    if (leaf.kind !== 'erasure') return
    this.#upTo.set((leaf.event as Erasure).subject, leaf.index)
  }
}

export const erasuresFold: FoldKind<Erasures> = {
  name: 'erasures',
  version: 1,
  start: (saved) => new Erasures(saved as Erased | null),
}
