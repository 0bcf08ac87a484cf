/**
 * What a log of any size is asked by: entries by id and by place, workflows, request keys, decisions by their words.
 *
 * Derived: the log is the truth, and `index/` may be removed while nothing runs. Nobody waits for it: what it does not have yet
 * is answered from memory, and how much that may be is bounded. A short log is indexed here, now and then; one that grows, by a
 * thread that reads it.
 */
import { join } from 'node:path'
import { meetingPlaces, type Places } from '../../../audit/meeting-places.ts'
import type { GrowingTree } from '../../../audit/merkle.ts'
import type { SequenceMemory, StandingRequest, WorkflowHead } from '../../../audit/sequence.ts'
import { termNumber, termsAsked, type DecisionFilter } from '../../../audit/terms.ts'
import { limits } from '../../../contract/limits.ts'
import type { InitiatorWindow } from '../../../workflow/initiator-window.ts'
import type { WorkflowState } from '../../../workflow/workflow-state.ts'
import type { Base } from '../base/base-file.ts'
import { fillFromBase } from '../base/base-rows.ts'
import type { ReadEntry } from '../read-entry.ts'
import type { Position } from '../segments.ts'
import { bytesOfDigest } from './digest-bytes.ts'
import type { FeederEvents, IndexFeeder } from './index-feeder.ts'
import { Indexer } from './indexer.ts'
import { IndexStore } from './index-store.ts'
import { indexFile, type IndexThreadStart, type TreeState } from './index-thread.ts'
import { initiatorKey, workflowKey } from './indexed-workflows.ts'
import type { LogWalk } from './log-walk.ts'
import { NearFeeder } from './near-feeder.ts'
import { RecentPlaces } from './recent-places.ts'
import { RememberedIn } from './remembered.ts'
import { ThreadFeeder } from './thread-feeder.ts'
import { Waiters } from './waiters.ts'

/** Entries that wait, or that were added in all, before a thread is started for them. */
const threadWaiting = 1024
const threadAdded = 4096
/** Entries that may wait. */
const mostWaiting = 65_536
/** How long fewer wait. */
const restMilliseconds = 250

export type LogIndexOptions = {
  readonly thread: Omit<IndexThreadStart, 'unread'>
  /** Workflows and request keys that are remembered besides. */
  readonly remembered: number
  /** Told what keeps the index from following the log: then the log must stop, or memory would grow. */
  readonly failed: (error: unknown) => void
  /** Told why an index that lies there is not used. */
  readonly told: (fault: string) => void
}

type Memory = {
  readonly heads: RememberedIn<WorkflowHead>
  readonly requests: RememberedIn<StandingRequest>
  readonly workflows: RememberedIn<WorkflowState>
  readonly windows: RememberedIn<InitiatorWindow>
}

export class LogIndex {
  readonly #options: LogIndexOptions
  readonly #path: string
  readonly #recent = new RecentPlaces()
  readonly #waiters = new Waiters()
  #store: IndexStore
  #indexer: Indexer
  #memory: Memory
  #feeder: IndexFeeder | null = null
  /** A thread feeds it, or is about to. */
  #isThread = false
  #switched: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  /** Entries that there were when it was opened; that are durable; that the index has. */
  #opened = 0
  #size = 0
  #indexed = 0

  constructor(options: LogIndexOptions) {
    this.#options = options
    this.#path = join(options.thread.index, indexFile)
    this.#store = IndexStore.open(this.#path, (fault) => {
      options.told(`index/${indexFile} is made anew, since it cannot be used: ${fault}`)
    })
    this.#indexer = new Indexer(this.#store, options.thread.origin)
    this.#memory = this.#emptyMemory()
    const state = this.#store.state()
    if (state !== null && state.origin !== options.thread.origin) this.reset('it is of another log')
    else this.#advance(this.#indexer.size)
  }

  /** Entries that it has: a log that it is an index of can never hold fewer. */
  get indexed(): number {
    return this.#indexed
  }

  /** What the order of the log asks it, until it is reset. */
  get memory(): SequenceMemory {
    return this.#memory
  }

  /** Brings it to where a pruned log begins. It is empty. */
  async begin(base: Base, root: string): Promise<void> {
    const { origin } = this.#options.thread
    await fillFromBase(this.#store, origin, base, root)
    this.#indexer = new Indexer(this.#store, origin)
    this.#advance(base.size)
  }

  /** Throws it away: the log must be read into it from the beginning. */
  reset(fault: string): void {
    this.#options.told(`index/${indexFile} is made anew: ${fault}`)
    this.#store.close()
    IndexStore.remove(this.#path)
    this.#store = IndexStore.openSound(this.#path)
    this.#indexer = new Indexer(this.#store, this.#options.thread.origin)
    this.#indexed = 0
    this.#memory = this.#emptyMemory()
  }

  /** False when the log of that tree is not the one that was indexed. */
  agrees(tree: GrowingTree): boolean {
    return this.#indexer.agrees(tree)
  }

  /** Takes the last entry of a log that is being read. */
  recover(entry: ReadEntry, tree: GrowingTree): void {
    if (this.#indexer.take(entry, tree)) this.#advance(tree.size)
  }

  /**
   * The log was read to its end, and entries are added from now on.
   *
   * @param unread entries that were not read, when it was opened from a snapshot
   */
  resume(walk: LogWalk, unread: IndexThreadStart['unread']): void {
    const { size } = walk.tree
    if (this.#indexer.commit(walk.tree)) this.#advance(size)
    this.#opened = size
    this.#size = size
    this.#feeder = new NearFeeder(this.#indexer, this.#options.thread.log, walk, this.#events)
    if (unread !== null) this.#useThread(unread)
  }

  /** Once it has returned, what is indexed survives a power cut. */
  sync(): void {
    this.#store.sync()
  }

  /** Takes the next entry, which is durable. */
  add(id: string, position: Position): void {
    this.#recent.add(id, this.#size, position)
    this.#size += 1
  }

  /** Entries were added. Resolves at once, but when the index lags so far behind that memory has no room. */
  async grown(): Promise<void> {
    const waiting = this.#size - this.#indexed
    if (this.#isThread) this.#feeder?.follow(this.#size)
    else if (waiting >= threadWaiting || this.#size - this.#opened >= threadAdded)
      this.#useThread(null)
    else {
      this.#timer ??= setTimeout(() => {
        this.#timer = null
        this.#feeder?.follow(this.#size)
      }, restMilliseconds).unref()
    }
    if (waiting > mostWaiting) await this.#waiters.reach(this.#size - mostWaiting)
  }

  position(id: string): Position | null {
    return this.#recent.position(id) ?? this.#store.position(id)
  }

  positionAt(index: number): Position | null {
    return this.#recent.positionAt(index) ?? this.#store.positionAt(index)
  }

  /**
   * Places of decisions that may meet a filter: the leaf of each has to be asked. Resolves when all entries up to `to` are
   * indexed.
   */
  async select(filter: DecisionFilter, from: number, to: number): Promise<Places> {
    if (!this.#isThread) this.#feeder?.follow(this.#size)
    await this.#waiters.reach(to)
    const lists = termsAsked(filter).map((term) => {
      const number = termNumber(term)
      return (place: number): number | null => this.#store.posting(number, place)
    })
    const { listedEntries: most, listedLeaps: leaps } = limits
    return meetingPlaces(lists, { from, to, most, leaps })
  }

  /** Resolves when nothing reads entries before that base any more, and the index has come so far. */
  async leave(base: TreeState): Promise<void> {
    await this.#switched
    await this.#feeder?.leave(base)
    await this.#waiters.reach(base.size)
  }

  /** Indexes what is left, and lets go of the file. */
  async close(): Promise<void> {
    this.#stopTimer()
    await this.#switched
    this.#feeder?.follow(this.#size)
    await this.#feeder?.finish()
    this.#store.close()
  }

  /** Leaves the file as a crash would. */
  async abandon(): Promise<void> {
    this.#stopTimer()
    await this.#switched
    await this.#feeder?.drop()
    this.#store.close()
  }

  get #events(): FeederEvents {
    return {
      indexed: (size) => {
        this.#advance(size)
      },
      failed: (error) => {
        this.#waiters.fail(error)
        this.#options.failed(error)
      },
    }
  }

  #emptyMemory(): Memory {
    const { remembered } = this.#options
    return {
      heads: new RememberedIn(remembered, (id) => this.#store.head(id)),
      requests: new RememberedIn(remembered, (key) => this.#store.request(bytesOfDigest(key))),
      workflows: new RememberedIn<WorkflowState>(
        remembered,
        (id) => this.#store.standing(workflowKey(id)) as WorkflowState | null,
      ),
      windows: new RememberedIn<InitiatorWindow>(
        remembered,
        (key) => this.#store.standing(initiatorKey(key)) as InitiatorWindow | null,
      ),
    }
  }

  #advance(size: number): void {
    this.#indexed = size
    this.#recent.indexed(size)
    for (const remembered of Object.values(this.#memory)) remembered.indexed(size)
    this.#waiters.reached(size)
  }

  /** The index has one writer: what is indexed here just now comes to its end first. */
  #useThread(unread: IndexThreadStart['unread']): void {
    this.#isThread = true
    this.#stopTimer()
    const near = this.#feeder
    this.#switched = Promise.resolve(near?.drop()).then(() => {
      this.#feeder = new ThreadFeeder({ ...this.#options.thread, unread }, this.#events)
      this.#feeder.follow(this.#size)
    })
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
