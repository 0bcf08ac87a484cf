/** Hashes out of the tiles that are published, for proofs. What they give is checked before it leaves. */
import { consistencyRanges, type EntryRange } from '../audit/subtree.ts'
import { decodeTile, rangeHash, tilesOfRanges } from '../audit/tile-hashes.ts'
import { tilePath, tileWidth, type Tile } from '../audit/tile.ts'
import { isConsistent } from '../audit/verify-proof.ts'
import { PdpError } from '../contract/error-code.ts'
import type { Publication } from '../port/publication.ts'

type Files = Pick<Publication, 'read'>

/** The hash of each range, in the tree of that size. @throws PdpError `log_corrupt`. */
export async function hashesOf(
  ranges: readonly EntryRange[],
  size: number,
  files: Files,
): Promise<readonly Uint8Array[]> {
  const held = new Map<string, readonly Uint8Array[]>()
  for (const tile of tilesOfRanges(ranges, size)) {
    held.set(tilePath(tile), await readTile(tile, size, files))
  }
  return ranges.map((range) => rangeHash(range, size, (tile) => held.get(tilePath(tile)) ?? []))
}

/**
 * The proof that the tree of `from` entries begins that of `size`; empty for none.
 *
 * @param root of the tree of `size`
 * @throws PdpError `log_corrupt`.
 */
export async function consistencyFrom(
  from: number,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  files: Files,
): Promise<readonly Uint8Array[]> {
  if (from === 0) return []
  const [fromRoot] = await hashesOf([{ first: 0, end: from }], size, files)
  if (fromRoot === undefined) throw damaged(size)
  const proof = await hashesOf(consistencyRanges(from, size), size, files)
  if (isConsistent({ from, to: size, fromRoot, toRoot: root, proof })) return proof
  throw damaged(size)
}

/** A partial tile may have been removed since, but only once the full one was there. */
async function readTile(tile: Tile, size: number, files: Files): Promise<readonly Uint8Array[]> {
  const full = { ...tile, width: tileWidth }
  const partial = await files.read(tilePath(tile))
  const bytes = partial ?? (await files.read(tilePath(full)))
  const hashes = decodeTile(bytes?.subarray(0, tile.width * 32) ?? new Uint8Array(0), tile.width)
  if (hashes === null) throw damaged(size)
  return hashes
}

export function damaged(size: number): PdpError {
  return new PdpError(
    'log_corrupt',
    `The published tiles do not give the checkpoint of ${size} entries. Remove published/ and start again: it is ` +
      'written anew from log/.',
  )
}
