/**
 * The right edge of a log as tiles: takes entries, gives back the files that a size consists of.
 *
 * Memory is bounded whatever the size: of each level of tiles the hashes of the last one, and the entries
 * of the last bundle. A copy shares what it holds, so a publication that fails costs nothing.
 */
import { decodeBundle, encodeBundle } from './entry-bundle.ts'
import { leafHash, peaksOf, rootOfPeaks } from './merkle.ts'
import { decodeTile, encodeTile } from './tile-hashes.ts'
import { partialTiles, tilePath, tileWidth, type Tile } from './tile.ts'

/** One file of the published log; its path says what is in it, and never holds anything else. */
export type TileFile = { readonly path: string; readonly bytes: Uint8Array }

export class GrowingTiles {
  #size = 0
  /** Of each level, the hashes of its last tile, which is not full. */
  readonly #edge: Uint8Array[][] = []
  #entries: Uint8Array[] = []
  #full: TileFile[] = []

  /**
   * The edge of a log that was published: from the files that `partialTiles` names, by path.
   * Null when one is missing or is not what its name says; whether they belong together, the root says.
   */
  static resume(size: number, files: ReadonlyMap<string, Uint8Array>): GrowingTiles | null {
    const tiles = new GrowingTiles()
    tiles.#size = size
    for (const tile of partialTiles(size)) {
      const bytes = files.get(tilePath(tile))
      if (bytes === undefined || !tiles.#take(tile, bytes)) return null
    }
    return tiles
  }

  #take({ level, width }: Tile, bytes: Uint8Array): boolean {
    const parts = level === 'entries' ? decodeBundle(bytes, width) : decodeTile(bytes, width)
    if (parts === null) return false
    if (level === 'entries') this.#entries = [...parts]
    else this.#level(level).push(...parts)
    return true
  }

  get size(): number {
    return this.#size
  }

  append(entry: Uint8Array): void {
    this.#entries.push(entry)
    const isFull = this.#entries.length === tileWidth
    this.#push(0, leafHash(entry), this.#size)
    this.#size += 1
    if (!isFull) return
    const tile: Tile = { level: 'entries', index: this.#size / tileWidth - 1, width: tileWidth }
    this.#full.push({ path: tilePath(tile), bytes: encodeBundle(this.#entries) })
    this.#entries = []
  }

  /** @param at the hash's place among those of its level */
  #push(level: number, hash: Uint8Array, at: number): void {
    const hashes = this.#level(level)
    hashes.push(hash)
    if (hashes.length < tileWidth) return
    const index = Math.floor(at / tileWidth)
    const path = tilePath({ level, index, width: tileWidth })
    this.#full.push({ path, bytes: encodeTile(hashes) })
    this.#edge[level] = []
    this.#push(level + 1, rootOfPeaks(peaksOf(hashes)), index)
  }

  #level(level: number): Uint8Array[] {
    while (this.#edge.length <= level) this.#edge.push([])
    return this.#edge[level] ?? []
  }

  /** The full tiles and bundles since the last call. */
  takeFull(): readonly TileFile[] {
    const full = this.#full
    this.#full = []
    return full
  }

  /** The partial tiles and the partial bundle of the size that was reached. */
  partial(): readonly TileFile[] {
    return partialTiles(this.#size).map((tile) => ({
      path: tilePath(tile),
      bytes:
        tile.level === 'entries'
          ? encodeBundle(this.#entries)
          : encodeTile(this.#level(tile.level)),
    }))
  }

  /** RFC 6962 tree hash: higher levels hold what lies further left. */
  root(): Uint8Array {
    return rootOfPeaks([...this.#edge].reverse().flatMap((hashes) => peaksOf(hashes)))
  }

  copy(): GrowingTiles {
    const tiles = new GrowingTiles()
    tiles.#size = this.#size
    tiles.#edge.push(...this.#edge.map((hashes) => [...hashes]))
    tiles.#entries = [...this.#entries]
    tiles.#full = [...this.#full]
    return tiles
  }
}
