/** How far a log was published when it was last closed, or when it crashed. */
import { parseCheckpoint, type Checkpoint } from '../audit/checkpoint.ts'
import { GrowingTiles } from '../audit/growing-tiles.ts'
import { sameHash } from '../audit/merkle.ts'
import { parseNote } from '../audit/signed-note.ts'
import { partialTiles, tilePath } from '../audit/tile.ts'
import { PdpError } from '../contract/error-code.ts'
import type { Publication } from '../port/publication.ts'
import type { Published } from './publish-checkpoint.ts'

/**
 * The entries were held against every signed checkpoint when the log was opened. Here its published files are: when the last
 * ones are not there, or not what was signed, the whole log is written again.
 *
 * @param first the index of the first entry that was not pruned
 * @throws PdpError `log_corrupt` when all would have to be written again, and the log does not have all of it any more.
 */
export async function resumePublication(publication: Publication, first = 0): Promise<Published> {
  const newest = await newestOf(publication)
  const published = await publication.read('checkpoint')
  if (newest !== null && published !== null) {
    const { note, checkpoint } = newest
    const tiles = GrowingTiles.resume(checkpoint.size, await edgeOf(checkpoint.size, publication))
    if (tiles !== null && sameHash(tiles.root(), checkpoint.root)) {
      // One that was signed and never published is made again: the same text has the same signature. What is published
      // may have cosignatures of witnesses besides.
      const text = new TextDecoder().decode(published)
      const isPublished = parseNote(text)?.text === parseNote(note)?.text
      return { tiles, note: isPublished ? text : null, at: null }
    }
  }
  if (first > 0) throw lostTiles(first)
  return { tiles: new GrowingTiles(), note: null, at: null }
}

function lostTiles(first: number): PdpError {
  return new PdpError(
    'log_corrupt',
    `published/ is not what was signed last, and cannot be written anew: entries before ${String(first)} were pruned. Restore it ` +
      'from a copy, or from published/ of the archive, which may be older.',
  )
}

async function newestOf(
  publication: Publication,
): Promise<{ readonly note: string; readonly checkpoint: Checkpoint } | null> {
  const signed = (await publication.notes()).flatMap((note) => {
    const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '')
    return checkpoint === null ? [] : [{ note, checkpoint }]
  })
  return signed.sort((a, b) => b.checkpoint.size - a.checkpoint.size)[0] ?? null
}

async function edgeOf(
  size: number,
  publication: Publication,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const path of partialTiles(size).map(tilePath)) {
    const bytes = await publication.read(path)
    if (bytes !== null) files.set(path, bytes)
  }
  return files
}
