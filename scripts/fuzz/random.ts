// Choices that a seed decides: the same seed chooses the same mutations again.

export type Random = {
  /** A whole number from 0, below `bound`. */
  readonly below: (bound: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

/** Mulberry32: 32 bits of state, which is enough to spread choices. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    below,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('there is nothing to choose from')
      return from[below(from.length)] as (typeof from)[number]
    },
  }
}
