/** Reads a whole segment, and says what its tail is: that decides what a crash may have left behind. */
import { frameAt, type Crc32, type Frame } from './frame.ts'

export type Scan = {
  readonly frames: readonly Frame[]
  /** Where the next frame belongs. */
  readonly end: number
  /** One past the last byte that is not zero. */
  readonly dirtyEnd: number
  /**
   * `clean`: only zeros follow. `torn`: bytes follow that are no frame, as an interrupted write leaves
   * them. `damaged`: behind those bytes a later write begins, so they had been durable and were lost.
   */
  readonly tail: 'clean' | 'torn' | 'damaged'
}

/** @param from where a frame begins, or the data ends */
export function scanSegment(segment: Uint8Array, crc32: Crc32, from = 0): Scan {
  const frames: Frame[] = []
  let end = from
  for (
    let frame = frameAt(segment, from, crc32);
    frame !== null;
    frame = frameAt(segment, end, crc32)
  ) {
    frames.push(frame)
    end = frame.offset + frame.bytes
  }
  const dirtyEnd = lastByte(segment, end)
  if (dirtyEnd === end) return { frames, end, dirtyEnd, tail: 'clean' }
  const tail = laterWriteBegins(segment, end + 1, dirtyEnd, crc32) ? 'damaged' : 'torn'
  return { frames, end, dirtyEnd, tail }
}

function lastByte(segment: Uint8Array, from: number): number {
  let last = segment.length
  while (last > from && segment[last - 1] === 0) last -= 1
  return last
}

/** Frames lie at any offset: try each. Most offsets fall at the length, before a checksum is computed. */
function laterWriteBegins(segment: Uint8Array, from: number, to: number, crc32: Crc32): boolean {
  for (let offset = from; offset < to; offset += 1) {
    if (frameAt(segment, offset, crc32)?.ordinal === 0) return true
  }
  return false
}
