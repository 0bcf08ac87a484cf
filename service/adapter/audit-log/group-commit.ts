/**
 * Many waiting entries, one write and one flush; answers in order, and only after it.
 *
 * While one group is on its way to the disk the next one is being signed. The first error stops the
 * committer for ever: entries behind it would stand on one that may not exist.
 */

export type Waiting = {
  /** Resolves when the entry has its signature. */
  readonly ready: Promise<unknown>
  /** Whether that has happened. */
  isReady: boolean
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/** Entries in one write: bounds what a torn tail can hold and how long an answer waits for others. */
const mostInGroup = 256

export class GroupCommit<E extends Waiting> {
  readonly #commit: (group: readonly E[]) => Promise<void>
  readonly #stopped: (error: unknown) => void
  readonly #queue: E[] = []
  #running: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(commit: (group: readonly E[]) => Promise<void>, stopped: (error: unknown) => void) {
    this.#commit = commit
    this.#stopped = stopped
  }

  add(entry: E): void {
    if (this.#failure !== null) {
      entry.failed(this.#failure.error)
      return
    }
    entry.ready.catch((error: unknown) => {
      this.stop(error)
    })
    this.#queue.push(entry)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  /** Every entry that is not durable fails; none will follow. */
  stop(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    this.#stopped(error)
    for (const entry of this.#queue.splice(0)) entry.failed(error)
  }

  async #run(): Promise<void> {
    let group: readonly E[] = []
    try {
      while (this.#queue.length > 0) {
        await this.#queue[0]?.ready
        this.#mayCommit()
        // What was signed while the group before was written goes along; the rest is signed meanwhile.
        group = this.#takeReady()
        await this.#commit(group)
        for (const entry of group) entry.done()
        group = []
      }
    } catch (error) {
      this.stop(error)
      for (const entry of group) entry.failed(error)
    } finally {
      this.#running = null
    }
  }

  #takeReady(): readonly E[] {
    const unsigned = this.#queue.slice(0, mostInGroup).findIndex((entry) => !entry.isReady)
    return this.#queue.splice(0, unsigned === -1 ? mostInGroup : unsigned)
  }

  #mayCommit(): void {
    if (this.#failure !== null) throw this.#failure.error
  }
}
