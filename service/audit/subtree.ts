/**
 * Which perfect subtrees a proof consists of (RFC 9162 sections 2.1.3.1 and 2.1.4.1), without any hash:
 * whoever holds tiles looks them up, see `tile-hashes.ts`.
 */

/** Entries `first` to `end`, which is not among them. */
export type EntryRange = { readonly first: number; readonly end: number }

/** The perfect subtree over the entries `index * 2^level` to `(index + 1) * 2^level`. */
export type Subtree = { readonly level: number; readonly index: number }

/** The largest power of two below a number that is greater than 1. */
function splitOf(width: number): number {
  let split = 1
  while (split * 2 < width) split *= 2
  return split
}

/** The parts whose hashes prove that entry `index` is in the tree of this size: from the leaf upward. */
export function inclusionRanges(index: number, size: number): readonly EntryRange[] {
  if (index < 0 || index >= size) throw new RangeError(`no entry ${index} in a tree of ${size}`)
  const path: EntryRange[] = []
  let [first, end] = [0, size]
  while (end - first > 1) {
    const middle = first + splitOf(end - first)
    if (index < middle) {
      path.push({ first: middle, end })
      end = middle
    } else {
      path.push({ first, end: middle })
      first = middle
    }
  }
  return path.reverse()
}

/** The parts whose hashes prove that the tree of size `to` begins with that of size `from`, 1 or more. */
export function consistencyRanges(from: number, to: number): readonly EntryRange[] {
  if (from < 1 || from > to) throw new RangeError(`no proof from ${from} to ${to}`)
  const path: EntryRange[] = []
  let [first, end] = [0, to]
  while (from !== end) {
    const middle = first + splitOf(end - first)
    if (from <= middle) {
      path.push({ first: middle, end })
      end = middle
    } else {
      path.push({ first, end: middle })
      first = middle
    }
  }
  // The old tree itself is known to whoever checks; a part of it is not.
  if (first > 0) path.push({ first, end })
  return path.reverse()
}

/** The perfect subtrees that make up a range which begins where a tree may be split: widest first. */
export function subtreesOf({ first, end }: EntryRange): readonly Subtree[] {
  const subtrees: Subtree[] = []
  let at = first
  while (at < end) {
    let [level, width] = [0, 1]
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      level += 1
      width *= 2
    }
    subtrees.push({ level, index: at / width })
    at += width
  }
  return subtrees
}
