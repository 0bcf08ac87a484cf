/**
 * Whether some text matches both of two globs, as OPA's library answers (yashtewari/glob-intersection): `.`, sets
 * `[a-z]`, the flags `*` and `+`, a backslash before what is meant as it is. Its answers are kept where they
 * surprise: what is left of one glob is never taken for empty when the other has ended.
 */
import { readGlob, type Token } from './glob-token.ts'

/** @throws BuiltinError for what is no glob */
export function globsMatch(a: string, b: string): boolean {
  const trimmed = trim(readGlob(a), readGlob(b))
  return trimmed !== null && new Intersection(...trimmed).isFound(0, 0)
}

/** Without what has no flags at both ends, but for one token; null if that differs. */
function trim(
  a: readonly Token[],
  b: readonly Token[],
): [readonly Token[], readonly Token[]] | null {
  let left = 0
  for (; left < a.length && left < b.length; left += 1) {
    const [x, y] = [a[left], b[left]]
    if (!isPlain(x) || !isPlain(y)) break
    if (!meet(x, y)) return null
  }
  left = Math.max(left - 1, 0)
  let [endA, endB] = [a.length, b.length]
  for (; endA > left && endB > left; endA -= 1, endB -= 1) {
    const [x, y] = [a[endA - 1], b[endB - 1]]
    if (!isPlain(x) || !isPlain(y)) break
    if (!meet(x, y)) return null
  }
  const kept = endA < a.length ? 1 : 0
  return [a.slice(left, endA + kept), b.slice(left, endB + kept)]
}

/** Each pair of positions is looked at once, however many ways lead there. */
class Intersection {
  readonly #globs: readonly [readonly Token[], readonly Token[]]
  readonly #known = new Map<number, boolean>()

  constructor(a: readonly Token[], b: readonly Token[]) {
    this.#globs = [a, b]
  }

  /** Of what is left from these positions on. */
  isFound(a: number, b: number): boolean {
    const key = a * (this.#globs[1].length + 1) + b
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = this.#search(a, b)
    this.#known.set(key, found)
    return found
  }

  #search(a: number, b: number): boolean {
    let [i, j] = [a, b]
    for (;;) {
      const [x, y] = [this.#globs[0][i], this.#globs[1][j]]
      if (x === undefined || y === undefined) return x === y
      if (!isPlain(x) || !isPlain(y)) return this.#flagged(i, j)
      if (!meet(x, y)) return false
      i += 1
      j += 1
    }
  }

  #flagged(i: number, j: number): boolean {
    const first = this.#globs[0][i]
    const side = first === undefined || isPlain(first) ? 1 : 0
    const [at, other] = side === 0 ? [i, j] : [j, i]
    return this.#globs[side][at]?.flag === '+'
      ? this.#plus(side, at, other)
      : this.#star(side, at, other)
  }

  /** One at least of the other glob's tokens, then as with a star. */
  #plus(side: 0 | 1, at: number, other: number): boolean {
    const [own, theirs] = this.#at(side, at, other)
    if (own === undefined || theirs === undefined || !meet(own, theirs)) return false
    if (this.#star(side, at, other + 1)) return true
    return !isPlain(theirs) && this.#both(side, at + 1, other)
  }

  /** Takes the other's tokens one by one; wherever what follows the star could go on, it is tried. */
  #star(side: 0 | 1, at: number, other: number): boolean {
    const [own, next] = [this.#globs[side][at], this.#globs[side][at + 1]]
    const theirs = this.#globs[side === 0 ? 1 : 0]
    for (let i = other; i < theirs.length; i += 1) {
      const token = theirs[i]
      if (own === undefined || token === undefined) return false
      if (next !== undefined && meet(token, next) && this.#both(side, at + 1, i)) return true
      if (!meet(token, own)) return false
    }
    return next === undefined
  }

  #at(side: 0 | 1, at: number, other: number): readonly [Token | undefined, Token | undefined] {
    return [this.#globs[side][at], this.#globs[side === 0 ? 1 : 0][other]]
  }

  #both(side: 0 | 1, at: number, other: number): boolean {
    return side === 0 ? this.isFound(at, other) : this.isFound(other, at)
  }
}

function isPlain(token: Token | undefined): boolean {
  return token?.flag === ''
}

/** Whether some character is of both tokens, their flags apart. Anything meets even the empty set. */
function meet(a: Token | undefined, b: Token | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if (a.ranges === 'any' || b.ranges === 'any') return true
  const others = b.ranges
  return a.ranges.some(([low, high]) =>
    others.some(([otherLow, otherHigh]) => low <= otherHigh && otherLow <= high),
  )
}
