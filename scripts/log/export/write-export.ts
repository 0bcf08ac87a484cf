// Writes an export whole or not at all, as a directory or as a tar archive (by gzip when its name says so): beside its place,
// synced, then renamed. One file of it is in memory at a time.

import { createWriteStream, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { PdpError } from '../../../service/contract/error-code.ts'
import { blockBytes } from '../../../service/bundle/tar-header.ts'
import { tarHeader } from '../../../service/bundle/write-tar.ts'
import { usage } from '../../command/command.ts'
import { kindOf } from '../../command/read-file.ts'
import {
  besideOf,
  removed,
  syncDirectory,
  targetOf,
  unwritten,
  writeSynced,
} from '../../command/write-file.ts'
import type { ExportedFile } from './exported-files.ts'

/** @throws PdpError `usage` that names the place and the remedy; `not_ready` when it is the disk that fails. */
export async function writeExport(out: string, files: Iterable<ExportedFile>): Promise<void> {
  const isArchive = /\.(?:tar|tar\.gz|tgz)$/u.test(out)
  if (!isArchive) refuseUsed(out)
  let beside: string | null = null
  try {
    const target = isArchive ? targetOf(out) : resolve(out)
    beside = besideOf(target)
    if (isArchive) await writeArchive(beside, !out.endsWith('.tar'), files)
    else writeFolder(beside, files)
    renameSync(beside, target)
    syncDirectory(dirname(target))
  } catch (error) {
    if (beside !== null) removed(beside)
    // What the log has to say of itself is not about the place that is written.
    throw error instanceof PdpError ? error : unwritten(out, error)
  }
}

/** Writes one file of lines, by gzip when its name ends in `.gz`: whole or not at all. @throws as `writeExport`. */
export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  let beside: string | null = null
  try {
    const target = targetOf(file)
    beside = besideOf(target)
    await writeStream(beside, file.endsWith('.gz'), Readable.from(lines, { objectMode: false }))
    renameSync(beside, target)
    syncDirectory(dirname(target))
  } catch (error) {
    if (beside !== null) removed(beside)
    throw error instanceof PdpError ? error : unwritten(file, error)
  }
}

function refuseUsed(out: string): void {
  const kind = kindOf(out)
  if (kind === 'absent' || (kind === 'directory' && readdirSync(out).length === 0)) return
  throw usage(
    `${out}: something else is there; name a directory that is empty or not there, or a file *.tar or *.tar.gz.`,
  )
}

function writeFolder(folder: string, files: Iterable<ExportedFile>): void {
  const folders = new Set([folder])
  // Made here and nowhere above: a folder that is not there is a name that was mistyped.
  mkdirSync(folder)
  for (const { path, bytes } of files) {
    const place = join(folder, path)
    mkdirSync(dirname(place), { recursive: true })
    for (let made = dirname(place); made !== folder; made = dirname(made)) folders.add(made)
    writeSynced(place, bytes)
  }
  for (const made of folders) syncDirectory(made)
}

function writeArchive(
  file: string,
  isCompressed: boolean,
  files: Iterable<ExportedFile>,
): Promise<void> {
  return writeStream(file, isCompressed, Readable.from(archived(files), { objectMode: false }))
}

async function writeStream(file: string, isCompressed: boolean, content: Readable): Promise<void> {
  const out = createWriteStream(file, { mode: 0o644, flush: true })
  if (isCompressed) await pipeline(content, createGzip(), out)
  else await pipeline(content, out)
}

/** A tar archive, piece by piece; it ends with two blocks of zeros. */
function* archived(files: Iterable<ExportedFile>): Generator<Uint8Array> {
  for (const { path, bytes } of files) {
    yield tarHeader(path, bytes.length)
    if (bytes.length > 0) yield bytes
    const rest = bytes.length % blockBytes
    if (rest > 0) yield new Uint8Array(blockBytes - rest)
  }
  yield new Uint8Array(2 * blockBytes)
}
