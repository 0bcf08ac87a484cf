/**
 * A bounded memory whose overflow lies in the index: the newest keys answer at once, the rest by one read.
 *
 * Nothing is ever lost by being forgotten here.
 */
import { LRUCache } from 'lru-cache'
import type { Remembered } from '../../audit/sequence.ts'
import type { LogIndex } from './log-index.ts'

export type RememberedOptions = {
  /** Tells the kinds of keys in the index apart. */
  readonly kind: string
  readonly most: number
  readonly index: LogIndex
}

export function rememberedIn<V extends object>(options: RememberedOptions): Remembered<V> {
  const { kind, most, index } = options
  const cache = new LRUCache<string, V>({
    max: most,
    dispose: (value, key, reason) => {
      if (reason === 'evict') index.remember(`${kind} ${key}`, JSON.stringify(value))
    },
  })
  return {
    get(key) {
      const value = cache.get(key)
      if (value !== undefined) return value
      const kept = index.recall(`${kind} ${key}`)
      return kept === null ? undefined : (JSON.parse(kept) as V)
    },
    set(key, value) {
      cache.set(key, value)
    },
  }
}
