// How much a server may send, and how long it may take: whatever goes beyond ends the whole listing, at once.

/** A server that lists more than this is no server that a person could review. */
export const most = { bytes: 16 * 1024 * 1024, pages: 100, items: 4096, seconds: 60 } as const

export class Allowance {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  #left: number
  /** The last refusal of HTTP's own, such as `HTTP 404`. */
  refusedWith: string | null = null

  constructor(seconds: number, bytes: number = most.bytes) {
    this.#left = bytes
    const late = new Error(`it takes longer than ${String(seconds)} seconds`)
    this.#timer = setTimeout(() => {
      this.#controller.abort(late)
    }, seconds * 1000)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** False once all of them together are too many. */
  take(bytes: number): boolean {
    this.#left -= bytes
    if (this.#left < 0) this.refuse('it sends more than can be a list of tools')
    return this.#left >= 0
  }

  refuse(why: string): void {
    this.#controller.abort(new Error(why))
  }

  /** The work, or the reason why it may go on no longer. */
  async within<T>(work: Promise<T>): Promise<T> {
    const over = new Promise<never>((_resolve, reject) => {
      const refuse = (): void => {
        reject(this.signal.reason as Error)
      }
      if (this.signal.aborted) refuse()
      else this.signal.addEventListener('abort', refuse, { once: true })
    })
    return Promise.race([work, over])
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
