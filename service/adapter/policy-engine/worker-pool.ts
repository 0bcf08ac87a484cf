/**
 * Hands evaluations to workers in batches, and replaces a worker that ends.
 *
 * Every job is settled: with its result, with the fault of its own evaluation, or with
 * `engine.unavailable` when it waited too long or no worker can be started. What was not the cause of a
 * worker's end is evaluated again by the next one.
 */
import { limits } from '../../contract/limits.ts'
import type { EngineFault } from '../../contract/reason-code.ts'
import type { Evaluation } from '../../port/policy-engine.ts'
import type { Job, WorkerEvents, WorkerThread } from './worker-thread.ts'

export type PoolOptions = {
  readonly workers: number
  readonly evaluationMilliseconds: number
  /** Starts one worker with the policy loaded. */
  readonly start: (events: WorkerEvents) => Promise<WorkerThread>
}

/** Evaluations in one message, and evaluations that a worker may hold: the next batch waits beside the first. */
const batchSize = 64
const mostFlying = 2 * batchSize
/** A job is not tried again after so many workers that ended and left no other to blame. */
const mostAttempts = 3
/** After a worker could not be started, the next try waits. */
const restartMilliseconds = 1000

export class WorkerPool {
  readonly #options: PoolOptions
  readonly #workers = new Set<WorkerThread>()
  #queue: Job[] = []
  #starting = 0
  #startAgainAt = 0
  #isScheduled = false
  #isClosed = false
  #watch: NodeJS.Timeout | null = null
  #drained: (() => void) | null = null

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Starts all workers; rejects if the first cannot be started. */
  async fill(): Promise<void> {
    const missing = this.#options.workers - this.#workers.size - this.#starting
    await Promise.all(Array.from({ length: missing }, () => this.#startOne()))
  }

  evaluate(input: string): Promise<Evaluation> {
    if (this.#isClosed || !this.#hasHope()) return Promise.resolve(fault('engine.unavailable'))
    const { promise, resolve } = Promise.withResolvers<Evaluation>()
    this.#queue.push({ input, since: performance.now(), resolve, attempts: 0 })
    this.#schedule()
    return promise
  }

  /** What is under way finishes first. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#load() > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    this.#stopWatch()
    await Promise.all([...this.#workers].map((worker) => worker.stop()))
    this.#workers.clear()
  }

  /** Waits for the end of this turn of the loop, so that all of its calls travel together. */
  #schedule(): void {
    this.#startWatch()
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#hand()
    })
  }

  #hand(): void {
    const ready = [...this.#workers].filter((worker) => worker.load < mostFlying)
    ready.sort((a, b) => a.load - b.load)
    for (const [i, worker] of ready.entries()) {
      const share = Math.ceil(this.#queue.length / (ready.length - i))
      const size = Math.min(share, batchSize, mostFlying - worker.load)
      if (size > 0) worker.give(this.#queue.splice(0, size))
    }
  }

  /** There is a worker, or will be one. */
  #hasHope(): boolean {
    if (this.#workers.size + this.#starting > 0) return true
    if (performance.now() < this.#startAgainAt) return false
    void this.#replace()
    return true
  }

  async #startOne(): Promise<void> {
    this.#starting += 1
    try {
      const worker = await this.#options.start({ answered: this.#onAnswered, gone: this.#onGone })
      if (this.#isClosed && this.#load() === 0) await worker.stop()
      else this.#workers.add(worker)
    } finally {
      this.#starting -= 1
    }
  }

  async #replace(): Promise<void> {
    try {
      await this.#startOne()
      this.#hand()
    } catch {
      this.#startAgainAt = performance.now() + restartMilliseconds
      if (this.#workers.size + this.#starting === 0)
        this.#giveUp(this.#queue.splice(0), 'engine.unavailable')
    }
    this.#checkDrained()
  }

  readonly #onAnswered = (): void => {
    if (this.#queue.length > 0) this.#hand()
    this.#checkDrained()
  }

  readonly #onGone: WorkerEvents['gone'] = (worker, culprit, left, cause) => {
    this.#workers.delete(worker)
    if (culprit === null) for (const job of left) job.attempts += 1
    else this.#giveUp([culprit], cause)
    this.#giveUp(left.filter(isHopeless), cause)
    this.#queue = [...left.filter((job) => !isHopeless(job)), ...this.#queue]
    this.#checkDrained()
    if (!this.#isClosed || this.#load() > 0) void this.#replace()
  }

  #giveUp(jobs: readonly Job[], cause: EngineFault): void {
    for (const job of jobs) job.resolve(fault(cause))
  }

  #load(): number {
    return [...this.#workers].reduce((sum, worker) => sum + worker.load, this.#queue.length)
  }

  #checkDrained(): void {
    if (this.#load() > 0) return
    this.#stopWatch()
    this.#drained?.()
  }

  #startWatch(): void {
    const every = Math.max(2, this.#options.evaluationMilliseconds / 8)
    this.#watch ??= setInterval(() => {
      this.#look()
    }, every)
  }

  #stopWatch(): void {
    if (this.#watch !== null) clearInterval(this.#watch)
    this.#watch = null
  }

  #look(): void {
    const now = performance.now()
    for (const worker of this.#workers) worker.look(now, this.#options.evaluationMilliseconds)
    const late = this.#queue.findIndex(
      (job) => now - job.since < limits.evaluationQueueMilliseconds,
    )
    this.#giveUp(
      this.#queue.splice(0, late === -1 ? this.#queue.length : late),
      'engine.unavailable',
    )
    this.#checkDrained()
  }
}

function isHopeless(job: Job): boolean {
  return job.attempts >= mostAttempts
}

function fault(code: EngineFault): Evaluation {
  return { ok: false, fault: code }
}
