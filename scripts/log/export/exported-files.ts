// The files of an export, one after the other: exactly those of the checkpoint that was read first, whatever a running
// service publishes meanwhile.

import { encodeBundle } from '../../../service/audit/entry-bundle.ts'
import { encodeTile } from '../../../service/audit/tile-hashes.ts'
import { hashesAt, tileAt, tilePath, tileWidth } from '../../../service/audit/tile.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import { disclosureLine, disclosuresPath } from '../read/disclosed-entries.ts'
import type { ExportFiles } from '../read/export-files.ts'
import { minimumFile } from '../read/joined-files.ts'
import { firstBundle, type PublishedLog } from '../read/published-log.ts'
import { witnessedFiles } from '../read/witnessed-files.ts'

export interface ExportedFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What may be seen of the entries from one index up to another: JSON texts with salt and value, by index. */
export type Disclosing = (from: number, to: number) => ReadonlyMap<number, string>

/** @throws PdpError `not_ready` when a file is missing that the checkpoint covers. */
export function* exportedFiles(
  files: ExportFiles,
  log: PublishedLog,
  disclosing: Disclosing,
): Generator<ExportedFile> {
  yield { path: 'checkpoint', bytes: Buffer.from(log.checkpoint.text) }
  for (const path of ['keys/log.vkey', 'keys/jwks.json']) {
    yield { path, bytes: files.read(path) ?? missing(files.name, path) }
  }
  // One that is newer than the checkpoint was kept since.
  for (const { path, checkpoint } of witnessedFiles(files))
    if (checkpoint.size <= log.checkpoint.size) yield { path, bytes: Buffer.from(checkpoint.text) }
  if (firstBundle(log) > 0)
    yield { path: minimumFile, bytes: Buffer.from(`${String(log.minimum)}\n`) }
  yield* tilesOf(log)
  yield* entriesOf(log, disclosing)
}

function* tilesOf(log: PublishedLog): Generator<ExportedFile> {
  const { size } = log.checkpoint
  for (let level = 0; hashesAt(level, size) > 0; level += 1) {
    for (let at = 0; at * tileWidth < hashesAt(level, size); at += 1) {
      const path = pathOf(level, at, size)
      yield { path, bytes: encodeTile(log.hashes(level, at) ?? missing(log.name, path)) }
    }
  }
}

function* entriesOf(log: PublishedLog, disclosing: Disclosing): Generator<ExportedFile> {
  const { size } = log.checkpoint
  for (let at = firstBundle(log); at < log.bundles; at += 1) {
    const path = pathOf('entries', at, size)
    const tokens = log.bundle(at) ?? missing(log.name, path)
    yield { path, bytes: encodeBundle(tokens.map((token) => Buffer.from(token, 'latin1'))) }
    const from = at * tileWidth
    const disclosed = disclosing(from, Math.min(from + tileWidth, size))
    if (disclosed.size === 0) continue
    const lines = [...disclosed].map(([index, text]) => disclosureLine({ index, text }))
    yield { path: disclosuresPath(at), bytes: Buffer.from(lines.join('')) }
  }
}

function pathOf(level: number | 'entries', at: number, size: number): string {
  const tile = tileAt(level, at, size)
  if (tile === null) throw new PdpError('internal', 'A tile was asked for that no log has.')
  return tilePath(tile)
}

function missing(name: string, path: string): never {
  throw new PdpError(
    'not_ready',
    `${name} has no ${path}, or not the whole of it: start the service, which publishes it again, and export then.`,
  )
}
