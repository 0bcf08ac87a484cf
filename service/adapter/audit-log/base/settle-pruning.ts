/**
 * The last steps of a pruning, of one that was just decided and of one that a crash interrupted alike: each may be done again.
 *
 * Before them, the leaf that names the base is durable and under a signed checkpoint, so that from the first of them on the base
 * may count. Beside each step stands what is there if we die right after it.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tileOfPath, tileWidth } from '../../../audit/tile.ts'
import type { DecidedPruning } from '../../../audit/prunings.ts'
import { writeDurably } from '../../durable/write-durably.ts'
import type { LogFileSystem } from '../file-system.ts'
import { readIfThere } from '../publication/file-publication.ts'
import { segmentFirsts, segmentName } from '../segments.ts'
import { baseDigest, baseFile, nextBaseFile } from './base-file.ts'

/** The minimum index of the published log, as a decimal number: nothing vouches for it but the leaf that says the same. */
export const minimumFile = 'minimum-index'

/** Puts the next base in the place of the one that counts, if it is the one that was decided. True when it has been. */
export async function useNextBase(
  system: LogFileSystem,
  log: string,
  key: Uint8Array,
  { base }: Pick<DecidedPruning, 'base'>,
): Promise<boolean> {
  const next = join(log, nextBaseFile)
  if ((await baseDigest(next, key)) !== base) return false
  await system.rename(next, join(log, baseFile))
  // The new base counts: a start reads from there, and does what is left. Every entry is still there.
  await system.syncDirectory(log)
  return true
}

/** Removes what lies before the first entry that the log begins with: its segments, and the bundles of them that are published. */
export async function removePruned(
  system: LogFileSystem,
  directory: string,
  first: number,
): Promise<void> {
  const published = join(directory, 'published')
  const log = join(directory, 'log')
  const said = await readIfThere(join(published, minimumFile))
  // Readers are told before anything they ask for is gone. If we die here, they are told of less than there is.
  if (Buffer.from(said ?? '').toString() !== `${String(first)}\n`)
    await writeDurably(published, minimumFile, `${String(first)}\n`)
  // Bundles without segments cannot be published again, segments without bundles can be read: these go last, the oldest first.
  for (const path of await bundlesBefore(published, first)) await rm(join(published, path))
  for (const segment of segmentFirsts(await system.list(log)))
    if (segment < first) await system.remove(join(log, segmentName(segment)))
  // Whatever of it comes back after a power cut is removed by the next start.
  await system.syncDirectory(log)
}

/** Full bundles whose last entry lies before that index. Hash tiles stay, all of them: every proof can still be made. */
async function bundlesBefore(published: string, first: number): Promise<readonly string[]> {
  const folder = 'tile/entries'
  const names = await readdir(join(published, folder), { recursive: true }).catch(() => [])
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => {
      const tile = tileOfPath(path)
      return tile?.width === tileWidth && (tile.index + 1) * tileWidth <= first
    })
    .sort()
}
