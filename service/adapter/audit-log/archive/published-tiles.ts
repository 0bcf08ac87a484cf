/** The tiles and bundles of one size of a published log, as they lie in files. */
import { join } from 'node:path'
import { decodeBundle, encodeBundle } from '../../../audit/entry-bundle.ts'
import { decodeTile, encodeTile } from '../../../audit/tile-hashes.ts'
import { hashesAt, tileAt, tilePath, tileWidth, type Tile } from '../../../audit/tile.ts'
import { readIfThere } from '../publication/file-publication.ts'

/** All of them, bundles last. */
export function* tilesOf(size: number): Generator<Tile> {
  const levels: Tile['level'][] = []
  for (let level = 0; hashesAt(level, size) > 0; level += 1) levels.push(level)
  for (const level of [...levels, 'entries' as const]) {
    for (let index = 0; index * tileWidth < hashesAt(level, size); index += 1) {
      const tile = tileAt(level, index, size)
      if (tile !== null) yield tile
    }
  }
}

/** Null when it is missing. A partial one may be gone once the full one is there, which begins with it. */
export async function publishedTile(published: string, tile: Tile): Promise<Uint8Array | null> {
  const own = await readIfThere(join(published, tilePath(tile)))
  if (own !== null || tile.width === tileWidth) return own
  const full = await readIfThere(join(published, tilePath({ ...tile, width: tileWidth })))
  if (full === null) return null
  const { level, width } = tile
  const parts = level === 'entries' ? decodeBundle(full, tileWidth) : decodeTile(full, tileWidth)
  const kept = parts?.slice(0, width)
  if (kept === undefined) return null
  return level === 'entries' ? encodeBundle(kept) : encodeTile(kept)
}
