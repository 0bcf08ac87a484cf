/**
 * Checks Merkle proofs: RFC 9162 sections 2.1.3.2 and 2.1.4.2, iteratively, over RFC 6962 hashes.
 *
 * Whatever is malformed is a proof that does not hold, never a throw.
 */
import { nodeHash, sameHash } from './merkle.ts'

export type Inclusion = {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** The two trees; `from` is 1 or more: of the empty tree nothing can be proved, and nothing need be. */
export type Consistency = {
  readonly from: number
  readonly to: number
  readonly fromRoot: Uint8Array
  readonly toRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 1
const isHash = (bytes: Uint8Array): boolean => bytes.length === 32
const half = (value: number): number => Math.floor(value / 2)

export function includes({ index, size, leafHash, proof, root }: Inclusion): boolean {
  if (!isSize(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) return false
  if (![leafHash, root, ...proof].every(isHash)) return false
  let [place, last, hash] = [index, size - 1, leafHash]
  for (const sibling of proof) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash)
      ;[place, last] = upToRightChild(place, last)
    } else hash = nodeHash(hash, sibling)
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && sameHash(hash, root)
}

export function isConsistent({ from, to, fromRoot, toRoot, proof }: Consistency): boolean {
  if (!isSize(from) || !isSize(to) || from > to) return false
  if (![fromRoot, toRoot, ...proof].every(isHash)) return false
  if (from === to) return proof.length === 0 && sameHash(fromRoot, toRoot)
  if (proof.length === 0) return false
  // A tree whose size is a power of two is a node of the larger one, so the proof leaves it out.
  const [seed, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof
  return seed !== undefined && climbs({ from, to, fromRoot, toRoot }, seed, rest)
}

function climbs(
  { from, to, fromRoot, toRoot }: Omit<Consistency, 'proof'>,
  seed: Uint8Array,
  rest: readonly Uint8Array[],
): boolean {
  let [place, last] = [from - 1, to - 1]
  while (place % 2 === 1) [place, last] = [half(place), half(last)]
  let [old, all] = [seed, seed]
  for (const sibling of rest) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      old = nodeHash(sibling, old)
      all = nodeHash(sibling, all)
      ;[place, last] = upToRightChild(place, last)
    } else all = nodeHash(all, sibling)
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && sameHash(old, fromRoot) && sameHash(all, toRoot)
}

/** Past the levels where the last node has no sibling. */
function upToRightChild(place: number, last: number): readonly [number, number] {
  let [at, end] = [place, last]
  while (at % 2 === 0 && at !== 0) [at, end] = [half(at), half(end)]
  return [at, end]
}

function isPowerOfTwo(value: number): boolean {
  let power = 1
  while (power < value) power *= 2
  return power === value
}
