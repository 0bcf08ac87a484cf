/**
 * Opening a log, new or old, after a clean stop or a crash: there is no other way in.
 *
 * Every byte is read and checked. What an interrupted write left at the very end was never answered and
 * is cut; anything else that is not as it was written means that acknowledged entries are lost, and the
 * log refuses to open.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Frame } from '../../audit/frame.ts'
import { scanSegment, type Scan } from '../../audit/scan.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Leaf } from '../../contract/leaf.ts'
import type { LogFileSystem } from './file-system.ts'
import { segmentFirsts, segmentName, type LogEnd, type Position } from './segments.ts'
import { readToken } from './token.ts'

export type RecoveredEntry = {
  readonly token: string
  readonly leaf: Leaf
  readonly payload: string
  readonly position: Position
}

/** Visits every entry in order; cuts a torn tail; says where writing goes on. */
export async function recoverSegments(
  system: LogFileSystem,
  directory: string,
  visit: (entry: RecoveredEntry) => void,
): Promise<LogEnd> {
  const firsts = segmentFirsts(await system.list(directory))
  let size = 0
  let end: LogEnd = null
  for (const first of firsts) {
    const path = join(directory, segmentName(first))
    if (first !== size)
      throw corrupt(path, `it should begin with entry ${size}: a segment is missing`)
    const scan = scanSegment(await system.read(path), crc32)
    refuseDamage(scan, path, first === firsts.at(-1))
    for (const frame of scan.frames) {
      visit(readEntry(frame, first, size, path))
      size += 1
    }
    if (scan.tail === 'torn') await cut(system, path, scan)
    end = { segment: first, offset: scan.end }
  }
  return end
}

function refuseDamage(scan: Scan, path: string, last: boolean): void {
  if (scan.tail === 'clean' || (scan.tail === 'torn' && last)) return
  throw corrupt(path, `the entry at byte ${scan.end} is damaged, and it had been acknowledged`)
}

function readEntry(frame: Frame, segment: number, index: number, path: string): RecoveredEntry {
  const token = Buffer.from(frame.leaf).toString('latin1')
  const read = readToken(token)
  if (read?.leaf.index !== index) {
    throw corrupt(path, `the entry at byte ${frame.offset} should be entry ${index} and is not`)
  }
  const { offset, bytes } = frame
  return { token, leaf: read.leaf, payload: read.payload, position: { segment, offset, bytes } }
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
