/**
 * The threads of a pool: those that serve, one that is warm and waits, and those that were set aside with an
 * evaluation that is slow, or while their instance is made again.
 *
 * Whoever is set aside is replaced at once by the spare, so that a start is never waited for; it comes back when it
 * is free. Threads are few whatever comes: `workers` and the spare, and a bounded number that is set aside.
 */
import type { WorkerEvents, WorkerThread } from './worker-thread.ts'

/** Slow evaluations that keep a thread; of more, the one that has run longest ends before its limit. */
const mostAside = 2
/** Milliseconds: after a worker could not be started, the next try waits. */
const restartMilliseconds = 1000

export type CrewOptions = {
  readonly workers: number
  /** Starts one worker with the policy loaded. */
  readonly start: (events: WorkerEvents) => Promise<WorkerThread>
  readonly events: WorkerEvents
  /** Somebody serves who did not, or nobody does and nobody will. */
  readonly changed: () => void
}

export class Crew {
  readonly #options: CrewOptions
  readonly #serving = new Set<WorkerThread>()
  readonly #aside = new Set<WorkerThread>()
  readonly #starts = new Set<Promise<void>>()
  #spare: WorkerThread | null = null
  #startAgainAt = 0
  #isClosed = false

  constructor(options: CrewOptions) {
    this.#options = options
  }

  get serving(): readonly WorkerThread[] {
    return [...this.#serving]
  }

  hasSpare(): boolean {
    return this.#spare !== null
  }

  /** Starts all that serve; rejects if one cannot be started. The spare starts after them, and is not waited for. */
  async fill(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, () => this.#start()))
    this.restock()
  }

  /** Somebody serves, or will. */
  hasHope(): boolean {
    this.restock()
    return this.#serving.size + this.#aside.size + this.#starts.size > 0
  }

  /** Another serves in its place until it is free. */
  setAside(worker: WorkerThread): void {
    if (!this.#serving.delete(worker)) return
    this.#aside.add(worker)
    this.#promote()
    const slow = [...this.#aside].filter(({ load }) => load > 0)
    if (slow.length > mostAside) slow[0]?.end('engine.timeout')
    this.restock()
  }

  /** It may have become free. */
  welcome(worker: WorkerThread): void {
    if (!this.#aside.has(worker) || !worker.isFree()) return
    this.#aside.delete(worker)
    if (!worker.isHeldBack) this.#join(worker)
    else {
      void worker.stop()
      this.restock()
    }
  }

  lose(worker: WorkerThread): void {
    this.#serving.delete(worker)
    this.#aside.delete(worker)
    if (this.#spare === worker) this.#spare = null
    this.#promote()
    if (!this.hasHope()) this.#options.changed()
  }

  look(now: number, mostMilliseconds: number): void {
    for (const worker of [...this.#serving, ...this.#aside]) worker.look(now, mostMilliseconds)
  }

  /**
   * Starts whoever is missing. Those set aside are expected back, unless nobody else is left to serve; and the spare
   * waits until nothing else starts, since a start takes a processor for a while.
   */
  restock(): void {
    if (this.#isClosed || performance.now() < this.#startAgainAt) return
    const { workers } = this.#options
    while (this.#serving.size + this.#starts.size < workers) void this.#replace()
    const all = this.#serving.size + this.#aside.size + (this.#spare === null ? 0 : 1)
    if (this.#starts.size === 0 && all < workers + 1) void this.#replace()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(this.#starts)
    const all = [...this.#serving, ...this.#aside, ...(this.#spare === null ? [] : [this.#spare])]
    await Promise.all(all.map((worker) => worker.stop()))
  }

  #start(): Promise<void> {
    const started = this.#options.start(this.#options.events).then((worker) => {
      this.#starts.delete(started)
      this.#join(worker)
    })
    this.#starts.add(started)
    return started.finally(() => this.#starts.delete(started))
  }

  async #replace(): Promise<void> {
    try {
      await this.#start()
    } catch {
      this.#startAgainAt = performance.now() + restartMilliseconds
      this.#options.changed()
    }
  }

  #join(worker: WorkerThread): void {
    if (this.#spare === null) this.#spare = worker
    else void worker.stop()
    this.#promote()
    this.restock()
  }

  #promote(): void {
    if (this.#spare === null || this.#serving.size >= this.#options.workers) return
    this.#serving.add(this.#spare)
    this.#spare = null
    this.#options.changed()
  }
}
