/** A way through the log, entry by entry: what the folds hold, the tree, and the last entry. */
import { startFolds } from '../../../audit/fold.ts'
import { GrowingTree, leafHash } from '../../../audit/merkle.ts'
import { printedHash } from '../entry-reader.ts'
import type { ReadEntry } from '../read-entry.ts'
import type { Place } from '../segments.ts'
import {
  foldKinds,
  type LastEntry,
  type RecordFolds,
  type Snapshot,
  type WalkStart,
} from './snapshot.ts'

export class LogWalk {
  readonly tree: GrowingTree
  readonly folds: RecordFolds
  #last: LastEntry | null

  /** @param start a snapshot, or the base of a pruned log; null for the beginning of one that was never pruned */
  constructor(start: WalkStart | null) {
    this.tree = start?.tree ?? new GrowingTree()
    this.folds = start?.folds ?? startFolds(foldKinds)
    this.#last = start?.last ?? null
  }

  /** Where the next entry begins, if it is in the same segment. */
  get place(): Place {
    const index = this.tree.size
    if (this.#last === null) return { index, segment: index, offset: 0 }
    const { segment, offset, bytes } = this.#last.position
    return { index, segment, offset: offset + bytes }
  }

  /** The tree and the last entry; the folds are followed by whoever owns them. */
  step({ token, position }: ReadEntry): void {
    const hash = leafHash(token)
    this.tree.append(hash)
    this.#last = { position, hash: printedHash(hash) }
  }

  /** Null before the first entry that is there. */
  snapshot(): Snapshot | null {
    return this.#last === null ? null : { tree: this.tree, folds: this.folds, last: this.#last }
  }
}
