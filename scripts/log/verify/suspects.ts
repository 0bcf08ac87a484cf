// Leaves of a key that somebody else may have had. Their own time proves nothing, for whoever has the key writes it: what
// clears a leaf is a checkpoint over it that a witness saw before that moment.

import type { ReadLeaf } from '../read/read-leaf.ts'

/** Leaves that one key signed, first and last. */
export interface LeafRange {
  readonly kid: string
  readonly from: number
  readonly to: number
  /** Seconds: when the key is said to have been compromised. */
  readonly compromised_at: number
}

export interface Suspicion {
  /** Signed after that moment, and nobody saw them before it. */
  readonly suspect: readonly LeafRange[]
  /** They say themselves that they are older, and no witness does. */
  readonly unwitnessed: readonly LeafRange[]
}

/** A checkpoint's size, and when a witness saw it, in seconds. */
export interface Seen {
  readonly size: number
  readonly time: number
}

/** A run of leaves of one key, all of them from its moment on or all before it. */
type Run = { readonly kid: string; readonly isAfter: boolean; readonly from: number; to: number }

export class SignedRanges {
  readonly #revoked: ReadonlyMap<string, number>
  /** Of keys that were revoked: as many as such keys took turns. */
  readonly #runs: Run[] = []

  /** @param revoked the moment from which each such key counts as compromised, by the key set, which is never older than the leaves */
  constructor(revoked: ReadonlyMap<string, number>) {
    this.#revoked = revoked
  }

  take({ header: { kid }, leaf: { index, iat } }: ReadLeaf): void {
    const at = this.#revoked.get(kid)
    if (at === undefined) return
    const isAfter = iat >= at
    const last = this.#runs.at(-1)
    if (last?.kid === kid && last.isAfter === isAfter && last.to + 1 === index) last.to = index
    else this.#runs.push({ kid, isAfter, from: index, to: index })
  }

  suspicion(seen: readonly Seen[]): Suspicion {
    const suspect: LeafRange[] = []
    const unwitnessed: LeafRange[] = []
    for (const { kid, isAfter, from, to } of this.#runs) {
      const at = this.#revoked.get(kid) ?? 0
      const covered = Math.max(0, ...seen.filter(({ time }) => time < at).map(({ size }) => size))
      if (to < covered) continue
      const range = { kid, from: Math.max(from, covered), to, compromised_at: at }
      append(isAfter ? suspect : unwitnessed, range)
    }
    return { suspect, unwitnessed }
  }
}

function append(ranges: LeafRange[], range: LeafRange): void {
  const last = ranges.at(-1)
  if (last?.kid === range.kid && last.to + 1 === range.from)
    ranges[ranges.length - 1] = { ...last, to: range.to }
  else ranges.push(range)
}
