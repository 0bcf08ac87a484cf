/**
 * Opening a log, new or old, after a clean stop or a crash: there is no other way in.
 *
 * Every byte from the given place on is read and checked. What an interrupted write left at the very end was never answered and
 * is cut; anything else that is not as it was written means that acknowledged entries are lost, and the
 * log refuses to open.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { scanSegment, type Scan } from '../../audit/scan.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { LogFileSystem } from './file-system.ts'
import { readEntry, type ReadEntry } from './read-entry.ts'
import { segmentFirsts, segmentName, type LogEnd, type Place } from './segments.ts'

/** Visits every entry from a place on, in order; cuts a torn tail; says where writing goes on. */
export async function recoverSegments(
  system: LogFileSystem,
  directory: string,
  visit: (entry: ReadEntry) => void,
  from: Place = { index: 0, segment: 0, offset: 0 },
): Promise<LogEnd> {
  const all = segmentFirsts(await system.list(directory))
  const firsts = all.filter((first) => first >= from.segment)
  let next = from.segment
  let end: LogEnd = null
  for (const first of firsts) {
    const path = join(directory, segmentName(first))
    if (first !== next)
      throw corrupt(path, `it should begin with entry ${next}: a segment is missing`)
    const isFirst = end === null
    let index = isFirst ? from.index : first
    const scan = scanSegment(await system.read(path), crc32, isFirst ? from.offset : 0)
    refuseDamage(scan, path, first === firsts.at(-1))
    for (const frame of scan.frames) {
      const { offset, bytes } = frame
      const entry = readEntry(frame, { segment: first, offset, bytes }, index)
      if (entry === null)
        throw corrupt(path, `the entry at byte ${offset} should be entry ${index} and is not`)
      visit(entry)
      index += 1
    }
    if (scan.tail === 'torn') await cut(system, path, scan)
    end = { segment: first, offset: scan.end }
    next = index
  }
  return end
}

function refuseDamage(scan: Scan, path: string, last: boolean): void {
  if (scan.tail === 'clean' || (scan.tail === 'torn' && last)) return
  throw corrupt(path, `the entry at byte ${scan.end} is damaged, and it had been acknowledged`)
}

/**
 * Zeros over the torn bytes, durable before anything is appended: else a later, shorter write could end
 * where an old frame begins. If we crash here, the next opening finds a torn tail again.
 */
async function cut(system: LogFileSystem, path: string, scan: Scan): Promise<void> {
  const file = await system.openDurable(path)
  try {
    const torn = new Uint8Array(scan.dirtyEnd - scan.end)
    const written = await file.write(torn, scan.end)
    if (written !== torn.length) throw new Error(`${path}: the torn tail could not be cut`)
    await file.sync()
  } finally {
    await file.close()
  }
}

function corrupt(path: string, what: string): PdpError {
  return new PdpError(
    'log_corrupt',
    `${path}: ${what}. Nothing was changed. Restore this directory from a copy, or keep it as evidence ` +
      'and start with a new data directory.',
  )
}
