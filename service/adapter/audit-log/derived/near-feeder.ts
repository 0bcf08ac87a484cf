/** Indexes a short log in the thread of its writer: a few entries in each turn of the loop. */
import { GrowingTree, leafHash } from '../../../audit/merkle.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { FrameReader } from '../frame-reader.ts'
import { nodeFileSystem } from '../file-system.ts'
import { readEntry } from '../read-entry.ts'
import type { FeederEvents, IndexFeeder } from './index-feeder.ts'
import type { TreeState } from './index-thread.ts'
import type { Indexer } from './indexer.ts'
import type { LogWalk } from './log-walk.ts'

/** Entries in a turn. */
const atOnce = 64

export class NearFeeder implements IndexFeeder {
  readonly #indexer: Indexer
  readonly #events: FeederEvents
  readonly #reader: FrameReader
  /** The log as far as it is indexed. */
  readonly #tree: GrowingTree
  #to = 0
  #running: Promise<void> | null = null
  #isDropped = false

  /** @param walk the log as it was read: all of that is indexed */
  constructor(indexer: Indexer, directory: string, walk: LogWalk, events: FeederEvents) {
    this.#indexer = indexer
    this.#events = events
    this.#reader = new FrameReader(nodeFileSystem, directory, walk.place)
    this.#tree = new GrowingTree(walk.tree.size, walk.tree.peaks)
  }

  follow(to: number): void {
    this.#to = to
    if (this.#tree.size < to && !this.#isDropped) this.#running ??= this.#run()
  }

  /** It reads only what is not indexed yet: entries of this moment. */
  async leave({ size }: TreeState): Promise<void> {
    if (this.#tree.size >= size) return
    this.follow(size)
    await this.finish()
  }

  async finish(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  async drop(): Promise<void> {
    this.#isDropped = true
    await this.finish()
  }

  async #run(): Promise<void> {
    try {
      while (this.#tree.size < this.#to && !this.#isDropped) await this.#step()
    } catch (error) {
      this.#isDropped = true
      this.#events.failed(error)
    } finally {
      this.#running = null
    }
  }

  async #step(): Promise<void> {
    const from = this.#tree.size
    const frames = await this.#reader.read(from, Math.min(from + atOnce, this.#to))
    for (const { index, position, frame } of frames) {
      const entry = readEntry(frame, position, index)
      if (entry === null)
        throw new PdpError('log_corrupt', `Entry ${String(index)} is not where it should be.`)
      this.#tree.append(leafHash(entry.token))
      this.#indexer.take(entry, this.#tree)
    }
    this.#indexer.commit(this.#tree)
    this.#events.indexed(this.#tree.size)
  }
}
