/**
 * Writes gzip (RFC 1952) with stored blocks (RFC 1951 section 3.2.4): packed, not compressed.
 *
 * Compressors differ from version to version and from machine to machine, and a bundle is named by the
 * digest of its bytes: the same content must give the same bytes everywhere.
 */
import { concatenate } from './write-tar.ts'

/** Deflate, no time, unknown operating system. */
const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)
const storedBytes = 0xffff

export function writeGzip(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [head]
  let at = 0
  do {
    const part = bytes.subarray(at, at + storedBytes)
    at += part.length
    parts.push(storedHeader(part.length, at === bytes.length), part)
  } while (at < bytes.length)
  return concatenate([...parts, littleEndian(crc32(bytes)), littleEndian(bytes.length)])
}

function storedHeader(length: number, last: boolean): Uint8Array {
  const inverse = ~length & 0xffff
  return Uint8Array.of(last ? 1 : 0, length & 0xff, length >> 8, inverse & 0xff, inverse >> 8)
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}
