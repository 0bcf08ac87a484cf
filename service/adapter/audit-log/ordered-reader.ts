/**
 * Reads entries in the order of the log. The index knows ids alone; the order is that of the segments, whose names
 * say with which entry each begins.
 */
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { frameAt, frameEnd } from '../../audit/frame.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Recorded } from '../../port/audit-log.ts'
import type { DataKeys } from './data-keys.ts'
import { recordedIn } from './entry-reader.ts'
import type { LogFileSystem } from './file-system.ts'
import { segmentFirsts, segmentName } from './segments.ts'

/** Entries that are opened before others get their turn: decisions are not to wait behind a page. */
const atOnce = 32

/**
 * Entries `from` to `to`, which is not among them; all of them must be durable.
 *
 * @throws PdpError `log_corrupt` when something else lies there.
 */
export async function readInOrder(
  system: LogFileSystem,
  directory: string,
  keys: DataKeys,
  from: number,
  to: number,
): Promise<readonly Recorded[]> {
  const entries: Recorded[] = []
  const firsts = segmentFirsts(await system.list(directory))
  for (const [at, first] of firsts.entries()) {
    const end = Math.min(firsts[at + 1] ?? to, to)
    const begin = Math.max(first, from)
    if (begin >= end) continue
    const path = join(directory, segmentName(first))
    const segment = await system.read(path)
    let offset = offsetOf(segment, begin - first)
    for (let index = begin; index < end; index += 1) {
      const frame = frameAt(segment, offset, crc32)
      const recorded = frame === null ? null : recordedIn(frame, keys)
      if (frame === null || recorded?.leaf.index !== index) throw misplaced(path, index, offset)
      entries.push(recorded)
      offset += frame.bytes
      if (entries.length % atOnce === 0) await setImmediate()
    }
  }
  return entries
}

/** Behind so many frames: by their lengths, since nothing of them is used. */
function offsetOf(segment: Uint8Array, frames: number): number {
  let offset = 0
  for (let skipped = 0; skipped < frames; skipped += 1) offset = frameEnd(segment, offset)
  return offset
}

function misplaced(path: string, index: number, offset: number): PdpError {
  return new PdpError(
    'log_corrupt',
    `${path} does not hold entry ${String(index)} at byte ${String(offset)}.`,
  )
}
