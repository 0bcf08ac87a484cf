/** Hashes of subtrees and ranges out of tiles: what proofs and roots are made of. */
import { peaksOf, rootOfPeaks } from './merkle.ts'
import { subtreesOf, type EntryRange, type Subtree } from './subtree.ts'
import { tileAt, tileHeight, tilePath, tileWidth, type Tile } from './tile.ts'

const hashBytes = 32

export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * hashBytes)
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * hashBytes)
  return bytes
}

/** The hashes of a tile, which share its memory; null when it does not hold exactly so many. */
export function decodeTile(bytes: Uint8Array, width: number): readonly Uint8Array[] | null {
  if (bytes.length !== width * hashBytes) return null
  return Array.from({ length: width }, (_, at) =>
    bytes.subarray(at * hashBytes, (at + 1) * hashBytes),
  )
}

/** The tiles, of a log of this size, that the hashes of these ranges are computed from. */
export function tilesOfRanges(ranges: readonly EntryRange[], size: number): readonly Tile[] {
  const tiles = new Map<string, Tile>()
  for (const subtree of ranges.flatMap(subtreesOf)) {
    const { tile } = placeOf(subtree, size)
    tiles.set(tilePath(tile), tile)
  }
  return [...tiles.values()]
}

/**
 * The Merkle tree hash of the entries of a range, in a log of this size.
 *
 * @param hashesOf the hashes of a tile that `tilesOfRanges` names
 */
export function rangeHash(
  range: EntryRange,
  size: number,
  hashesOf: (tile: Tile) => readonly Uint8Array[],
): Uint8Array {
  return rootOfPeaks(
    subtreesOf(range).map((subtree) => {
      const { tile, first, count } = placeOf(subtree, size)
      return rootOfPeaks(peaksOf(hashesOf(tile).slice(first, first + count)))
    }),
  )
}

/** A subtree is the root over 1 to 128 hashes of one tile. */
function placeOf({ level, index }: Subtree, size: number): Place {
  const tileLevel = Math.floor(level / tileHeight)
  const count = 2 ** (level % tileHeight)
  const first = index * count
  const tile = tileAt(tileLevel, Math.floor(first / tileWidth), size)
  if (tile === null || (first % tileWidth) + count > tile.width) {
    throw new RangeError(`no tile of a log of ${size} holds that subtree`)
  }
  return { tile, first: first % tileWidth, count }
}

type Place = { readonly tile: Tile; readonly first: number; readonly count: number }
