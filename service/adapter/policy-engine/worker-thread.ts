/**
 * One worker as the engine sees it: what it was given and has not answered, and which of that it is at.
 *
 * It ends exactly once, with the jobs that were left and the one that was being evaluated.
 */
import { Worker } from 'node:worker_threads'
import { limits } from '../../contract/limits.ts'
import type { EngineFault } from '../../contract/reason-code.ts'
import { firstWord } from './first-word.ts'
import type { Job } from './job.ts'
import { begun, counterBytes, ended, withdrawn } from './protocol.ts'
import type { FromWorker, Guard, WorkerStart } from './protocol.ts'
import { holdBack, processorMilliseconds } from './stand-back.ts'
import type { PolicyDescription, PolicyProgram } from './wasm-policy.ts'

export type WorkerEvents = {
  /** It answered, or has a sound instance again: there is room for more. */
  readonly answered: (worker: WorkerThread) => void
  /** One evaluation takes longer than an ordinary one. Told once for each; null: nobody waits for it. */
  readonly slow: (worker: WorkerThread, job: Job | null) => void
  /** Its instance is being made again: what it holds waits for that. */
  readonly spoilt: (worker: WorkerThread) => void
  /** It is gone. `culprit` was being evaluated; `left` never was, or its result is lost. */
  readonly gone: (
    worker: WorkerThread,
    culprit: Job | null,
    left: readonly Job[],
    cause: EngineFault,
  ) => void
}

export class WorkerThread {
  readonly #thread: Worker
  readonly #counters: BigInt64Array
  readonly #events: WorkerEvents
  /** In the order in which they were given; null where the engine took a job back. */
  #flying: (Job | null)[] = []
  #answered = 0
  #isGone = false
  #isSpoilt = false
  /** What the system calls the thread; null when it has no priority of its own. */
  #number: number | null = null
  #isHeldBack = false
  /** Milliseconds of processor that it had had when its evaluation was told to be slow. */
  #hadThen: number | null = null
  /** The evaluation that was under way at the last look, when it was first seen, and whether that was told. */
  #seen = { evaluation: 0n, at: 0, isTold: false }

  private constructor(thread: Worker, progress: SharedArrayBuffer, events: WorkerEvents) {
    this.#thread = thread
    this.#counters = new BigInt64Array(progress)
    this.#events = events
  }

  /** Resolves when the policy is loaded; rejects with what kept it from that, or after a time limit. */
  static async start(
    program: PolicyProgram,
    events: WorkerEvents,
    guard: Guard | null,
  ): Promise<{ readonly worker: WorkerThread; readonly description: PolicyDescription }> {
    const progress = new SharedArrayBuffer(counterBytes)
    const workerData: WorkerStart = { program, progress, guard }
    const thread = new Worker(new URL('./policy-worker.ts', import.meta.url), { workerData })
    const { description, thread: number } = await firstWord(thread)
    const worker = new WorkerThread(thread, progress, events)
    worker.#number = number
    worker.#listen()
    return { worker, description }
  }

  /** Evaluations given, not yet answered and not taken back. */
  get load(): number {
    return this.#flying.filter((job) => job !== null).length
  }

  /** It holds nothing, and its instance is sound. */
  isFree(): boolean {
    return this.#flying.length === 0 && !this.#isSpoilt
  }

  /** It stands back behind all others, for ever. */
  get isHeldBack(): boolean {
    return this.#isHeldBack
  }

  give(jobs: readonly Job[]): void {
    this.#flying.push(...jobs)
    this.#thread.postMessage(jobs.map((job) => job.input))
  }

  /**
   * Takes back all but the evaluation that is under way. Should the worker just then go on to the next, that one is
   * evaluated twice, which changes nothing; its second result is let go.
   */
  withdraw(): readonly Job[] {
    const current = this.#current()
    const left = this.#flying.filter((job, i) => job !== null && i !== current) as readonly Job[]
    Atomics.store(this.#counters, withdrawn, BigInt(this.#answered + this.#flying.length))
    this.#flying = this.#flying.map((job, i) => (i === current ? job : null))
    return left
  }

  /** Tells of an evaluation that is slow, and ends the worker for one that has been under way for too long. */
  look(now: number, mostMilliseconds: number): void {
    const evaluation = Atomics.load(this.#counters, begun)
    const current = this.#current()
    if (current === null || this.#seen.evaluation !== evaluation) {
      this.#seen = { evaluation, at: now, isTold: false }
      return
    }
    const since = now - this.#seen.at
    if (since >= mostMilliseconds) this.end('engine.timeout')
    else if (since >= limits.evaluationSlowMilliseconds && !this.#seen.isTold) {
      this.#seen.isTold = true
      this.#hadThen = this.#had()
      this.#events.slow(this, this.#flying[current] ?? null)
    } else if (since >= limits.evaluationHeldBackMilliseconds) this.#holdBack()
  }

  /** Ends the evaluation that is under way, and the worker with it. */
  end(cause: EngineFault): void {
    if (this.#isGone) return
    this.#isGone = true
    void this.#thread.terminate()
    const current = this.#current()
    const culprit = current === null ? null : (this.#flying[current] ?? null)
    const left = this.#flying.filter((job) => job !== null && job !== culprit) as readonly Job[]
    this.#flying = []
    this.#events.gone(this, culprit, left, cause)
  }

  #had(): number | null {
    return this.#number === null ? null : processorMilliseconds(this.#number)
  }

  /**
   * What has had so much of a processor is likely to take all its time: it takes it from nobody else. Who only waited
   * for one on a busy machine is let be, since another thread in its place would cost more.
   */
  #holdBack(): void {
    if (this.#isHeldBack || this.#number === null || this.#hadThen === null) return
    const had = (this.#had() ?? 0) - this.#hadThen
    if (had < limits.evaluationHeldBackMilliseconds) return
    this.#isHeldBack = true
    holdBack(this.#number)
  }

  async stop(): Promise<void> {
    this.#isGone = true
    await this.#thread.terminate()
  }

  /** The place among the flying of what is being evaluated; null when nothing is. */
  #current(): number | null {
    const at = Atomics.load(this.#counters, begun)
    if (Atomics.load(this.#counters, ended) === at) return null
    return Number(at) - this.#answered - 1
  }

  #listen(): void {
    this.#thread.on('message', (message: FromWorker) => {
      if (this.#isGone || message.kind === 'ready') return
      if (message.kind === 'results') this.#settle(message)
      this.#isSpoilt = message.kind === 'results' && message.isSpoilt
      this.#events.answered(this)
      if (this.#isSpoilt) this.#events.spoilt(this)
    })
    this.#thread.on('error', (error: Error & { code?: string }) => {
      this.end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'engine.memory' : 'engine.trap')
    })
    this.#thread.on('exit', () => {
      this.end('engine.trap')
    })
  }

  #settle({ results, faults }: Extract<FromWorker, { kind: 'results' }>): void {
    const jobs = this.#flying.splice(0, results.length)
    this.#answered += jobs.length
    const failed = new Set(faults)
    for (const [i, job] of jobs.entries()) {
      const result = results[i] ?? ''
      job?.resolve(
        failed.has(i) ? { ok: false, fault: result as EngineFault } : { ok: true, result },
      )
    }
  }
}
