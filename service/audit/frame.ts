/**
 * How entries lie in a segment file, back to back in a file that was filled with zeros beforehand:
 * `[u32 length][u32 crc32][u32 leaf length][u32 ordinal][leaf][disclosure]`, big-endian.
 *
 * `length` counts what follows the checksum, and the checksum covers exactly that. A length of 0 is the
 * end. `ordinal` counts the frames before this one in the same write: a write begins only after the one
 * before it was durable, so a frame of ordinal 0 proves that everything before it had been on disk.
 */
import { limits } from '../contract/limits.ts'

export type Crc32 = (bytes: Uint8Array) => number

export type FrameContent = {
  /** ASCII: a compact JWS. */
  readonly leaf: string
  readonly disclosure: Uint8Array
}

const headBytes = 16
const ascii = new TextEncoder()

export function frameBytes(content: FrameContent): number {
  return headBytes + content.leaf.length + content.disclosure.length
}

/** The bytes of one write. */
export function encodeFrames(contents: readonly FrameContent[], crc32: Crc32): Uint8Array {
  const bytes = new Uint8Array(contents.reduce((sum, content) => sum + frameBytes(content), 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const [ordinal, content] of contents.entries()) {
    const { leaf, disclosure } = content
    const end = offset + frameBytes(content)
    view.setUint32(offset, end - offset - 8)
    view.setUint32(offset + 8, leaf.length)
    view.setUint32(offset + 12, ordinal)
    const { written } = ascii.encodeInto(leaf, bytes.subarray(offset + headBytes, end))
    if (written !== leaf.length) throw new TypeError('a leaf is ASCII')
    bytes.set(disclosure, offset + headBytes + leaf.length)
    view.setUint32(offset + 4, crc32(bytes.subarray(offset + 8, end)))
    offset = end
  }
  return bytes
}

export type Frame = {
  readonly offset: number
  readonly bytes: number
  readonly ordinal: number
  readonly leaf: Uint8Array
  readonly disclosure: Uint8Array
}

/** The frame at an offset; null when no whole frame with the right checksum lies there. */
export function frameAt(segment: Uint8Array, offset: number, crc32: Crc32): Frame | null {
  if (offset + headBytes > segment.length) return null
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength)
  const length = view.getUint32(offset)
  const leafBytes = view.getUint32(offset + 8)
  const end = offset + 8 + length
  if (length < 8 || end > segment.length) return null
  if (leafBytes > limits.leafBytes || leafBytes > length - 8) return null
  if (crc32(segment.subarray(offset + 8, end)) !== view.getUint32(offset + 4)) return null
  const leafEnd = offset + headBytes + leafBytes
  return {
    offset,
    bytes: length + 8,
    ordinal: view.getUint32(offset + 12),
    leaf: segment.subarray(offset + headBytes, leafEnd),
    disclosure: segment.subarray(leafEnd, end),
  }
}
