/**
 * Hands evaluations to workers in batches. What waits behind a slow one moves to another worker at once.
 *
 * Every job is settled: with its result, with the fault of its own evaluation, or with `engine.unavailable` when it
 * waited too long or no worker can be started. What was not the cause of a worker's end is evaluated again.
 */
import { limits } from '../../contract/limits.ts'
import type { Evaluation } from '../../port/policy-engine.ts'
import { Crew } from './crew.ts'
import { giveUp, type Job } from './job.ts'
import { SlowAskers } from './slow-askers.ts'
import { SlowLane } from './slow-lane.ts'
import type { WorkerEvents, WorkerThread } from './worker-thread.ts'

export type PoolOptions = {
  readonly workers: number
  readonly evaluationMilliseconds: number
  /** Starts one worker with the policy loaded: one that serves everybody, or one of the slow lane. */
  readonly start: (events: WorkerEvents, lane: 'common' | 'slow') => Promise<WorkerThread>
}

/** Evaluations in one message, and evaluations that a worker may hold: the next batch waits beside the first. */
const batchSize = 64
const mostFlying = 2 * batchSize
/** A job is not tried again after so many workers that ended and left no other to blame. */
const mostAttempts = 3
const lookMilliseconds = 2

export class WorkerPool {
  readonly #options: PoolOptions
  readonly #crew: Crew
  readonly #askers = new SlowAskers()
  readonly #slowLane: SlowLane
  #queue: Job[] = []
  /** What an asker asks while an evaluation of theirs is slow waits until it is known what became of that. */
  readonly #held = new Map<string, { readonly slow: Job; readonly waiting: Job[] }>()
  /** Jobs that are not settled, wherever they are, in the order in which they came. */
  readonly #pending = new Set<Job>()
  #isScheduled = false
  #isClosed = false
  #watch: NodeJS.Timeout | null = null
  #drained: (() => void) | null = null

  constructor(options: PoolOptions) {
    this.#options = options
    const { workers, evaluationMilliseconds, start } = options
    const changed = (): void => {
      if (this.#crew.hasHope()) this.#hand()
      else giveUp(this.#queue.splice(0), 'engine.unavailable')
    }
    this.#crew = new Crew({
      ...{ workers, changed, events: this.#events() },
      start: (events) => start(events, 'common'),
    })
    this.#slowLane = new SlowLane({
      evaluationMilliseconds,
      start: (events) => start(events, 'slow'),
    })
  }

  /** Starts all workers; rejects if one cannot be started. */
  fill(): Promise<void> {
    return this.#crew.fill()
  }

  /** @param asker who asks for what: one that is known to be slow does not stand before others. */
  evaluate(input: string, asker: string | null = null): Promise<Evaluation> {
    if (this.#isClosed || !this.#crew.hasHope())
      return Promise.resolve({ ok: false, fault: 'engine.unavailable' })
    const { promise, resolve } = Promise.withResolvers<Evaluation>()
    const settle = (evaluation: Evaluation): void => {
      if (!this.#pending.delete(job)) return
      resolve(evaluation)
      this.#settled(asker, evaluation)
    }
    const job: Job = { input, asker, since: performance.now(), resolve: settle, attempts: 0 }
    this.#pending.add(job)
    this.#startWatch()
    this.#take([job])
    return promise
  }

  /** What is under way finishes first. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    await Promise.all([this.#crew.close(), this.#slowLane.close()])
  }

  #settled(asker: string | null, evaluation: Evaluation): void {
    this.#askers.learn(asker, evaluation, performance.now())
    const held = asker === null ? undefined : this.#held.get(asker)
    if (asker !== null) this.#held.delete(asker)
    if (held !== undefined) this.#take(held.waiting)
    if (this.#pending.size === 0) this.#rest()
  }

  /** What comes again has waited longest. */
  #take(jobs: readonly Job[], order: 'last' | 'first' = 'last'): void {
    const common = jobs.filter((job) => !this.#setApart(job))
    if (order === 'last') this.#queue.push(...common)
    else this.#queue = [...common, ...this.#queue]
    this.#schedule()
  }

  #setApart(job: Job): boolean {
    const held = job.asker === null ? undefined : this.#held.get(job.asker)
    // The slow one itself comes back when it was over just before its worker was left, or when that ended: it waits for nobody.
    if (held !== undefined && held.slow !== job) held.waiting.push(job)
    else if (this.#askers.has(job.asker, performance.now())) this.#slowLane.take(job)
    else return false
    return true
  }

  /** Waits for the end of this turn of the loop, so that all of its calls travel together. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#hand()
    })
  }

  #hand(): void {
    if (this.#queue.length === 0) return
    const loads = this.#crew.serving.map((worker) => ({ worker, load: worker.load }))
    const ready = loads.filter(({ load }) => load < mostFlying).sort((a, b) => a.load - b.load)
    for (const [i, { worker, load }] of ready.entries()) {
      const share = Math.ceil(this.#queue.length / (ready.length - i))
      const size = Math.min(share, batchSize, mostFlying - load)
      if (size > 0) worker.give(this.#queue.splice(0, size))
    }
  }

  #events(): WorkerEvents {
    return {
      answered: (worker) => {
        this.#crew.welcome(worker)
        this.#hand()
      },
      slow: (worker, job) => {
        const asker = job?.asker ?? null
        if (job !== null && asker !== null && !this.#held.has(asker))
          this.#held.set(asker, { slow: job, waiting: [] })
        this.#replace(worker)
      },
      // Making an instance takes less time than starting a worker: without a spare it is waited for.
      spoilt: (worker) => {
        if (this.#crew.hasSpare()) this.#replace(worker)
      },
      gone: (worker, culprit, left, cause) => {
        if (culprit === null) for (const job of left) job.attempts += 1
        else giveUp([culprit], cause)
        giveUp(left.filter(isHopeless), cause)
        this.#take(
          left.filter((job) => !isHopeless(job)),
          'first',
        )
        this.#crew.lose(worker)
      },
    }
  }

  /** What waits behind goes to whoever serves in its place. */
  #replace(worker: WorkerThread): void {
    this.#take(worker.withdraw(), 'first')
    this.#crew.setAside(worker)
    this.#hand()
  }

  #rest(): void {
    if (this.#watch !== null) clearInterval(this.#watch)
    this.#watch = null
    this.#drained?.()
  }

  #startWatch(): void {
    this.#watch ??= setInterval(() => {
      this.#look()
    }, lookMilliseconds)
  }

  #look(): void {
    const now = performance.now()
    this.#crew.look(now, this.#options.evaluationMilliseconds)
    this.#slowLane.look(now)
    const late = this.#queue.filter((job) => now - job.since >= limits.evaluationQueueMilliseconds)
    if (late.length > 0) this.#queue = this.#queue.filter((job) => !late.includes(job))
    giveUp([...late, ...this.#lost(now)], 'engine.unavailable')
  }

  /** Whatever became of it, whoever asked is answered: nobody waits for ever for what should not happen. */
  #lost(now: number): readonly Job[] {
    const lost: Job[] = []
    for (const job of this.#pending) {
      if (now - job.since < limits.evaluationLostMilliseconds) break
      lost.push(job)
    }
    return lost
  }
}

function isHopeless(job: Job): boolean {
  return job.attempts >= mostAttempts
}
