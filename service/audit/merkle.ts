/**
 * The Merkle tree of the log: RFC 6962 section 2.1, SHA-256.
 *
 * A leaf is hashed behind 0x00 and a node behind 0x01, so that neither can stand for the other.
 */
import { sha256 } from '../statement/digest.ts'

/** MTH of no entries. */
export const emptyRoot: Uint8Array = sha256('')

/** The hash of one entry: bytes, or ASCII text such as a compact JWS. */
export function leafHash(entry: Uint8Array | string): Uint8Array {
  if (typeof entry === 'string') return sha256(`\0${entry}`)
  const prefixed = new Uint8Array(entry.length + 1)
  prefixed.set(entry, 1)
  return sha256(prefixed)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(65)
  joined[0] = 1
  joined.set(left, 1)
  joined.set(right, 33)
  return sha256(joined)
}

/**
 * A tree that only grows. It keeps the roots of the perfect subtrees that the size's binary digits name,
 * widest first: as many hashes as the size has ones, whatever the size.
 */
export class GrowingTree {
  #size: number
  readonly #subtrees: Uint8Array[]

  /** Goes on with a tree of that size and those peaks. @throws RangeError for a number of peaks that it cannot have. */
  constructor(size = 0, peaks: readonly Uint8Array[] = []) {
    if (ones(size) !== peaks.length) throw new RangeError('the size and the subtrees disagree')
    this.#size = size
    this.#subtrees = [...peaks]
  }

  get size(): number {
    return this.#size
  }

  append(hash: Uint8Array): void {
    let merged = hash
    // Each trailing one of the old size is a subtree as wide as what we hold: join them.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#subtrees.pop()
      if (left === undefined) throw new RangeError('the size and the subtrees disagree')
      merged = nodeHash(left, merged)
    }
    this.#subtrees.push(merged)
    this.#size += 1
  }

  /** The roots of the perfect subtrees, widest first. */
  get peaks(): readonly Uint8Array[] {
    return this.#subtrees
  }

  root(): Uint8Array {
    return rootOfPeaks(this.#subtrees)
  }
}

/** Binary digits of a size that are one. */
function ones(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}

/** The root over perfect subtrees that lie side by side, each narrower than the one before. */
export function rootOfPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.length === 0 ? emptyRoot : peaks.reduceRight((right, left) => nodeHash(left, right))
}

/** The peaks over hashes of equal height that lie side by side. */
export function peaksOf(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  const tree = new GrowingTree()
  for (const hash of hashes) tree.append(hash)
  return tree.peaks
}

export function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}
