// The entries in the segment files of a tenant's data directory, a service running on it or not: only read, without a
// lock. A tail that is being written, or that a crash left, is not part of the log.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { scanSegment } from '../../../service/audit/scan.ts'
import type { Absent, Entry } from './entry.ts'

/** The first index of each segment, in order. */
export function segmentsIn(folder: string): readonly number[] {
  return readdirSync(folder)
    .filter((name) => /^\d{20}\.segment$/u.test(name))
    .map((name) => Number(name.slice(0, 20)))
    .sort((a, b) => a - b)
}

/** An entry with what lies encrypted beside it. */
interface SealedEntry {
  readonly index: number
  readonly token: string
  readonly box: Uint8Array
}

/** @param folder `<data>/tenants/<tenant>/log` */
export function* segmentEntries(folder: string): Generator<Entry | Absent> {
  for (const one of framesIn(folder)) {
    if ('from' in one) yield one
    else yield { index: one.index, token: one.token, disclosure: null }
  }
}

/** Those that are there. */
export function* sealedEntries(folder: string): Generator<SealedEntry> {
  for (const one of framesIn(folder)) if (!('from' in one)) yield one
}

/** All of them, and the stretches that are not there. */
export function* framesIn(folder: string): Generator<SealedEntry | Absent> {
  const firsts = segmentsIn(folder)
  let index = 0
  for (const [at, first] of firsts.entries()) {
    if (first > index) yield { from: index, to: first }
    index = first
    const name = `${String(first).padStart(20, '0')}.segment`
    const { frames, tail } = scanSegment(readFileSync(join(folder, name)), crc32)
    for (const { leaf, disclosure: box } of frames) {
      yield { index, token: Buffer.from(leaf).toString('latin1'), box }
      index += 1
    }
    const isLast = at === firsts.length - 1
    // Behind the damage lie entries that had been durable; how many, the next segment says.
    if (tail === 'damaged' && isLast) yield { from: index, to: index + 1 }
  }
}
