/** Proofs over what is published, out of its tiles; each is checked before it is given away. */
import { leafHash } from '../audit/merkle.ts'
import { consistencyRanges, inclusionRanges, type EntryRange } from '../audit/subtree.ts'
import { decodeTile, rangeHash, tilesOfRanges } from '../audit/tile-hashes.ts'
import { tilePath, tileWidth, type Tile } from '../audit/tile.ts'
import { printProof } from '../audit/tlog-proof.ts'
import { includes, isConsistent } from '../audit/verify-proof.ts'
import { PdpError } from '../contract/error-code.ts'
import type { ConsistencyProof } from '../contract/log-state.ts'
import type { Recorded } from '../port/audit-log.ts'
import type { Publication } from '../port/publication.ts'
import { encodeBase64 } from '../statement/base64.ts'
import type { Publisher } from './publisher.ts'

/**
 * `tlog-proof@v1` of an entry; published first, if it is not yet.
 *
 * @throws PdpError `not_ready`, `log_corrupt`.
 */
export async function proveLogged(
  { token, leaf: { index } }: Pick<Recorded, 'token' | 'leaf'>,
  publisher: Publisher,
): Promise<string> {
  await publisher.reach(index)
  const { size, root, note } = publisher.checkpoint()
  const proof = await hashesOf(inclusionRanges(index, size), size, publisher.ports.publication)
  if (!includes({ index, size, root, proof, leafHash: leafHash(token) })) throw damaged(size)
  return printProof({ extra: null, index, proof, checkpoint: note })
}

/**
 * That the log of one size begins with that of another.
 *
 * @param to null for all that is published
 * @throws PdpError `invalid_request` for sizes that are not published, `not_ready`, `log_corrupt`.
 */
export async function proveConsistent(
  from: number,
  to: number | null,
  publisher: Publisher,
): Promise<ConsistencyProof> {
  const { origin, size, root, note } = publisher.checkpoint()
  const end = to ?? size
  if (from < 1 || from > end || end > size) {
    throw new PdpError(
      'invalid_request',
      `Sizes go from 1 to ${size}, and \`from\` is not greater than \`to\`.`,
    )
  }
  const { publication } = publisher.ports
  const sizes = [from, end].map((entries) => ({ first: 0, end: entries }))
  const [fromRoot, toRoot] = await hashesOf(sizes, size, publication)
  if (fromRoot === undefined || toRoot === undefined) throw damaged(size)
  const proof = await hashesOf(consistencyRanges(from, end), size, publication)
  const onward = await hashesOf(consistencyRanges(end, size), size, publication)
  if (
    !isConsistent({ from, to: end, fromRoot, toRoot, proof }) ||
    !isConsistent({ from: end, to: size, fromRoot: toRoot, toRoot: root, proof: onward })
  ) {
    throw damaged(size)
  }
  const roots = { from_root: encodeBase64(fromRoot), to_root: encodeBase64(toRoot) }
  return { origin, from, to: end, ...roots, proof: proof.map(encodeBase64), checkpoint: note }
}

async function hashesOf(
  ranges: readonly EntryRange[],
  size: number,
  publication: Publication,
): Promise<readonly Uint8Array[]> {
  const held = new Map<string, readonly Uint8Array[]>()
  for (const tile of tilesOfRanges(ranges, size)) {
    held.set(tilePath(tile), await readTile(tile, size, publication))
  }
  return ranges.map((range) => rangeHash(range, size, (tile) => held.get(tilePath(tile)) ?? []))
}

/** A partial tile may have been removed since, but only once the full one was there. */
async function readTile(
  tile: Tile,
  size: number,
  publication: Publication,
): Promise<readonly Uint8Array[]> {
  const full = { ...tile, width: tileWidth }
  const partial = await publication.read(tilePath(tile))
  const bytes = partial ?? (await publication.read(tilePath(full)))
  const hashes = decodeTile(bytes?.subarray(0, tile.width * 32) ?? new Uint8Array(0), tile.width)
  if (hashes === null) throw damaged(size)
  return hashes
}

function damaged(size: number): PdpError {
  return new PdpError(
    'log_corrupt',
    `The published tiles do not give the checkpoint of ${size} entries. Remove published/ and start again: it is ` +
      'written anew from log/.',
  )
}
