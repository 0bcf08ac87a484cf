/** When each gateway of a tenant was last authenticated, since this process began: at most one entry for each that is registered. */
export class LastSeen {
  readonly #at = new Map<string, number>()

  /** @param now milliseconds since the epoch */
  note(clientId: string, now: number): void {
    this.#at.set(clientId, now)
  }

  /** Milliseconds since the epoch; null when it was not. */
  of(clientId: string): number | null {
    return this.#at.get(clientId) ?? null
  }
}
