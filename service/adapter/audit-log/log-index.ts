/**
 * Finds entries by id, and keeps what memory had to forget. Disposable: the log is the truth.
 *
 * Fed only with entries that are durable, in small transactions off the answer path; what is not yet in
 * SQLite is answered from memory. After anything but an orderly close it is built anew from the log.
 */
import { IndexStore, type IndexState } from './index-store.ts'
import type { Position } from './segments.ts'

/** Rows that make a transaction worth while, and rows that must not wait any longer. */
const flushRows = 128
const mostRows = 4096
const flushMilliseconds = 25

export class LogIndex {
  readonly #path: string
  readonly #origin: string
  readonly #failed: (error: unknown) => void
  #store: IndexStore
  readonly #entries = new Map<string, Position>()
  readonly #forgotten = new Map<string, string>()
  /** Entries that were given to the index, and entries that it has ever known to be durable. */
  #size = 0
  #seen: number
  /** Whether any forgotten value is in the database. */
  #hasForgotten = false
  #timer: NodeJS.Timeout | null = null
  #soon: NodeJS.Immediate | null = null

  /** @param failed told of an error in a transaction that nobody waits for. */
  constructor(path: string, origin: string, failed: (error: unknown) => void) {
    this.#path = path
    this.#origin = origin
    this.#failed = failed
    this.#store = IndexStore.open(path)
    const state = this.#store.state()
    this.#seen = state?.origin === origin ? state.size : 0
  }

  /** Entries that were durable when the index was last written: this log can never hold fewer. */
  get seen(): number {
    return this.#seen
  }

  /** True when it was closed in order; whether it knows this very log, `agrees` says. */
  closedInOrder(): boolean {
    return typeof this.#store.state()?.root === 'string'
  }

  agrees(size: number, root: string): boolean {
    const state = this.#store.state()
    return state?.origin === this.#origin && state.size === size && state.root === root
  }

  /** Forgets everything but how much it had seen: the log is about to be read into it. */
  reset(): void {
    this.abandon()
    IndexStore.remove(this.#path)
    this.#store = IndexStore.open(this.#path)
    this.#entries.clear()
    this.#forgotten.clear()
    this.#hasForgotten = false
    this.#size = 0
    this.#store.setState(this.#state())
  }

  /** Goes on behind what it knows already. If we crash from here on, it no longer counts as closed. */
  resume(size: number): void {
    this.#size = size
    this.flush()
  }

  /** Takes the next entry, which is durable. */
  add(id: string, position: Position): void {
    this.#entries.set(id, position)
    this.#size += 1
    this.#schedule()
  }

  position(id: string): Position | null {
    return this.#entries.get(id) ?? this.#store.position(id)
  }

  /** Keeps a value that memory has no room for. */
  remember(key: string, value: string): void {
    this.#forgotten.set(key, value)
    this.#schedule()
  }

  recall(key: string): string | null {
    return this.#forgotten.get(key) ?? (this.#hasForgotten ? this.#store.recall(key) : null)
  }

  flush(): void {
    this.#unschedule()
    this.#seen = Math.max(this.#seen, this.#size)
    this.#store.write(this.#state(), this.#entries, this.#forgotten)
    this.#hasForgotten ||= this.#forgotten.size > 0
    this.#entries.clear()
    this.#forgotten.clear()
  }

  /** After this the next start need not read the log into the index again. */
  close(root: string): void {
    this.flush()
    this.#store.setState({ ...this.#state(), root })
    this.#store.close()
  }

  /** Leaves the file as a crash would. */
  abandon(): void {
    this.#unschedule()
    this.#store.close()
  }

  #state(): IndexState {
    return { origin: this.#origin, size: this.#seen, root: null }
  }

  #schedule(): void {
    const rows = this.#entries.size + this.#forgotten.size
    if (rows >= mostRows) this.#flushOrFail()
    else if (rows >= flushRows) this.#soon ??= setImmediate(this.#flushOrFail)
    else this.#timer ??= setTimeout(this.#flushOrFail, flushMilliseconds).unref()
  }

  #unschedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#soon !== null) clearImmediate(this.#soon)
    this.#timer = null
    this.#soon = null
  }

  readonly #flushOrFail = (): void => {
    try {
      this.flush()
    } catch (error) {
      this.#unschedule()
      this.#failed(error)
    }
  }
}
