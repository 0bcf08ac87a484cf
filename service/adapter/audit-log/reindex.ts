/**
 * The disaster drill: makes `index/` anew from the segments of a tenant's log, while no service runs.
 *
 * The new index is made beside the old one and takes its place only when every entry was read and no signed checkpoint is
 * contradicted. The order is the safety: beside each step stands what is there if we die right after it.
 */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { noteAlgorithm, noteKey } from '../../audit/note-key.ts'
import { PdpError } from '../../contract/error-code.ts'
import { IndexStore } from './derived/index-store.ts'
import { indexFile } from './derived/index-thread.ts'
import { Indexer } from './derived/indexer.ts'
import { LogWalk } from './derived/log-walk.ts'
import { writeSnapshot } from './derived/snapshot.ts'
import { printedHash } from './entry-reader.ts'
import { takeLock } from './exclusive-lock.ts'
import { nodeFileSystem } from './file-system.ts'
import { FrameReader } from './frame-reader.ts'
import { publicHalf } from './keys/jwk.ts'
import { makePrivateDirectory, readKeyFile } from './keys/key-file.ts'
import type { Passphrase } from './keys/sealed-key.ts'
import {
  readSignedCheckpoints,
  refuseMissing,
  refuseOtherRoot,
  type SignedCheckpoint,
} from './publication/signed-checkpoints.ts'
import { readEntry } from './read-entry.ts'
import { recoverSegments } from './recover.ts'
import { segmentFirsts } from './segments.ts'

export type Reindexed = {
  readonly origin: string
  readonly entries: number
  readonly root: string
  /** Entries that the last signed checkpoint covers; null when none was ever signed. */
  readonly checkpoint: number | null
}

/** Entries of one transaction: nobody else waits for this index. */
const atOnce = 16_384

type Tenant = { readonly directory: string; readonly passphrase: Passphrase | null }

type Made = { readonly walk: LogWalk; readonly signed: readonly SignedCheckpoint[] }

/**
 * @param directory the tenant's own, `<data>/tenants/<id>`
 * @param passphrase opens its key files; null: they lie open
 * @throws PdpError `log_locked` while a service runs, `log_corrupt`, `config_invalid`, `usage` when no log lies there.
 */
export async function reindexLog(
  directory: string,
  passphrase: Passphrase | null,
): Promise<Reindexed> {
  const log = join(directory, 'log')
  const names = existsSync(log) ? await nodeFileSystem.list(log) : []
  if (segmentFirsts(names).length === 0) throw noLog(directory)
  const lock = takeLock(join(log, 'lock'))
  try {
    return await rebuilt({ directory, passphrase })
  } finally {
    lock.release()
  }
}

async function rebuilt(tenant: Tenant): Promise<Reindexed> {
  const { directory } = tenant
  const place = join(directory, 'index')
  await makePrivateDirectory(place)
  const path = join(place, indexFile)
  const beside = `${path}.unfinished`
  // What an interrupted run left is nothing that counts.
  IndexStore.remove(beside)
  const origin = await originOf(directory)
  const store = IndexStore.openToFill(beside)
  let made: Made
  try {
    made = await fill(store, tenant, origin)
    refuseLoss(path, made.walk.tree.size, origin, directory)
    store.sync()
  } catch (error) {
    store.close()
    IndexStore.remove(beside)
    throw error
  }
  // Closing brings the write-ahead log into the file and removes it. The old index is still the one that counts.
  store.close()
  // No index: a start reads the whole log, and uses no snapshot.
  IndexStore.remove(path)
  // The new one.
  renameSync(beside, path)
  await nodeFileSystem.syncDirectory(place)
  await keepSnapshot(made, tenant, origin)
  const { tree } = made.walk
  const sizes = made.signed.map(({ size }) => size)
  const checkpoint = sizes.length === 0 ? null : Math.max(...sizes)
  return { origin, entries: tree.size, root: printedHash(tree.root()), checkpoint }
}

/** The name of the log, as its first entry has it. @throws PdpError `log_corrupt` when that is none. */
async function originOf(directory: string): Promise<string> {
  const reader = new FrameReader(nodeFileSystem, join(directory, 'log'))
  const [first] = await reader.read(0, 1)
  const entry = first === undefined ? null : readEntry(first.frame, first.position, 0)
  if (entry !== null) return entry.leaf.iss
  throw new PdpError('log_corrupt', `${directory}/log does not begin with entry 0.`)
}

async function fill(store: IndexStore, tenant: Tenant, origin: string): Promise<Made> {
  const { directory } = tenant
  const signed = await signedOf(tenant, origin)
  const indexer = new Indexer(store, origin, atOnce)
  const walk = new LogWalk(null)
  const { tree, folds } = walk
  await recoverSegments(nodeFileSystem, join(directory, 'log'), (entry) => {
    walk.step(entry)
    refuseOtherRoot(tree, signed)
    for (const fold of Object.values(folds)) fold.follow(entry.leaf, entry.token)
    indexer.take(entry, tree)
  })
  indexer.commit(tree)
  refuseMissing(tree.size, signed)
  return { walk, signed }
}

async function signedOf(
  { directory, passphrase }: Tenant,
  origin: string,
): Promise<readonly SignedCheckpoint[]> {
  const path = join(directory, 'keys/note-ed25519.jwk')
  const jwk = await readKeyFile(path, { use: 'note', passphrase })
  if (jwk === null)
    throw new PdpError('config_invalid', `${path} is missing: restore it from a copy.`)
  const { x } = publicHalf(jwk, path)
  const key = noteKey(origin, noteAlgorithm.ed25519, Buffer.from(x, 'base64url'))
  return await readSignedCheckpoints(directory, key)
}

/** The old index, where it can still be read, knows how many entries there were. @throws PdpError `log_corrupt`. */
function refuseLoss(path: string, size: number, origin: string, directory: string): void {
  const had = sizeOf(path, origin)
  if (had <= size) return
  throw new PdpError(
    'log_corrupt',
    `${join(directory, 'log')} holds ${String(size)} entries and had held ${String(had)}: acknowledged entries are lost. ` +
      'Restore it from a copy. If an older state was restored on purpose, remove the directory "index" beside it.',
  )
}

/** Zero for one that cannot be read, which is what this is for, or that is of another log. */
function sizeOf(path: string, origin: string): number {
  if (!existsSync(path)) return 0
  try {
    const store = IndexStore.openSound(path)
    const state = store.state()
    store.close()
    return state?.origin === origin ? state.size : 0
  } catch {
    return 0
  }
}

/** So that the next start need not read the log again; one that no checkpoint covers would not be used. */
async function keepSnapshot(
  { walk, signed }: Made,
  { directory, passphrase }: Tenant,
  origin: string,
): Promise<void> {
  const snapshot = walk.snapshot()
  const path = join(directory, 'keys/pseudonym.jwk')
  const secret = await readKeyFile(path, { use: 'pseudonym', passphrase })
  const isCovered = signed.some(({ size }) => size === walk.tree.size)
  if (snapshot === null || secret?.k === undefined || !isCovered) return
  const key = Buffer.from(secret.k, 'base64url')
  await writeSnapshot({ directory: join(directory, 'index'), origin, key }, snapshot)
}

function noLog(directory: string): PdpError {
  return new PdpError(
    'usage',
    `${directory} holds no entries in log/: name the data directory of a tenant (<data>/tenants/<id>).`,
  )
}
