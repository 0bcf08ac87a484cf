// So many things under way at once, and no more: a log is longer than memory.

export class Window {
  readonly #most: number
  #underWay = 0
  #failure: { readonly error: unknown } | null = null
  #changed: (() => void) | null = null

  constructor(most: number) {
    this.#most = most
  }

  /** Begins it when there is room. @throws what anything that was begun has thrown. */
  async begin(act: () => Promise<void>): Promise<void> {
    await this.#until(() => this.#underWay < this.#most)
    this.#underWay += 1
    void act()
      .catch((error: unknown) => (this.#failure = { error }))
      .finally(() => {
        this.#underWay -= 1
        this.#changed?.()
      })
  }

  /** Waits for all that was begun. @throws as `begin`. */
  async end(): Promise<void> {
    await this.#until(() => this.#underWay === 0)
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#changed = resolve))
    if (this.#failure !== null) throw this.#failure.error
  }
}
