/** Entries that a start from a snapshot trusted and did not read: read afterwards, every byte, and held against their root. */
import { GrowingTree, leafHash } from '../../../audit/merkle.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { printedHash } from '../entry-reader.ts'
import { nodeFileSystem } from '../file-system.ts'
import { FrameReader } from '../frame-reader.ts'
import type { TreeState, Unread } from './index-thread.ts'

/** Entries that are read at a time. */
const atOnce = 256

export class UnreadEntries {
  readonly #reader: FrameReader
  readonly #directory: string
  readonly #wanted: Unread
  #tree: GrowingTree

  constructor(directory: string, wanted: Unread) {
    this.#reader = new FrameReader(nodeFileSystem, directory)
    this.#directory = directory
    this.#wanted = wanted
    this.#tree = new GrowingTree(wanted.from.size, wanted.from.peaks)
  }

  /** What lies before a base is about to go; whoever made the base has read it. */
  leave({ size, peaks }: TreeState): void {
    if (this.#tree.size < size && size <= this.#wanted.size)
      this.#tree = new GrowingTree(size, peaks)
  }

  get isDone(): boolean {
    return this.#tree.size === this.#wanted.size
  }

  /** @throws PdpError `log_corrupt` when they are not those that were acknowledged. */
  async step(): Promise<void> {
    const { size, root } = this.#wanted
    const from = this.#tree.size
    for (const { frame } of await this.#reader.read(from, Math.min(from + atOnce, size)))
      this.#tree.append(leafHash(frame.leaf))
    if (!this.isDone || printedHash(this.#tree.root()) === root) return
    throw new PdpError(
      'log_corrupt',
      `The first ${String(size)} entries of ${this.#directory} are not those that were acknowledged: they have another root. ` +
        'Stop, keep a copy, and find with `countersign log verify` which entry differs from what is published.',
    )
  }
}
