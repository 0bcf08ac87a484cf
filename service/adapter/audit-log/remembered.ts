/**
 * A bounded memory whose overflow lies in the index: the newest keys answer at once, the rest by one read.
 *
 * Nothing is ever lost by being forgotten here, unless it need not be kept any longer.
 */
import { LRUCache } from 'lru-cache'
import type { Remembered } from '../../audit/sequence.ts'
import type { LogIndex } from './log-index.ts'

export type RememberedOptions<V> = {
  /** Tells the kinds of keys in the index apart. */
  readonly kind: string
  readonly most: number
  readonly index: LogIndex
  /** False for a value that no longer says anything. */
  readonly stands: (value: V) => boolean
}

export function rememberedIn<V extends object>(options: RememberedOptions<V>): Remembered<V> {
  const { kind, most, index, stands } = options
  const cache = new LRUCache<string, V>({
    max: most,
    dispose: (value, key, reason) => {
      if (reason === 'evict' && stands(value))
        index.remember(`${kind} ${key}`, JSON.stringify(value))
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
