/** One header of a tar archive (POSIX ustar and what GNU tar adds), read strictly. */
import { refusal } from './refusal.ts'

export const blockBytes = 512

export type TarHeader = {
  readonly name: string
  readonly bytes: number
  readonly type: TarEntryType
}

/**
 * `paxFor…` and `longName` describe the entry that follows. `oldFile` is from before POSIX: a directory if
 * its name ends in a slash.
 */
export type TarEntryType =
  'file' | 'oldFile' | 'directory' | 'paxForNext' | 'paxForAll' | 'longName'

const types: Readonly<Record<string, TarEntryType>> = {
  '0': 'file',
  '\0': 'oldFile',
  '5': 'directory',
  x: 'paxForNext',
  g: 'paxForAll',
  L: 'longName',
}

const latin1 = new TextDecoder('latin1')
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws PdpError `bundle_refused` for a damaged header, a link, a device or any other special entry. */
export function readTarHeader(block: Uint8Array): TarHeader {
  const name = fullName(block)
  if (octal(block, 148, 8, name) !== checksum(block)) {
    throw refusal('not_tar', name, 'the header is damaged: pack the bundle again')
  }
  const flag = asciiText(block.subarray(156, 157))
  const type = types[flag]
  if (type === undefined) {
    throw refusal(
      'entry_type',
      name,
      `an entry of type ${JSON.stringify(flag)} is no file: pack files only, no links`,
    )
  }
  return { name, bytes: octal(block, 124, 12, name), type }
}

export function tarText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  try {
    return utf8.decode(end === -1 ? bytes : bytes.subarray(0, end))
  } catch (cause) {
    throw refusal('path', '', 'a file name is not UTF-8: rename the file', cause)
  }
}

/** Text of single bytes, whatever they are. */
export function asciiText(bytes: Uint8Array): string {
  return latin1.decode(bytes)
}

function fullName(block: Uint8Array): string {
  const name = tarText(block.subarray(0, 100))
  if (asciiText(block.subarray(257, 263)) !== 'ustar\0') return name
  const prefix = tarText(block.subarray(345, 500))
  return prefix === '' ? name : `${prefix}/${name}`
}

/** GNU's binary sizes begin with a byte above 0x7f, are for files beyond 8 GiB, and fail here. */
function octal(block: Uint8Array, at: number, length: number, name: string): number {
  const digits = asciiText(block.subarray(at, at + length))
    .replace(/^ +/, '')
    .replace(/[ \0]+$/, '')
  if (!/^[0-7]{1,12}$/.test(digits)) {
    throw refusal('not_tar', name, 'a number in the header cannot be read: pack the bundle again')
  }
  return Number.parseInt(digits, 8)
}

/** The sum of all bytes, where those of the sum itself count as spaces. */
function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20
  for (let i = 0; i < blockBytes; i += 1) if (i < 148 || i >= 156) sum += block[i] ?? 0
  return sum
}
