/**
 * Names of tiles and entry bundles: C2SP tlog-tiles, paths relative to the log's prefix.
 *
 * A tile holds up to 256 hashes that lie side by side; a tile of level n + 1 holds the roots of full
 * tiles of level n. A bundle holds the entries of a tile of level 0.
 */

/** Hashes of a full tile, and levels of the tree that it spans. */
export const tileWidth = 256
export const tileHeight = 8

/** `level` is `entries` for a bundle; `width` is 256 when it is full. */
export type Tile = {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/\d{3}/g) ?? []
  const place = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`))
  const partial = width === tileWidth ? '' : `.p/${width}`
  return `tile/${level}/${place.join('/')}${partial}`
}

const path = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** The tile of a path; null for any other text, also for a second spelling of a name. */
export function tileOfPath(text: string): Tile | null {
  const [, level, place, partial] = path.exec(text) ?? []
  if (level === undefined || place === undefined) return null
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(place.replaceAll(/[x/]/g, '')),
    width: partial === undefined ? tileWidth : Number(partial),
  }
  const isOne = (tile.level === 'entries' || tile.level <= 63) && tile.width <= tileWidth
  return isOne && Number.isSafeInteger(tile.index) && tilePath(tile) === text ? tile : null
}

/** Whether a log of this size has that tile: a full one, or the very partial one of that size. */
export function isOfSize(tile: Tile, size: number): boolean {
  const hashes = hashesAt(tile.level, size)
  const before = tile.index * tileWidth
  return tile.width === tileWidth
    ? before + tileWidth <= hashes
    : before + tile.width === hashes && tile.width > 0
}

/** The hashes of a level of tiles in a tree of this size: the roots of full tiles below it. */
export function hashesAt(level: Tile['level'], size: number): number {
  return level === 'entries' ? size : Math.floor(size / tileWidth ** level)
}

/** The partial tiles of a size, and its partial bundle. */
export function partialTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = []
  for (let level = 0; hashesAt(level, size) > 0; level += 1) {
    const hashes = hashesAt(level, size)
    const tile = { index: Math.floor(hashes / tileWidth), width: hashes % tileWidth }
    if (tile.width === 0) continue
    tiles.push({ level, ...tile })
    if (level === 0) tiles.push({ level: 'entries', ...tile })
  }
  return tiles
}

/** The tiles and bundles that became full when a log grew from one size to another. */
export function* completedTiles(from: number, to: number): Generator<Tile> {
  for (let level = 0; hashesAt(level, to) >= tileWidth; level += 1) {
    const begin = Math.floor(hashesAt(level, from) / tileWidth)
    const end = Math.floor(hashesAt(level, to) / tileWidth)
    for (let index = begin; index < end; index += 1) {
      yield { level, index, width: tileWidth }
      if (level === 0) yield { level: 'entries', index, width: tileWidth }
    }
  }
}

/** How a tile is named in a log of this size: full, or as wide as the log has come. Null when it has none. */
export function tileAt(level: Tile['level'], index: number, size: number): Tile | null {
  const width = Math.min(hashesAt(level, size) - index * tileWidth, tileWidth)
  return width > 0 ? { level, index, width } : null
}
