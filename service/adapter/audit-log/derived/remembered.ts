/**
 * The newest value of each key: from memory what the index does not have yet and what was asked for lately, the rest by one
 * read of the index.
 *
 * Nothing is ever lost by being forgotten here, and memory is bounded by how far the index may lag.
 */
import { LRUCache } from 'lru-cache'
import type { Remembered } from '../../../audit/sequence.ts'

type Fresh<V> = { readonly value: V; readonly index: number }

export class RememberedIn<V extends object> implements Remembered<V> {
  /** What entries say that the index does not have, in the order of those entries. */
  readonly #fresh = new Map<string, Fresh<V>>()
  readonly #known: LRUCache<string, V>
  readonly #recall: (key: string) => V | null
  #indexed = 0

  constructor(most: number, recall: (key: string) => V | null) {
    this.#known = new LRUCache<string, V>({ max: most })
    this.#recall = recall
  }

  get(key: string): V | undefined {
    const value = this.#fresh.get(key)?.value ?? this.#known.get(key)
    if (value !== undefined) return value
    const recalled = this.#recall(key)
    if (recalled === null) return undefined
    this.#known.set(key, recalled)
    return recalled
  }

  set(key: string, value: V, index: number): void {
    if (index < this.#indexed) {
      this.#known.set(key, value)
      return
    }
    this.#fresh.delete(key)
    this.#fresh.set(key, { value, index })
  }

  /** The index has that many entries now. */
  indexed(size: number): void {
    this.#indexed = size
    for (const [key, { value, index }] of this.#fresh) {
      if (index >= size) return
      this.#fresh.delete(key)
      this.#known.set(key, value)
    }
  }
}
