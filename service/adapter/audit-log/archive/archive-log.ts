/**
 * Copies a tenant's log into an archive that verifies by itself: whole segments, with what is sealed in them; everything that is
 * published under one checkpoint; the keys that verify it, and the bundles that its leaves name. No key that opens or signs.
 *
 * It can be broken off and run again at any time, and a service may run meanwhile: what is copied is never written again, and
 * what is there already is not copied. The order is the safety: beside each step stands what is there if we die right after it.
 */
import { existsSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCheckpoint, type Checkpoint } from '../../../audit/checkpoint.ts'
import { sameHash } from '../../../audit/merkle.ts'
import { parseNote } from '../../../audit/signed-note.ts'
import { rangeHash, tilesOfRanges, decodeTile } from '../../../audit/tile-hashes.ts'
import { partialTiles, tileOfPath, tilePath, tileWidth, type Tile } from '../../../audit/tile.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { minimumFile } from '../base/settle-pruning.ts'
import { makePrivateDirectory } from '../keys/key-file.ts'
import { readIfThere } from '../publication/file-publication.ts'
import { segmentFirsts, segmentName } from '../segments.ts'
import { copyNew, replaceFile, syncTouched } from './copy-files.ts'
import { publishedTile, tilesOf } from './published-tiles.ts'

export type Archived = {
  readonly origin: string
  /** Entries under its checkpoint, and the root over them. */
  readonly size: number
  readonly root: Uint8Array
  /** Whole segments that it holds, and entries before the end of the last one: those that may be pruned. */
  readonly segments: number
  readonly sealed: number
  /** The first entry that it holds: 0, but for an archive that was begun when some were pruned already. */
  readonly first: number
  /** Files that were not there before. */
  readonly copied: number
}

/**
 * @param tenant its data directory
 * @param archive a directory, made when it is not there
 * @throws PdpError `usage` when another log, or one that this one does not continue, is archived there; `not_ready` when nothing
 *   was published yet.
 */
export async function archiveLog(tenant: string, archive: string): Promise<Archived> {
  const published = join(tenant, 'published')
  const note = await readIfThere(join(published, 'checkpoint'))
  const checkpoint = checkpointIn(note)
  if (note === null || checkpoint === null)
    throw new PdpError('not_ready', `${tenant} has published no checkpoint yet: start its service.`)
  await refuseOther(published, checkpoint, archive)
  for (const name of ['', 'log', 'published', 'published/keys', 'bundles'])
    await makePrivateDirectory(join(archive, name))
  // Each file is there whole or not at all, under the checkpoint that was there before, which they do not contradict.
  const { firsts, sealed, copied: segments } = await copySegments(tenant, archive)
  const bundles = await copyBundles(tenant, archive)
  const tiles = await copyTiles(published, join(archive, 'published'), checkpoint.size)
  for (const name of ['keys/log.vkey', 'keys/jwks.json', ...(tiles.first > 0 ? [minimumFile] : [])])
    await replaceFile(join(published, name), join(archive, 'published', name))
  if (tiles.first === 0) await rm(join(archive, 'published', minimumFile), { force: true })
  // The archive is that of the new checkpoint from here on.
  await replaceFile(note, join(archive, 'published/checkpoint'))
  // What witnesses have signed is of no more than it, so it comes after it.
  const witnessed = await copyWitnessed(published, join(archive, 'published'), checkpoint.size)
  // Partial tiles that only the checkpoint before it needed.
  await tidy(join(archive, 'published'), checkpoint.size)
  const { origin, size, root } = checkpoint
  const copied = segments + bundles + tiles.copied + witnessed
  return { origin, size, root, segments: firsts.length, sealed, first: tiles.first, copied }
}

function checkpointIn(note: Uint8Array | null): Checkpoint | null {
  return note === null ? null : parseCheckpoint(parseNote(Buffer.from(note).toString())?.text ?? '')
}

/** What lies there must be what this log was. @throws PdpError `usage`. */
async function refuseOther(published: string, now: Checkpoint, archive: string): Promise<void> {
  const before = checkpointIn(await readIfThere(join(archive, 'published/checkpoint')))
  const refused = (why: string): PdpError =>
    new PdpError(
      'usage',
      `${archive} ${why}: name the archive of this log, or a directory that is not there.`,
    )
  if (before === null) {
    if (existsSync(archive) && (await readdir(archive)).some((name) => !ours.includes(name)))
      throw refused('holds something else')
    return
  }
  if (before.origin !== now.origin) throw refused(`is the archive of ${before.origin}`)
  if (before.size > now.size)
    throw refused(
      `has ${String(before.size)} entries, and the log ${String(now.size)}: it was cut back`,
    )
  const root = await rootAt(before.size, now.size, published)
  if (root === null || !sameHash(root, before.root))
    throw refused('tells another story of the same entries: one of the two was rewritten')
}

/** What an interrupted run may have left. */
const ours = ['log', 'published', 'bundles']

/** The root over the first entries, by the tiles of a larger size; null when one is missing. */
async function rootAt(size: number, of: number, published: string): Promise<Uint8Array | null> {
  const range = { first: 0, end: size }
  const held = new Map<string, readonly Uint8Array[]>()
  for (const tile of tilesOfRanges([range], of)) {
    const hashes = decodeTile(
      (await publishedTile(published, tile)) ?? new Uint8Array(0),
      tile.width,
    )
    if (hashes === null) return null
    held.set(tilePath(tile), hashes)
  }
  return rangeHash(range, of, (tile) => held.get(tilePath(tile)) ?? [])
}

/** All but the one that is being written. */
async function copySegments(
  tenant: string,
  archive: string,
): Promise<{
  readonly firsts: readonly number[]
  readonly sealed: number
  readonly copied: number
}> {
  const from = join(tenant, 'log')
  const to = join(archive, 'log')
  const all = segmentFirsts(await readdir(from))
  let copied = 0
  for (const first of all.slice(0, -1)) {
    const name = segmentName(first)
    if (await copyNew(join(from, name), join(to, name))) copied += 1
  }
  await syncTouched([to])
  return { firsts: segmentFirsts(await readdir(to)), sealed: all.at(-1) ?? 0, copied }
}

/** Those that decided what the leaves say: what replays them needs them. */
async function copyBundles(tenant: string, archive: string): Promise<number> {
  const from = join(tenant, 'bundles')
  const names = existsSync(from) ? await readdir(from) : []
  let copied = 0
  for (const name of names.filter((one) => /^[0-9a-f]{64}\.tar\.gz$/u.test(one)))
    if (await copyNew(join(from, name), join(archive, 'bundles', name))) copied += 1
  await syncTouched([join(archive, 'bundles')])
  return copied
}

/** Gives the first entry whose bundle the archive holds. @throws PdpError `not_ready` when a file is missing that must be there. */
async function copyTiles(
  from: string,
  to: string,
  size: number,
): Promise<{ readonly copied: number; readonly first: number }> {
  const minimum = Number(
    Buffer.from((await readIfThere(join(from, minimumFile))) ?? '0').toString(),
  )
  const touched = new Set<string>()
  let copied = 0
  let first = 0
  for (const tile of tilesOf(size)) {
    const path = tilePath(tile)
    const target = join(to, path)
    const isThere = (await stat(target).catch(() => null)) !== null
    if (isThere) continue
    const bytes = await publishedTile(from, tile)
    const end = (tile.index + 1) * tileWidth
    if (bytes === null && tile.level === 'entries' && end <= minimum) first = end
    else if (bytes === null)
      throw new PdpError(
        'not_ready',
        `${from} has no ${path}: start the service, and archive then.`,
      )
    else {
      await replaceFile(bytes, target, touched)
      copied += 1
    }
  }
  await syncTouched(touched)
  return { copied, first }
}

/** Checkpoints that witnesses have cosigned, `witnessed/0` and so on: evidence of when a leaf was there. */
async function copyWitnessed(from: string, to: string, size: number): Promise<number> {
  let copied = 0
  for (let at = 0; ; at += 1) {
    const name = `witnessed/${String(at)}`
    const checkpoint = checkpointIn(await readIfThere(join(from, name)))
    // One that is newer than the checkpoint was kept since: the next run takes it.
    if (checkpoint === null || checkpoint.size > size) break
    if (at === 0) await makePrivateDirectory(join(to, 'witnessed'))
    if (await copyNew(join(from, name), join(to, name))) copied += 1
  }
  if (copied > 0) await syncTouched([join(to, 'witnessed')])
  return copied
}

async function tidy(published: string, size: number): Promise<void> {
  const needed = new Set(partialTiles(size).map(tilePath))
  const names = await readdir(join(published, 'tile'), { recursive: true })
  const paths = names.map((name) => `tile/${name.replaceAll('\\', '/')}`)
  for (const path of paths) {
    const tile = tileOfPath(path)
    if (isPartial(tile) && !needed.has(path)) await rm(join(published, path), { force: true })
  }
}

function isPartial(tile: Tile | null): boolean {
  return tile !== null && tile.width < tileWidth
}
