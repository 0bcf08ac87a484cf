/**
 * One worker as the engine sees it: what it was given and has not answered, and which of that it is at.
 *
 * It ends exactly once, with the jobs that were left and the one that was being evaluated.
 */
import { Worker } from 'node:worker_threads'
import { limits } from '../../contract/limits.ts'
import type { Evaluation } from '../../port/policy-engine.ts'
import type { EngineFault } from '../../contract/reason-code.ts'
import { begun, ended, type FromWorker, type WorkerStart } from './protocol.ts'
import type { PolicyDescription, PolicyProgram } from './wasm-policy.ts'

/** One evaluation that somebody waits for. */
export type Job = {
  readonly input: string
  readonly since: number
  readonly resolve: (evaluation: Evaluation) => void
  /** How many workers held it and ended for no known cause. */
  attempts: number
}

export type WorkerEvents = {
  /** It answered: there is room for more. */
  readonly answered: (worker: WorkerThread) => void
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
  readonly #counters: Int32Array
  readonly #events: WorkerEvents
  readonly #flying: Job[] = []
  #answered = 0
  #isGone = false
  /** The evaluation that was under way at the last look, and when it was first seen. */
  #seen = { evaluation: 0, at: 0 }

  private constructor(thread: Worker, progress: SharedArrayBuffer, events: WorkerEvents) {
    this.#thread = thread
    this.#counters = new Int32Array(progress)
    this.#events = events
  }

  /** Resolves when the policy is loaded; rejects with what kept it from that, or after a time limit. */
  static async start(
    program: PolicyProgram,
    events: WorkerEvents,
  ): Promise<{ readonly worker: WorkerThread; readonly description: PolicyDescription }> {
    const progress = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
    const workerData: WorkerStart = { program, progress }
    const thread = new Worker(new URL('./policy-worker.ts', import.meta.url), { workerData })
    const description = await firstWord(thread)
    const worker = new WorkerThread(thread, progress, events)
    worker.#listen()
    return { worker, description }
  }

  /** Evaluations given and not yet answered. */
  get load(): number {
    return this.#flying.length
  }

  give(jobs: readonly Job[]): void {
    this.#flying.push(...jobs)
    this.#thread.postMessage(jobs.map((job) => job.input))
  }

  /** Ends the worker if one evaluation has been under way for too long. */
  look(now: number, mostMilliseconds: number): void {
    const evaluation = Atomics.load(this.#counters, begun)
    const isIdle = Atomics.load(this.#counters, ended) === evaluation
    if (isIdle || this.#seen.evaluation !== evaluation) this.#seen = { evaluation, at: now }
    else if (now - this.#seen.at >= mostMilliseconds) this.#end('engine.timeout')
  }

  async stop(): Promise<void> {
    this.#isGone = true
    await this.#thread.terminate()
  }

  #listen(): void {
    this.#thread.on('message', (message: FromWorker) => {
      if (message.kind === 'results' && !this.#isGone) this.#settle(message)
    })
    this.#thread.on('error', (error: Error & { code?: string }) => {
      this.#end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'engine.memory' : 'engine.trap')
    })
    this.#thread.on('exit', () => {
      this.#end('engine.trap')
    })
  }

  #settle({ results, faults }: Extract<FromWorker, { kind: 'results' }>): void {
    const jobs = this.#flying.splice(0, results.length)
    this.#answered += jobs.length
    const failed = new Set(faults)
    for (const [i, job] of jobs.entries()) {
      const result = results[i] ?? ''
      job.resolve(
        failed.has(i) ? { ok: false, fault: result as EngineFault } : { ok: true, result },
      )
    }
    this.#events.answered(this)
  }

  #end(cause: EngineFault): void {
    if (this.#isGone) return
    this.#isGone = true
    void this.#thread.terminate()
    const at = Atomics.load(this.#counters, begun)
    const isIdle = Atomics.load(this.#counters, ended) === at
    const [culprit = null] = isIdle ? [] : this.#flying.splice(at - this.#answered - 1, 1)
    this.#events.gone(this, culprit, this.#flying.splice(0), cause)
  }
}

async function firstWord(thread: Worker): Promise<PolicyDescription> {
  const { promise, resolve, reject } = Promise.withResolvers<PolicyDescription>()
  const timer = setTimeout(() => {
    reject(new Error(`it did not start within ${limits.workerStartMilliseconds} ms`))
  }, limits.workerStartMilliseconds)
  thread.once('message', (message: FromWorker) => {
    if (message.kind === 'ready') resolve(message.description)
  })
  thread.once('error', reject)
  thread.once('exit', () => {
    reject(new Error('it ended while it started'))
  })
  try {
    return await promise
  } catch (error) {
    await thread.terminate()
    throw error
  } finally {
    clearTimeout(timer)
    for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event)
  }
}
