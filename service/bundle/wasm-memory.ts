/**
 * The memory that a WebAssembly module imports: its limits stand in the import section (core
 * specification, 5.5.5) and JavaScript cannot ask for them. The minimum grows with a policy's constants.
 */
import { refusal } from './refusal.ts'

/** Pages of 64 KiB. */
export type MemoryImport = { readonly minimum: number; readonly maximum: number | null }

type Reader = { readonly bytes: Uint8Array; at: number }

const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const importSection = 2
const utf8 = new TextDecoder()

/** @throws PdpError `bundle_refused` when the module cannot be read or imports no memory `env.memory`. */
export function importedMemory(bytes: Uint8Array): MemoryImport {
  if (magic.some((byte, i) => bytes[i] !== byte)) throw damaged()
  const reader: Reader = { bytes, at: magic.length }
  while (reader.at < bytes.length) {
    const id = readByte(reader)
    const end = readNumber(reader) + reader.at
    if (end > bytes.length) throw damaged()
    if (id === importSection) return memoryAmong(reader)
    reader.at = end
  }
  throw noMemory()
}

function memoryAmong(reader: Reader): MemoryImport {
  for (let left = readNumber(reader); left > 0; left -= 1) {
    const name = `${readName(reader)}.${readName(reader)}`
    const kind = readByte(reader)
    if (kind === 2) {
      const memory = readLimits(reader)
      if (name === 'env.memory') return memory
    } else skipType(reader, kind)
  }
  throw noMemory()
}

/** Functions, tables and globals; anything newer is not what OPA compiles. */
function skipType(reader: Reader, kind: number): void {
  if (kind === 0) readNumber(reader)
  else if (kind === 1) {
    readByte(reader)
    readLimits(reader)
  } else if (kind === 3) reader.at += 2
  else throw damaged()
}

function readLimits(reader: Reader): MemoryImport {
  const flags = readByte(reader)
  if (flags > 1) throw damaged()
  const minimum = readNumber(reader)
  return { minimum, maximum: flags === 1 ? readNumber(reader) : null }
}

function readName(reader: Reader): string {
  const length = readNumber(reader)
  const name = utf8.decode(reader.bytes.subarray(reader.at, reader.at + length))
  reader.at += length
  return name
}

/** Unsigned LEB128, at most 32 bits. */
function readNumber(reader: Reader): number {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = readByte(reader)
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return value
  }
  throw damaged()
}

function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at]
  if (byte === undefined) throw damaged()
  reader.at += 1
  return byte
}

function damaged(): Error {
  return refusal(
    'wasm',
    'policy.wasm',
    'this is no WebAssembly module that OPA compiled: build the bundle again',
  )
}

function noMemory(): Error {
  return refusal(
    'wasm',
    'policy.wasm',
    'the module imports no memory: build the bundle with `opa build -t wasm`',
  )
}
