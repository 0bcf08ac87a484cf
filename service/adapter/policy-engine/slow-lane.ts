/**
 * One thread for those who are known to be slow, one evaluation at a time: the thread stands back behind all others,
 * an evaluation is stopped in it without its end, and who does not fit into the short queue is answered at once.
 *
 * The thread is started when it is first needed, and ends when it has long had nothing to do.
 */
import { limits } from '../../contract/limits.ts'
import { giveUp, type Job } from './job.ts'
import type { WorkerEvents, WorkerThread } from './worker-thread.ts'

/** Jobs that wait. */
const most = 16
/** What a stop from within may take longer than the limit before the thread is ended from outside. */
const graceMilliseconds = 500
const idleMilliseconds = 60_000

export type SlowLaneOptions = {
  readonly evaluationMilliseconds: number
  readonly start: (events: WorkerEvents) => Promise<WorkerThread>
}

export class SlowLane {
  readonly #options: SlowLaneOptions
  readonly #queue: Job[] = []
  #worker: WorkerThread | null = null
  #starting: Promise<void> | null = null
  #idle: NodeJS.Timeout | null = null

  constructor(options: SlowLaneOptions) {
    this.#options = options
  }

  take(job: Job): void {
    if (this.#queue.length >= most) {
      giveUp([job], 'engine.unavailable')
      return
    }
    this.#queue.push(job)
    this.#next()
  }

  /** Ends what is overdue. */
  look(now: number): void {
    this.#worker?.look(now, this.#options.evaluationMilliseconds + graceMilliseconds)
    const late = this.#queue.filter((job) => now - job.since >= limits.evaluationQueueMilliseconds)
    giveUp(this.#queue.splice(0, late.length), 'engine.unavailable')
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle)
    await this.#starting
    await this.#worker?.stop()
    this.#worker = null
  }

  #next(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
    if (this.#queue.length === 0) this.#rest()
    else if (this.#worker === null) this.#starting ??= this.#start()
    else if (this.#worker.isFree()) this.#worker.give(this.#queue.splice(0, 1))
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.#leave(), idleMilliseconds).unref()
  }

  async #leave(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    await worker?.stop()
  }

  async #start(): Promise<void> {
    const next = (): void => {
      this.#next()
    }
    const gone: WorkerEvents['gone'] = (worker, culprit, left, cause) => {
      if (this.#worker === worker) this.#worker = null
      giveUp(culprit === null ? left : [culprit, ...left], cause)
      this.#next()
    }
    const nothing = (): undefined => undefined
    try {
      this.#worker = await this.#options.start({
        ...{ answered: next, slow: nothing, spoilt: nothing, gone },
      })
    } catch {
      giveUp(this.#queue.splice(0), 'engine.unavailable')
    } finally {
      this.#starting = null
    }
    this.#next()
  }
}
