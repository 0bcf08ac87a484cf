/** Writes entries into the index, in order, each once; and holds the index against the log where it had come to. */
import type { GrowingTree } from '../../../audit/merkle.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { printedHash } from '../entry-reader.ts'
import type { ReadEntry } from '../read-entry.ts'
import { addRows, noRows, type IndexRows } from './index-rows.ts'
import type { IndexStore } from './index-store.ts'
import { IndexedWorkflows } from './indexed-workflows.ts'

/** Entries of one transaction, at most, where a reader waits for them. */
const most = 1024

export class Indexer {
  readonly #store: IndexStore
  readonly #origin: string
  readonly #most: number
  #rows: IndexRows = noRows()
  #size: number
  #waiting = 0
  readonly #workflows: IndexedWorkflows

  constructor(store: IndexStore, origin: string, atOnce = most) {
    this.#store = store
    this.#workflows = new IndexedWorkflows(store)
    this.#origin = origin
    this.#most = atOnce
    this.#size = store.state()?.size ?? 0
  }

  /** Entries that the index has. */
  get size(): number {
    return this.#size
  }

  /** False when the tree has come to where the index is, and has another root. */
  agrees(tree: GrowingTree): boolean {
    return tree.size !== this.#size || tree.size === 0 || this.#store.state()?.root === rootOf(tree)
  }

  /**
   * Takes the last entry of a tree, unless the index has it. True when a transaction was written.
   *
   * @throws PdpError `internal` for one that lies further on.
   */
  take(entry: ReadEntry, tree: GrowingTree): boolean {
    if (tree.size <= this.#size) return false
    if (tree.size !== this.#size + this.#waiting + 1)
      throw new PdpError('internal', 'The index was given an entry out of order.')
    addRows(this.#rows, entry)
    this.#workflows.follow(entry.leaf)
    this.#waiting += 1
    return this.#waiting >= this.#most && this.commit(tree)
  }

  /** True when there was something to write. */
  commit(tree: GrowingTree): boolean {
    if (this.#waiting === 0) return false
    const state = { origin: this.#origin, size: tree.size, root: rootOf(tree) }
    this.#store.write(state, this.#rows, this.#workflows.taken())
    this.#size = tree.size
    this.#waiting = 0
    this.#rows = noRows()
    return true
  }
}

function rootOf(tree: GrowingTree): string {
  return printedHash(tree.root())
}
