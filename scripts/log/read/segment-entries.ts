// The entries in the segment files of a tenant's data directory, a service running on it or not: only read, without a
// lock. A tail that is being written, or that a crash left, is not part of the log.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
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

/** @param folders as for `framesIn` */
export function* segmentEntries(folders: readonly string[]): Generator<Entry | Absent> {
  for (const one of framesIn(folders)) {
    if ('from' in one) yield one
    else yield { index: one.index, token: one.token, disclosure: null }
  }
}

/** Those that are there. */
export function* sealedEntries(folders: readonly string[]): Generator<SealedEntry> {
  for (const one of framesIn(folders)) if (!('from' in one)) yield one
}

/**
 * All of them, and the stretches that are not there.
 *
 * @param folders `<data>/tenants/<tenant>/log`, and `<archive>/log` of what was pruned from it: the first that has a segment gives it
 */
export function* framesIn(folders: readonly string[]): Generator<SealedEntry | Absent> {
  const segments = segmentsOf(folders)
  const minimum = Math.max(0, ...folders.map(prunedTo))
  let index = 0
  for (const [at, { first, path }] of segments.entries()) {
    if (first > index) yield { from: index, to: first, isPruned: first <= minimum }
    index = first
    const { frames, tail } = scanSegment(readFileSync(path), crc32)
    for (const { leaf, disclosure: box } of frames) {
      yield { index, token: Buffer.from(leaf).toString('latin1'), box }
      index += 1
    }
    const isLast = at === segments.length - 1
    // Behind the damage lie entries that had been durable; how many, the next segment says.
    if (tail === 'damaged' && isLast) yield { from: index, to: index + 1, isPruned: false }
  }
}

interface Segment {
  readonly first: number
  readonly path: string
}

function segmentsOf(folders: readonly string[]): readonly Segment[] {
  const found = new Map<number, string>()
  for (const folder of folders.toReversed())
    for (const first of segmentsIn(folder))
      found.set(first, join(folder, `${String(first).padStart(20, '0')}.segment`))
  return [...found].map(([first, path]) => ({ first, path })).sort((a, b) => a.first - b.first)
}

/** Where a log begins that was pruned: what is there alone tells, beside a base. */
function prunedTo(folder: string): number {
  return existsSync(join(folder, 'base')) ? (segmentsIn(folder)[0] ?? 0) : 0
}
