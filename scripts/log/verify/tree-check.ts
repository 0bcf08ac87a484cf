// Whether the tiles are those of the entries, and the entries those of the checkpoint: every hash is computed again, from
// the bytes of the entries upward (RFC 6962 section 2.1). Memory is bounded by the height of the tree.

import {
  GrowingTree,
  leafHash,
  peaksOf,
  rootOfPeaks,
  sameHash,
} from '../../../service/audit/merkle.ts'
import { tileAt, tilePath, tileWidth } from '../../../service/audit/tile.ts'
import { LogFault } from '../log-fault.ts'
import type { PublishedLog } from '../read/published-log.ts'

export class TreeCheck {
  readonly #log: PublishedLog
  readonly #tree = new GrowingTree()
  /** Of each level above the entries, the hashes of the tile that is being filled, and its place. */
  readonly #levels: { hashes: Uint8Array[]; at: number }[] = []
  /** Roots at sizes that somebody asks for. */
  readonly #roots = new Map<number, Uint8Array | null>()

  /** @param sizes at which the root will be asked for */
  constructor(log: PublishedLog, sizes: readonly number[]) {
    this.#log = log
    for (const size of sizes) this.#roots.set(size, null)
    this.#note()
  }

  /** Takes a bundle of entries. @throws LogFault where a tile has another hash. */
  take(bundle: number, entries: readonly string[]): void {
    const hashes = entries.map((entry) => leafHash(entry))
    this.#compare(0, bundle, hashes)
    this.#grow(hashes)
  }

  /** Takes a full bundle whose entries are not there, by the hashes that are. @throws LogFault when these are not there either. */
  pass(bundle: number): void {
    const hashes = this.#log.hashes(0, bundle)
    if (hashes?.length === tileWidth) {
      this.#grow(hashes)
      return
    }
    const file = tilePath({ level: 0, index: bundle, width: tileWidth })
    const expected = 'the hashes of entries that were pruned'
    throw new LogFault({ check: 'tile', file, expected, found: 'no such file, or a shorter one' })
  }

  #grow(hashes: readonly Uint8Array[]): void {
    for (const hash of hashes) {
      this.#tree.append(hash)
      this.#note()
    }
    if (hashes.length === tileWidth) this.#rise(1, rootOfPeaks(peaksOf(hashes)))
  }

  /** The tiles at the right edge, and the root. @throws LogFault */
  finish(): void {
    for (const [above, { hashes, at }] of this.#levels.entries()) {
      if (hashes.length > 0) this.#compare(above + 1, at, hashes)
    }
    const { root, size } = this.#log.checkpoint
    const found = this.#tree.root()
    if (sameHash(root, found)) return
    throw new LogFault({
      ...{ check: 'root', file: 'checkpoint' },
      expected: `the root ${hex(found)}, which its ${String(size)} entries have`,
      found: hex(root),
    })
  }

  /** The root over the first entries, at a size that was announced; null when the log did not come so far. */
  rootAt(size: number): Uint8Array | null {
    return this.#roots.get(size) ?? null
  }

  #note(): void {
    const { size } = this.#tree
    if (this.#roots.has(size)) this.#roots.set(size, this.#tree.root())
  }

  #rise(level: number, hash: Uint8Array): void {
    const known = this.#levels[level - 1]
    const tile = known ?? { hashes: [], at: 0 }
    if (known === undefined) this.#levels.push(tile)
    tile.hashes.push(hash)
    if (tile.hashes.length < tileWidth) return
    this.#compare(level, tile.at, tile.hashes)
    const above = rootOfPeaks(peaksOf(tile.hashes))
    tile.hashes = []
    tile.at += 1
    this.#rise(level + 1, above)
  }

  #compare(level: number, at: number, hashes: readonly Uint8Array[]): void {
    const tile = tileAt(level, at, this.#log.checkpoint.size)
    const file = tile === null ? '' : tilePath(tile)
    const stored = this.#log.hashes(level, at)
    if (stored?.length !== hashes.length) {
      const found = stored === null ? 'no such file, or one of another length' : 'another number'
      throw new LogFault({
        check: 'tile',
        file,
        expected: `${String(hashes.length)} hashes`,
        found,
      })
    }
    for (const [i, hash] of hashes.entries()) {
      const other = stored[i]
      if (other !== undefined && sameHash(hash, other)) continue
      const index = level === 0 ? at * tileWidth + i : null
      const expected = `hash ${String(i)} of ${file}, ${hex(other ?? new Uint8Array(0))}`
      throw new LogFault({ check: 'tile', index, file, expected, found: hex(hash) })
    }
  }
}

export function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}
