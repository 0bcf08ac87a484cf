// An exported log in a tar archive, plain or compressed by gzip. The archive is walked once by its headers, and its files
// are read from where they lie: it may be larger than memory.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { PdpError } from '../../../service/contract/error-code.ts'
import { blockBytes, readTarHeader } from '../../../service/bundle/tar-header.ts'
import { usage } from '../../command/command.ts'
import { type ExportFiles, refuseLarge } from './export-files.ts'
import { unpacked } from './unpacked.ts'

interface Place {
  readonly offset: number
  readonly bytes: number
}

/** Null when no checkpoint is in it. @throws PdpError `usage` for what is no archive of plain files. */
export async function tarFiles(path: string): Promise<ExportFiles | null> {
  const file = await opened(path)
  try {
    const places = placesIn(file, path)
    const prefix = prefixOf([...places.keys()])
    if (prefix !== null) return filesAt(path, file, places, prefix)
  } catch (error) {
    closeSync(file)
    throw error
  }
  closeSync(file)
  return null
}

/** A descriptor of the plain archive. */
async function opened(path: string): Promise<number> {
  const file = openSync(path, 'r')
  const magic = readAt(file, { offset: 0, bytes: 2 })
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return file
  closeSync(file)
  return unpacked(path)
}

function filesAt(
  path: string,
  file: number,
  places: ReadonlyMap<string, Place>,
  prefix: string,
): ExportFiles {
  return {
    name: path,
    read: (name) => {
      const place = places.get(`${prefix}${name}`)
      if (place === undefined) return null
      refuseLarge(path, name, place.bytes)
      return readAt(file, place)
    },
    close: () => {
      closeSync(file)
    },
  }
}

function placesIn(file: number, path: string): Map<string, Place> {
  const places = new Map<string, Place>()
  const { size } = fstatSync(file)
  let at = 0
  while (at + blockBytes <= size) {
    const block = readAt(file, { offset: at, bytes: blockBytes })
    if (block.every((byte) => byte === 0)) return places
    const { name, bytes, type } = headerOf(block, path)
    const place = { offset: at + blockBytes, bytes }
    if (place.offset + bytes > size) throw unusable(path, `${name} is cut off`)
    // What pax and GNU headers add describes names longer than a log has.
    if (type === 'file' || type === 'oldFile') {
      const plain = name.replace(/^(?:\.?\/)+/u, '')
      if (places.has(plain)) throw unusable(path, `${plain} stands twice in it`)
      places.set(plain, place)
    }
    at = place.offset + Math.ceil(bytes / blockBytes) * blockBytes
  }
  throw unusable(path, 'it ends early')
}

function headerOf(block: Uint8Array, path: string): ReturnType<typeof readTarHeader> {
  try {
    return readTarHeader(block)
  } catch (cause) {
    if (!(cause instanceof PdpError)) throw cause
    throw unusable(path, 'a header cannot be read, or names no plain file', cause)
  }
}

/** Whoever packs a directory packs its name too. */
function prefixOf(names: readonly string[]): string | null {
  const found = names.find((name) => name === 'checkpoint' || /^[^/]+\/checkpoint$/u.test(name))
  return found?.slice(0, -'checkpoint'.length) ?? null
}

function readAt(file: number, { offset, bytes }: Place): Uint8Array {
  const buffer = Buffer.alloc(bytes)
  let read = 0
  while (read < bytes) {
    const count = readSync(file, buffer, read, bytes - read, offset + read)
    if (count === 0) return buffer.subarray(0, read)
    read += count
  }
  return buffer
}

function unusable(path: string, why: string, cause?: unknown): PdpError {
  return usage(
    `${path} is no tar archive of an exported log (${why}): name what "countersign log export" wrote.`,
    cause,
  )
}
