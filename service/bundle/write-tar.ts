/** Writes a tar archive (POSIX ustar) whose bytes depend on names and contents alone: no time, owner or order. */
import { compareUtf8 } from './json-text.ts'
import { refusal } from './refusal.ts'
import { blockBytes } from './tar-header.ts'

const utf8 = new TextEncoder()

/** @param files path inside the bundle -> bytes; names get the leading slash that `opa build` writes. */
export function writeTar(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => compareUtf8(a, b))
  const parts = sorted.flatMap(([path, bytes]) => [
    tarHeader(`/${path}`, bytes.length),
    padded(bytes),
  ])
  return concatenate([...parts, new Uint8Array(2 * blockBytes)])
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function padded(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes)
  block.set(bytes)
  return block
}

/** The block before a plain file that anybody may read. @throws PdpError `bundle_refused` for a name that is too long. */
export function tarHeader(name: string, size: number): Uint8Array {
  const block = new Uint8Array(blockBytes)
  const put = (at: number, text: string): void => {
    block.set(utf8.encode(text), at)
  }
  const [prefix, rest] = split(name)
  put(0, rest)
  put(100, `0000644\0${'0000000\0'.repeat(2)}`)
  put(124, `${octal(size)}\0${octal(0)}\0`)
  put(148, ' '.repeat(8))
  put(156, '0')
  put(257, 'ustar\x0000')
  put(345, prefix)
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(148, `${octal(sum).slice(-6)}\0 `)
  return block
}

/** A name of more than 100 bytes is cut at a slash into a prefix (at most 155 bytes) and the rest. */
function split(name: string): readonly [string, string] {
  if (utf8.encode(name).length <= 100) return ['', name]
  for (let cut = name.indexOf('/', 1); cut !== -1; cut = name.indexOf('/', cut + 1)) {
    const [prefix, rest] = [name.slice(0, cut), name.slice(cut + 1)]
    if (utf8.encode(prefix).length <= 155 && utf8.encode(rest).length <= 100) return [prefix, rest]
  }
  throw refusal('path', name, 'the name is too long for a tar archive: shorten it')
}

function octal(value: number): string {
  return value.toString(8).padStart(11, '0')
}
