/** Entry bundles of C2SP tlog-tiles: each entry behind its length, a big-endian uint16. */
import { limits } from '../contract/limits.ts'

/** @throws RangeError for an entry that is longer than a length can say. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const entry of entries) {
    if (entry.length > limits.leafBytes) throw new RangeError('an entry is too long for a bundle')
    view.setUint16(offset, entry.length)
    bytes.set(entry, offset + 2)
    offset += 2 + entry.length
  }
  return bytes
}

/** The entries, which share the bundle's memory; null when it does not hold exactly so many. */
export function decodeBundle(bytes: Uint8Array, width: number): readonly Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Uint8Array[] = []
  let offset = 0
  while (offset < bytes.length) {
    if (offset + 2 > bytes.length || entries.length === width) return null
    const end = offset + 2 + view.getUint16(offset)
    if (end > bytes.length) return null
    entries.push(bytes.subarray(offset + 2, end))
    offset = end
  }
  return entries.length === width ? entries : null
}
