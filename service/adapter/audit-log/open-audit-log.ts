/**
 * Opens the log of one tenant in `<directory>/{log,disclosures,index,keys}`: lock, keys, recovery.
 *
 * A new log, an orderly stop and a crash all come up the same way.
 */
import { join } from 'node:path'
import type { Sequence } from '../../audit/sequence.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Signer, SigningAlgorithm } from '../../port/signer.ts'
import { readBase } from './base/base-file.ts'
import { LogPruning } from './base/log-pruning.ts'
import { DataKeys } from './data-keys.ts'
import { takeLock } from './exclusive-lock.ts'
import { FileAuditLog } from './file-audit-log.ts'
import { nodeFileSystem, type LogFileSystem } from './file-system.ts'
import { FileSigner, privateKeyFiles } from './keys/file-signer.ts'
import { makePrivateDirectory } from './keys/key-file.ts'
import type { Passphrase } from './keys/sealed-key.ts'
import { loadTenantKeys } from './keys/tenant-keys.ts'
import { FilePublication } from './publication/file-publication.ts'
import { LogIndex } from './derived/log-index.ts'
import { anySigned, readSignedCheckpoints } from './publication/signed-checkpoints.ts'
import { recoverLog } from './recover-log.ts'
import { firstIndexOf, Segments } from './segments.ts'
import { tokenSigner, type TokenSigner } from './token.ts'

export type AuditLogOptions = {
  /** The tenant's own directory, `<data>/tenants/<id>`; made when absent. */
  readonly directory: string
  /** `<public_url>/<tenant>`: the issuer of every leaf. */
  readonly origin: string
  readonly algorithm: SigningAlgorithm
  /** Seals the key files; null or absent: they lie open. */
  readonly passphrase?: Passphrase | null
  /** Has the signing keys; absent: they lie in files under `keys/`. Closed with the log. */
  readonly signer?: Signer
  readonly segmentBytes?: number
  /** Workflows and request keys that memory holds; older ones lie in the index. */
  readonly remembered?: number
  /** Entries from one snapshot to the next, and that a start reads at most, but for those since the last one. */
  readonly snapshotEntries?: number
  /** Told when a snapshot or an index that lies there is not used, and why: the log is read instead. */
  readonly told?: (notice: string) => void
  /** Seams for tests and measurements. */
  readonly system?: LogFileSystem
  readonly sign?: TokenSigner
}

/** @throws PdpError `log_locked`, `log_corrupt`, `config_invalid`. */
export async function openAuditLog(options: AuditLogOptions): Promise<FileAuditLog> {
  const place = (name: string): string => join(options.directory, name)
  /** What must be given back when a later step refuses, last first. */
  const opened: (() => void)[] = [() => void options.signer?.close()]
  try {
    for (const name of ['', 'log', 'disclosures', 'index', 'keys']) {
      await makePrivateDirectory(place(name))
    }
    return await openParts(options, place, opened)
  } catch (error) {
    for (const giveBack of opened.reverse()) giveBack()
    throw error
  }
}

async function openParts(
  options: AuditLogOptions,
  place: (name: string) => string,
  opened: (() => void)[],
): Promise<FileAuditLog> {
  const { origin, algorithm, system = nodeFileSystem, segmentBytes = 16 * 1024 * 1024 } = options
  const directory = place('log')
  const lock = takeLock(place('log/lock'))
  opened.push(lock.release)
  const fresh = (await system.list(directory)).every((name) => firstIndexOf(name) === null)
  const unsigned = !(await anySigned(options.directory))
  const { passphrase = null } = options
  const signer = options.signer ?? (await FileSigner.open(place('keys'), passphrase))
  opened.push(() => void signer.close())
  if (options.signer !== undefined) await refusePrivateKeys(place('keys'))
  const keys = await loadTenantKeys(place('keys'), {
    ...{ signer, passphrase, algorithm, origin, fresh, unsigned },
  })
  const signed = await readSignedCheckpoints(options.directory, keys.note.key)
  const dataKeys = new DataKeys(place('disclosures/keys.sqlite'), keys.disclosureKey)
  opened.push(() => {
    dataKeys.close()
  })
  let log: FileAuditLog | null = null
  const thread = {
    ...{ log: directory, index: place('index'), origin },
    snapshotKey: keys.pseudonymKey,
    snapshotEntries: options.snapshotEntries ?? 32_768,
  }
  const told = options.told ?? ((): void => undefined)
  const { remembered = 32_768 } = options
  const index = new LogIndex({ thread, remembered, failed: (error) => log?.stop(error), told })
  opened.push(() => {
    void index.abandon()
  })
  const read = await readBase({ log: directory, origin, key: keys.pseudonymKey })
  const { end, walk, sequence } = await recoverLog({
    ...{ system, thread, index, signed, told, base: read },
  })
  const { tree } = walk
  const pruning = new LogPruning(
    {
      ...{ system, directory: options.directory, sequence, index },
      place: { log: directory, origin, key: keys.pseudonymKey },
    },
    read,
  )
  await pruning.resume(signed)
  const { keyUse } = walk.folds
  dataKeys.endEarlier(sequence.time)
  // An erasure whose leaf is durable is done, whether a crash came between or an older copy of the keys was restored.
  dataKeys.destroy(sequence.erasures.save())
  await dataKeys.scrub()
  const segments = await Segments.open(system, directory, segmentBytes, tree.size, end)
  const sign = options.sign ?? tokenSigner(signer)
  await refuseLostKey(sequence, signer)
  const publication = new FilePublication({ directory: options.directory, system }, keys.note)
  log = new FileAuditLog({
    ...{ origin, directory, system, lock, segments, sequence, tree, index, dataKeys },
    ...{ sign, keys, keyUse, publication, pruning },
  })
  await publication.publishKeys(log.publicKeys)
  return log
}

/** @throws PdpError `config_invalid` for a private key that this process could read: a signer has them, and nobody else. */
async function refusePrivateKeys(directory: string): Promise<void> {
  const [name] = await privateKeyFiles(directory)
  if (name === undefined) return
  throw new PdpError(
    'config_invalid',
    `${join(directory, name)} is a private key, and a signer has those: move it to the signer, to keys/${name} of its directory.`,
  )
}

/** @throws PdpError `config_invalid` when a key cannot be had whose turn it is or will be: nothing could be signed then. */
async function refuseLostKey({ keys, time }: Sequence, signer: Signer): Promise<void> {
  const held = new Set((await signer.keys()).map(({ key }) => key.kid))
  const lost = keys.demanded(time).find(({ key }) => !held.has(key.kid))
  if (lost === undefined) return
  throw new PdpError(
    'config_invalid',
    `The private key ${lost.key.kid} is missing, which the log has named to sign with. Restore it where the keys lie from a ` +
      'backup (countersign keys restore).',
  )
}
