// The published log as it lies in an export: its checkpoint, its tiles and its entries (C2SP tlog-tiles). What is read is
// not believed: whether it holds together, the verifier says.

import { type Checkpoint, parseCheckpoint } from '../../../service/audit/checkpoint.ts'
import { decodeBundle } from '../../../service/audit/entry-bundle.ts'
import { type Note, parseNote } from '../../../service/audit/signed-note.ts'
import { decodeTile } from '../../../service/audit/tile-hashes.ts'
import { type Tile, tileAt, tilePath, tileWidth } from '../../../service/audit/tile.ts'
import type { Absent, Entry } from './entry.ts'
import { disclosuresPath, disclosuresIn } from './disclosed-entries.ts'
import type { ExportFiles } from './export-files.ts'
import { minimumFile } from './joined-files.ts'
import { MalformedFile } from './malformed-file.ts'

export interface SignedCheckpoint extends Checkpoint {
  /** As it is written. */
  readonly text: string
  readonly note: Note
}

/** Null when it is no signed checkpoint. */
export function readCheckpoint(text: string): SignedCheckpoint | null {
  const note = parseNote(text)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  return note === null || checkpoint === null ? null : { ...checkpoint, text, note }
}

/** The first bundle that is there, of a log that was pruned; 0 of any other. */
export function firstBundle(log: PublishedLog): number {
  const most = Math.floor(Math.min(log.minimum, log.checkpoint.size) / tileWidth)
  let at = 0
  while (at < most && log.bundle(at) === null) at += 1
  return at
}

export class PublishedLog {
  readonly #files: ExportFiles
  readonly checkpoint: SignedCheckpoint

  /** @throws MalformedFile when the checkpoint is none. */
  constructor(files: ExportFiles) {
    this.#files = files
    const text = Buffer.from(files.read('checkpoint') ?? '').toString()
    const checkpoint = readCheckpoint(text)
    if (checkpoint === null) {
      throw new MalformedFile(
        files.name,
        { file: 'checkpoint', expected: 'a signed checkpoint', found: 'something else' },
        'name an exported log',
      )
    }
    this.checkpoint = checkpoint
  }

  get name(): string {
    return this.#files.name
  }

  /**
   * The minimum index that the log says it was pruned to; 0 when it says none. Nothing vouches for it but a leaf.
   *
   * @throws MalformedFile
   */
  get minimum(): number {
    const bytes = this.#files.read(minimumFile)
    if (bytes === null) return 0
    const text = Buffer.from(bytes).toString()
    if (/^(?:0|[1-9]\d{0,14})\n$/u.test(text)) return Number(text)
    const place = { file: minimumFile, expected: 'a whole number', found: 'something else' }
    throw new MalformedFile(this.name, place, 'restore it from a copy')
  }

  /** Bundles of entries that the checkpoint covers. */
  get bundles(): number {
    return Math.ceil(this.checkpoint.size / tileWidth)
  }

  /** The entries of a bundle, as text; null when it is missing or does not hold as many as it must. */
  bundle(at: number): readonly string[] | null {
    const tile = tileAt('entries', at, this.checkpoint.size)
    const entries = tile === null ? null : this.#parts(tile, decodeBundle)
    return entries?.map((bytes) => Buffer.from(bytes).toString('latin1')) ?? null
  }

  /** The hashes of a tile; null as for a bundle. */
  hashes(level: number, at: number): readonly Uint8Array[] | null {
    const tile = tileAt(level, at, this.checkpoint.size)
    return tile === null ? null : this.#parts(tile, decodeTile)
  }

  /** What was disclosed beside the entries of a bundle, by index. @throws MalformedFile */
  disclosures(at: number): ReadonlyMap<number, string> {
    const path = disclosuresPath(at)
    return disclosuresIn(this.#files.read(path), this.name, path)
  }

  *entries(): Generator<Entry | Absent> {
    const { minimum } = this
    const first = firstBundle(this)
    if (first > 0) yield { from: 0, to: first * tileWidth, isPruned: true }
    for (let at = first; at < this.bundles; at += 1) {
      const from = at * tileWidth
      const tokens = this.bundle(at)
      const disclosed = this.disclosures(at)
      if (tokens === null) {
        const to = Math.min(from + tileWidth, this.checkpoint.size)
        yield { from, to, isPruned: to <= minimum }
      }
      for (const [i, token] of (tokens ?? []).entries()) {
        const index = from + i
        yield { index, token, disclosure: disclosed.get(index) ?? null }
      }
    }
  }

  /** A partial tile may be gone once the full one is there, which begins with it. */
  #parts(
    tile: Tile,
    decode: (bytes: Uint8Array, width: number) => readonly Uint8Array[] | null,
  ): readonly Uint8Array[] | null {
    const own = this.#files.read(tilePath(tile))
    if (own !== null) return decode(own, tile.width)
    const full = this.#files.read(tilePath({ ...tile, width: tileWidth }))
    return full === null ? null : (decode(full, tileWidth)?.slice(0, tile.width) ?? null)
  }
}
