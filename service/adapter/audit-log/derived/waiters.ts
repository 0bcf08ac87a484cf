/** Those who wait until something has come to a size. */

type Waiter = {
  readonly size: number
  readonly resolve: (nothing: undefined) => void
  readonly reject: (error: unknown) => void
}

export class Waiters {
  #size = 0
  #waiting: readonly Waiter[] = []
  #failure: { readonly error: unknown } | null = null

  async reach(size: number): Promise<void> {
    if (this.#size >= size) return
    if (this.#failure !== null) throw this.#failure.error
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    this.#waiting = [...this.#waiting, { size, resolve, reject }]
    await promise
  }

  reached(size: number): void {
    this.#size = size
    if (this.#waiting.length === 0) return
    for (const waiter of this.#waiting) if (waiter.size <= size) waiter.resolve(undefined)
    this.#waiting = this.#waiting.filter((waiter) => waiter.size > size)
  }

  /** It will not come any further. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    for (const { reject } of this.#waiting) reject(error)
    this.#waiting = []
  }
}
