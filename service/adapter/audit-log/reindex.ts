/**
 * The disaster drill: makes `index/` anew from the segments of a tenant's log, while no service runs.
 *
 * The new index is made beside the old one and takes its place only when every entry was read and no signed checkpoint is
 * contradicted. The order is the safety: beside each step stands what is there if we die right after it.
 */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { noteAlgorithm, noteKey, parseVerifierKey } from '../../audit/note-key.ts'
import { PdpError } from '../../contract/error-code.ts'
import { readBase, refuseUnvouched, type Base } from './base/base-file.ts'
import { fillFromBase } from './base/base-rows.ts'
import { IndexStore } from './derived/index-store.ts'
import { indexFile } from './derived/index-thread.ts'
import { Indexer } from './derived/indexer.ts'
import { LogWalk } from './derived/log-walk.ts'
import { writeSnapshot, type SnapshotPlace } from './derived/snapshot.ts'
import { printedHash } from './entry-reader.ts'
import { takeLock } from './exclusive-lock.ts'
import { nodeFileSystem } from './file-system.ts'
import { FrameReader } from './frame-reader.ts'
import { publicHalf } from './keys/jwk.ts'
import { makePrivateDirectory, readKeyFile, readPrivate } from './keys/key-file.ts'
import type { Passphrase } from './keys/sealed-key.ts'
import { noteVerifierFile } from './keys/tenant-keys.ts'
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
  const key = await snapshotKeyOf(tenant)
  const base = await readBase({ log: join(directory, 'log'), origin, key })
  const store = IndexStore.openToFill(beside)
  let made: Made
  try {
    made = await fill(store, tenant, origin, base)
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
  await keepSnapshot(made, { directory: place, origin, key })
  const { tree } = made.walk
  const sizes = made.signed.map(({ size }) => size)
  const checkpoint = sizes.length === 0 ? null : Math.max(...sizes)
  return { origin, entries: tree.size, root: printedHash(tree.root()), checkpoint }
}

/** The name of the log, as the first entry that is there has it. @throws PdpError `log_corrupt` when that is none. */
async function originOf(directory: string): Promise<string> {
  const log = join(directory, 'log')
  const [index = 0] = segmentFirsts(await nodeFileSystem.list(log))
  const [first] = await new FrameReader(nodeFileSystem, log).read(index, index + 1)
  const entry = first === undefined ? null : readEntry(first.frame, first.position, index)
  if (entry !== null) return entry.leaf.iss
  throw new PdpError('log_corrupt', `${log} does not begin with entry ${String(index)}.`)
}

async function fill(
  store: IndexStore,
  tenant: Tenant,
  origin: string,
  base: Base | null,
): Promise<Made> {
  const signed = await signedOf(tenant, origin)
  const walk = new LogWalk(base?.start() ?? null)
  const { tree, folds } = walk
  if (base !== null) await fillFromBase(store, origin, base, printedHash(tree.root()))
  const indexer = new Indexer(store, origin, atOnce)
  await recoverSegments(
    nodeFileSystem,
    join(tenant.directory, 'log'),
    (entry) => {
      walk.step(entry)
      refuseOtherRoot(tree, signed)
      for (const fold of Object.values(folds)) fold.follow(entry.leaf, entry.token)
      indexer.take(entry, tree)
    },
    walk.place,
  )
  indexer.commit(tree)
  refuseMissing(tree.size, signed)
  refuseUnvouched(folds.prunings, base)
  return { walk, signed }
}

/** @throws PdpError `config_invalid` when it is missing. */
async function snapshotKeyOf({ directory, passphrase }: Tenant): Promise<Uint8Array> {
  const path = join(directory, 'keys/pseudonym.jwk')
  const secret = await readKeyFile(path, { use: 'pseudonym', passphrase })
  if (secret?.k !== undefined) return Buffer.from(secret.k, 'base64url')
  throw new PdpError('config_invalid', `${path} is missing: restore it from a copy.`)
}

async function signedOf(
  { directory, passphrase }: Tenant,
  origin: string,
): Promise<readonly SignedCheckpoint[]> {
  const publicKey = await notePublicKey(join(directory, 'keys'), passphrase)
  return await readSignedCheckpoints(directory, noteKey(origin, noteAlgorithm.ed25519, publicKey))
}

/** Of the private key, or where a signer has that, of what verifies it. @throws PdpError `config_invalid`. */
async function notePublicKey(keys: string, passphrase: Passphrase | null): Promise<Uint8Array> {
  const path = join(keys, 'note-ed25519.jwk')
  const jwk = await readKeyFile(path, { use: 'note', passphrase })
  if (jwk !== null) return Buffer.from(publicHalf(jwk, path).x, 'base64url')
  const verifier = parseVerifierKey((await readPrivate(join(keys, noteVerifierFile)))?.trim() ?? '')
  if (verifier !== null) return verifier.publicKey
  throw new PdpError('config_invalid', `${path} is missing: restore it from a copy.`)
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
async function keepSnapshot({ walk, signed }: Made, place: SnapshotPlace): Promise<void> {
  const snapshot = walk.snapshot()
  if (snapshot === null || !signed.some(({ size }) => size === walk.tree.size)) return
  await writeSnapshot(place, snapshot)
}

function noLog(directory: string): PdpError {
  return new PdpError(
    'usage',
    `${directory} holds no entries in log/: name the data directory of a tenant (<data>/tenants/<id>).`,
  )
}
