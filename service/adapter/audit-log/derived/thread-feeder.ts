/** Indexes a log that grows in a thread of its own, which reads it behind its writer. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Waiters } from './waiters.ts'
import type { FeederEvents, IndexFeeder } from './index-feeder.ts'
import type { FromIndexThread, IndexThreadStart, ToIndexThread, TreeState } from './index-thread.ts'

export class ThreadFeeder implements IndexFeeder {
  readonly #thread: Worker
  readonly #ended: Promise<unknown>
  readonly #left = new Waiters()
  #to = 0
  #isEnding = false

  constructor(start: IndexThreadStart, events: FeederEvents) {
    this.#thread = new Worker(new URL('./index-worker.ts', import.meta.url), { workerData: start })
    this.#ended = once(this.#thread, 'exit')
    this.#thread.on('message', (message: FromIndexThread) => {
      if ('indexed' in message) {
        if (message.indexed >= this.#to && !this.#isEnding) this.#thread.unref()
        events.indexed(message.indexed)
      } else if ('leftTo' in message) this.#left.reached(message.leftTo)
      else this.#failed(events, new Error(message.fault))
    })
    this.#thread.on('error', (error) => {
      this.#failed(events, error)
    })
    this.#thread.on('exit', () => {
      if (!this.#isEnding) this.#failed(events, new Error('The thread of the index has ended.'))
    })
    // It keeps the process running only while it is behind: somebody may wait for it.
    this.#thread.unref()
  }

  follow(to: number): void {
    if (to > this.#to) this.#thread.ref()
    this.#to = to
    this.#tell(false)
  }

  async leave(base: TreeState): Promise<void> {
    this.#thread.ref()
    this.#tell(false, base)
    await this.#left.reach(base.size)
    this.#thread.unref()
  }

  async finish(): Promise<void> {
    this.#isEnding = true
    this.#thread.ref()
    this.#tell(true)
    await this.#ended
  }

  async drop(): Promise<void> {
    this.#isEnding = true
    await this.#thread.terminate()
  }

  #tell(end: boolean, base: TreeState | null = null): void {
    const message: ToIndexThread = { to: this.#to, end, base }
    this.#thread.postMessage(message)
  }

  #failed(events: FeederEvents, error: unknown): void {
    this.#isEnding = true
    this.#left.fail(error)
    events.failed(error)
  }
}
