/** Where the entries lie that are durable and that the index does not have yet. */
import type { Position } from '../segments.ts'

type Recent = { readonly index: number; readonly position: Position }

export class RecentPlaces {
  /** Both in the order of the log. */
  readonly #byId = new Map<string, Recent>()
  readonly #byIndex = new Map<number, Position>()

  add(id: string, index: number, position: Position): void {
    this.#byId.set(id, { index, position })
    this.#byIndex.set(index, position)
  }

  position(id: string): Position | null {
    return this.#byId.get(id)?.position ?? null
  }

  positionAt(index: number): Position | null {
    return this.#byIndex.get(index) ?? null
  }

  /** The index has that many entries now. */
  indexed(size: number): void {
    for (const [id, { index }] of this.#byId) {
      if (index >= size) return
      this.#byId.delete(id)
      this.#byIndex.delete(index)
    }
  }
}
