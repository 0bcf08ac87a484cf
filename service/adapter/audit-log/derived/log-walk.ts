/** A way through the log, entry by entry: what the folds hold, the tree, and the last entry. */
import { startFolds } from '../../../audit/fold.ts'
import { GrowingTree, leafHash } from '../../../audit/merkle.ts'
import { printedHash } from '../entry-reader.ts'
import type { ReadEntry } from '../read-entry.ts'
import type { Place } from '../segments.ts'
import { foldKinds, type LastEntry, type RecordFolds, type Snapshot } from './snapshot.ts'

export class LogWalk {
  readonly tree: GrowingTree
  readonly folds: RecordFolds
  #last: LastEntry | null

  /** @param snapshot where it begins; null for the beginning of the log */
  constructor(snapshot: Snapshot | null) {
    this.tree = snapshot?.tree ?? new GrowingTree()
    this.folds = snapshot?.folds ?? startFolds(foldKinds)
    this.#last = snapshot?.last ?? null
  }

  /** Where the next entry begins, if it is in the same segment. */
  get place(): Place {
    if (this.#last === null) return { index: 0, segment: 0, offset: 0 }
    const { segment, offset, bytes } = this.#last.position
    return { index: this.tree.size, segment, offset: offset + bytes }
  }

  /** The tree and the last entry; the folds are followed by whoever owns them. */
  step({ token, position }: ReadEntry): void {
    const hash = leafHash(token)
    this.tree.append(hash)
    this.#last = { position, hash: printedHash(hash) }
  }

  /** Null before the first entry. */
  snapshot(): Snapshot | null {
    return this.#last === null ? null : { tree: this.tree, folds: this.folds, last: this.#last }
  }
}
