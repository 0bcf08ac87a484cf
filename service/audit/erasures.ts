/**
 * What was erased: whose disclosures, up to which leaf, and which classes of them, up to which time. A fold over the leaves that
 * say so. A data key that could have been used at or before that is void, whatever copy of it may come back.
 */
import type { Erasure, Retention } from '../contract/erasure.ts'
import type { Leaf } from '../contract/leaf.ts'
import type { FoldKind } from './fold.ts'

export type Erased = {
  readonly subjects: readonly (readonly [subject: string, upTo: number])[]
  /** Classes whose keys of before that moment have ended, in seconds since the epoch. */
  readonly classes: readonly (readonly [name: string, before: number])[]
}

export class Erasures {
  readonly #upTo: Map<string, number>
  readonly #before: Map<string, number>

  constructor(saved: Erased | null = null) {
    this.#upTo = new Map(saved?.subjects)
    this.#before = new Map(saved?.classes)
  }

  /** The index of the last leaf that erased this subject; -1 when none did. */
  upTo(subject: string): number {
    return this.#upTo.get(subject) ?? -1
  }

  /** All of it, with the last leaf or time that says so. */
  save(): Erased {
    return { subjects: [...this.#upTo], classes: [...this.#before] }
  }

  follow(leaf: Leaf): void {
    if (leaf.kind !== 'erasure') return
    if (leaf.event['kind'] !== 'retention') {
      this.#upTo.set((leaf.event as Erasure).subject, leaf.index)
      return
    }
    const { class: name, before } = leaf.event as Retention
    this.#before.set(name, Math.max(before, this.#before.get(name) ?? 0))
  }
}

/** What these leaves erase. */
export function erasuresIn(leaves: readonly Leaf[]): Erased {
  const erasures = new Erasures()
  for (const leaf of leaves) erasures.follow(leaf)
  return erasures.save()
}

export const erasuresFold: FoldKind<Erasures> = {
  name: 'erasures',
  version: 2,
  start: (saved) => new Erasures(saved as Erased | null),
}
