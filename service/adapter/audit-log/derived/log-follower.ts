/** Reads the log behind its writer: into the index, and through the folds into snapshots. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseCheckpoint } from '../../../audit/checkpoint.ts'
import { parseNote } from '../../../audit/signed-note.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { readBase } from '../base/base-file.ts'
import { nodeFileSystem } from '../file-system.ts'
import { FrameReader } from '../frame-reader.ts'
import { checkpointFile, readIfThere } from '../publication/file-publication.ts'
import { readEntry } from '../read-entry.ts'
import { indexFile, type IndexThreadStart } from './index-thread.ts'
import { IndexStore } from './index-store.ts'
import { Indexer } from './indexer.ts'
import { LogWalk } from './log-walk.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'

/** Entries that are read, and written to the index, at a time. */
const atOnce = 256
/** How often and how many times it looks for the checkpoint that a snapshot waits for; entries until the next attempt. */
const lookMilliseconds = 25
const looks = 80
const entriesBetween = 4096

export class LogFollower {
  readonly #start: IndexThreadStart
  readonly #store: IndexStore
  readonly #indexer: Indexer
  readonly #walk: LogWalk
  readonly #reader: FrameReader
  /** Entries at which the next snapshot is due. */
  #due: number

  private constructor(start: IndexThreadStart, store: IndexStore, walk: LogWalk) {
    this.#start = start
    this.#store = store
    this.#indexer = new Indexer(store, start.origin)
    this.#walk = walk
    this.#due = walk.tree.size + start.snapshotEntries
    this.#reader = new FrameReader(nodeFileSystem, start.log, walk.place)
  }

  /** The index and the snapshot are as the log was opened with. */
  static async open(start: IndexThreadStart): Promise<LogFollower> {
    const place = { directory: start.index, origin: start.origin, key: start.snapshotKey }
    const snapshot = await readSnapshot(place, () => undefined)
    const store = IndexStore.openSound(join(start.index, indexFile))
    const { size: indexed } = store.state() ?? { size: 0 }
    // One that the index has not come to was not used to open the log either.
    const usable = snapshot !== null && snapshot.tree.size <= indexed ? snapshot : null
    const base = usable === null ? await readBase({ ...start, key: start.snapshotKey }) : null
    return new LogFollower(start, store, new LogWalk(usable ?? base?.start() ?? null))
  }

  /** Entries that were read. */
  get size(): number {
    return this.#walk.tree.size
  }

  /** Entries that the index has. */
  get indexed(): number {
    return this.#indexer.size
  }

  /**
   * Reads on, a bounded number of entries.
   *
   * @param to entries that are durable
   * @throws PdpError `log_corrupt` when something else lies there, or not what the index was made of.
   */
  async follow(to: number): Promise<void> {
    const { tree, folds } = this.#walk
    for (const { index, position, frame } of await this.#reader.read(
      tree.size,
      Math.min(tree.size + atOnce, to),
    )) {
      const entry = readEntry(frame, position, index)
      if (entry === null)
        throw new PdpError('log_corrupt', `Entry ${String(index)} is not where it should be.`)
      this.#walk.step(entry)
      for (const fold of Object.values(folds)) fold.follow(entry.leaf, entry.token)
      this.#indexer.take(entry, tree)
      if (!this.#indexer.agrees(tree))
        throw new PdpError('log_corrupt', 'The index is not of the entries that are in log/.')
    }
    this.#indexer.commit(tree)
    if (tree.size >= this.#due && this.indexed === tree.size) await this.#keep()
  }

  /** The order is the safety: beside each step stands what is there if we die right after it. */
  async #keep(): Promise<void> {
    const snapshot = this.#walk.snapshot()
    this.#due = this.size + entriesBetween
    // Nothing new. A start holds the last checkpoint against entries that it reads, so none may be left behind the snapshot.
    if (snapshot === null || !(await this.#isSigned())) return
    // An index that is ahead of the old snapshot: a start passes over what it has.
    this.#store.sync()
    // The new snapshot, and an index that is not behind it; before its name is durable, the old one.
    const { index: directory, origin, snapshotKey: key } = this.#start
    await writeSnapshot({ directory, origin, key }, snapshot)
    this.#due = this.size + this.#start.snapshotEntries
  }

  /** The last checkpoint that was signed covers what was read: soon, since the log is published as it grows. */
  async #isSigned(): Promise<boolean> {
    for (let look = 0; look < looks; look += 1) {
      const signed = await this.#signed()
      if (signed === null || signed >= this.size) return true
      await setTimeout(lookMilliseconds)
    }
    return false
  }

  /** Entries that the last checkpoint covers; null when none was ever signed. */
  async #signed(): Promise<number | null> {
    const note = await readIfThere(join(this.#start.log, checkpointFile))
    if (note === null) return null
    return parseCheckpoint(parseNote(Buffer.from(note).toString())?.text ?? '')?.size ?? 0
  }

  close(): void {
    this.#store.close()
  }
}
