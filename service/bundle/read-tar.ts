/**
 * Reads a tar archive into its files: regular files only, each name once, nothing after the end.
 *
 * The bytes are views into the archive. Directories carry nothing and are dropped, as OPA does.
 */
import { limits } from '../contract/limits.ts'
import { bundlePath } from './bundle-path.ts'
import { refusal } from './refusal.ts'
import { asciiText, blockBytes, readTarHeader, tarText, type TarHeader } from './tar-header.ts'

/** Path inside the bundle -> bytes. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>

type Cursor = { readonly archive: Uint8Array; at: number; nextName: string | null }

export function readTar(archive: Uint8Array): BundleFiles {
  const files = new Map<string, Uint8Array>()
  const cursor: Cursor = { archive, at: 0, nextName: null }
  for (let block = takeBlock(cursor); block !== null; block = takeBlock(cursor)) {
    const header = readTarHeader(block)
    const bytes = takeContent(cursor, header)
    const name = cursor.nextName ?? header.name
    if (isFile(header, name)) addFile(files, name, bytes)
    cursor.nextName = nameForNext(header, bytes, cursor.nextName)
  }
  return files
}

/** Asked of the whole name: a header's own may be cut off just behind a slash. */
function isFile(header: TarHeader, name: string): boolean {
  return header.type === 'file' || (header.type === 'oldFile' && !name.endsWith('/'))
}

function addFile(files: Map<string, Uint8Array>, name: string, bytes: Uint8Array): void {
  const path = bundlePath(name)
  if (files.has(path)) {
    throw refusal('duplicate_file', path, 'the file stands twice in the archive: keep one')
  }
  if (files.size === limits.bundleFiles) {
    throw refusal('too_many_files', '', `a bundle has at most ${limits.bundleFiles} files`)
  }
  files.set(path, bytes)
}

/** The next header, or null at the end: a block of zeros and then nothing but zeros. */
function takeBlock(cursor: Cursor): Uint8Array | null {
  const { archive, at } = cursor
  if (at + blockBytes > archive.length) {
    throw refusal('not_tar', '', 'the archive ends early: transfer or pack it again')
  }
  const block = archive.subarray(at, at + blockBytes)
  cursor.at += blockBytes
  if (block.some(isSet)) return block
  if (archive.subarray(cursor.at).some(isSet)) {
    throw refusal('not_tar', '', 'something follows the end of the archive: pack it again')
  }
  return null
}

function isSet(byte: number): boolean {
  return byte !== 0
}

function takeContent(cursor: Cursor, header: TarHeader): Uint8Array {
  const end = cursor.at + header.bytes
  if (end > cursor.archive.length) {
    throw refusal('not_tar', header.name, 'the file is cut off: transfer or pack the bundle again')
  }
  const bytes = cursor.archive.subarray(cursor.at, end)
  cursor.at += Math.ceil(header.bytes / blockBytes) * blockBytes
  return bytes
}

/** A name too long for a header comes in an entry of its own, before the entry that it names. */
function nameForNext(header: TarHeader, bytes: Uint8Array, waiting: string | null): string | null {
  switch (header.type) {
    case 'longName':
      return tarText(bytes)
    case 'paxForNext':
      return paxName(bytes) ?? waiting
    case 'paxForAll':
      if (paxName(bytes) !== null)
        throw refusal('path', '', 'one name is given to all files: pack the bundle again')
      return waiting
    case 'file':
    case 'oldFile':
    case 'directory':
      return null
  }
}

/** The `path` of a pax header (POSIX pax, records `<length> <name>=<value>\n`); other records only describe. */
function paxName(bytes: Uint8Array): string | null {
  let path: string | null = null
  for (let at = 0; at < bytes.length;) {
    const length = Number.parseInt(asciiText(bytes.subarray(at, at + 12)), 10)
    const record = tarText(bytes.subarray(at, at + length))
    const [, name = '', value = ''] = /^\d+ ([^=]+)=([^]*)\n$/.exec(record) ?? []
    if (name === '' || !(length > 0))
      throw refusal('not_tar', '', 'a pax header cannot be read: pack the bundle again')
    if (name === 'size' || name.startsWith('GNU.sparse')) {
      throw refusal(
        'entry_type',
        '',
        `an entry has the pax record ${name}: pack the bundle with plain files`,
      )
    }
    if (name === 'path') path = value
    at += length
  }
  return path
}
