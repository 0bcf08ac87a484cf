// Every leaf of a time, for a report that is made of leaves alone; what cannot be read is counted.

import type { Leaf } from '../../../service/contract/leaf.ts'
import type { Period } from './recorded-decisions.ts'
import type { LogSource } from '../read/log-source.ts'
import { readLeaf } from '../read/read-leaf.ts'

/** Entries that say nothing here; whether they are of that time is not known. */
export interface Gaps {
  readonly missing: number
  readonly unreadable: number
  /** The same in words. */
  readonly lines: readonly string[]
}

export function gather(
  source: LogSource,
  { from, to }: Period,
  take: (leaf: Leaf, disclosure: string | null) => void,
): Gaps {
  let missing = 0
  let unreadable = 0
  for (const entry of source.entries()) {
    if ('from' in entry) {
      missing += entry.to - entry.from
      continue
    }
    const reading = readLeaf(entry.token)
    if (!reading.ok) {
      unreadable += 1
      continue
    }
    const { leaf } = reading.read
    if ((from === null || leaf.iat >= from) && (to === null || leaf.iat < to))
      take(leaf, entry.disclosure)
  }
  const lines = [
    ...(missing === 0 ? [] : [`${String(missing)} entries are not in this log`]),
    ...(unreadable === 0 ? [] : [`${String(unreadable)} entries cannot be read`]),
  ]
  return { missing, unreadable, lines }
}
