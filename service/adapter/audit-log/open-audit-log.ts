/**
 * Opens the log of one tenant in `<directory>/{log,disclosures,index,keys}`: lock, keys, recovery.
 *
 * A new log, an orderly stop and a crash all come up the same way.
 */
import { join } from 'node:path'
import { leafHash, GrowingTree } from '../../audit/merkle.ts'
import { Sequence, type StandingRequest, type WorkflowHead } from '../../audit/sequence.ts'
import { PdpError } from '../../contract/error-code.ts'
import { DataKeys } from './data-keys.ts'
import { printedHash } from './entry-reader.ts'
import { takeLock } from './exclusive-lock.ts'
import { FileAuditLog } from './file-audit-log.ts'
import { nodeFileSystem, type LogFileSystem } from './file-system.ts'
import { makePrivateDirectory } from './key-file.ts'
import { FilePublication } from './publication/file-publication.ts'
import { KeyUse } from './publication/key-use.ts'
import {
  anySigned,
  readSignedCheckpoints,
  refuseMissing,
  refuseOtherRoot,
  type SignedCheckpoint,
} from './publication/signed-checkpoints.ts'
import { LogIndex } from './log-index.ts'
import { recoverSegments } from './recover.ts'
import { rememberedIn } from './remembered.ts'
import { firstIndexOf, Segments, type LogEnd } from './segments.ts'
import { loadTenantKeys } from './tenant-keys.ts'
import { tokenSigner, type SigningAlgorithm, type TokenSigner } from './token.ts'

export type AuditLogOptions = {
  /** The tenant's own directory, `<data>/tenants/<id>`; made when absent. */
  readonly directory: string
  /** `<public_url>/<tenant>`: the issuer of every leaf. */
  readonly origin: string
  readonly algorithm: SigningAlgorithm
  readonly segmentBytes?: number
  /** Workflows and request keys that memory holds; older ones lie in the index. */
  readonly remembered?: number
  /** Seams for tests and measurements. */
  readonly system?: LogFileSystem
  readonly sign?: TokenSigner
}

type Recovered = {
  readonly end: LogEnd
  readonly tree: GrowingTree
  readonly sequence: Sequence
  readonly keyUse: KeyUse
}

/** @throws PdpError `log_locked`, `log_corrupt`, `config_invalid`. */
export async function openAuditLog(options: AuditLogOptions): Promise<FileAuditLog> {
  const place = (name: string): string => join(options.directory, name)
  for (const name of ['', 'log', 'disclosures', 'index', 'keys']) {
    await makePrivateDirectory(place(name))
  }
  /** What must be given back when a later step refuses, last first. */
  const opened: (() => void)[] = []
  try {
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
  const keys = await loadTenantKeys(place('keys'), { algorithm, origin, fresh, unsigned })
  const signed = await readSignedCheckpoints(options.directory, keys.note.key)
  const dataKeys = new DataKeys(place('disclosures/keys.sqlite'), keys.disclosureKey)
  opened.push(() => {
    dataKeys.close()
  })
  let log: FileAuditLog | null = null
  const index = new LogIndex(place('index/log.sqlite'), origin, (error) => log?.stop(error))
  opened.push(() => {
    index.abandon()
  })
  const recovering = { options, system, directory, index, signed }
  const { end, tree, sequence, keyUse } = await recover(recovering)
  const segments = await Segments.open(system, directory, segmentBytes, tree.size, end)
  const sign = options.sign ?? tokenSigner(algorithm, keys.signing.kid, keys.signing.key)
  const { publicKeys, pseudonymKey } = keys
  const publication = new FilePublication({ directory: options.directory, system }, keys.note)
  await publication.publishKeys(keyUse.windows(publicKeys, keys.signing.kid))
  log = new FileAuditLog({
    ...{ origin, directory, system, lock, segments, sequence, tree, index, dataKeys },
    ...{ sign, publicKeys, pseudonymKey, publication },
  })
  return log
}

type Recovering = {
  readonly options: AuditLogOptions
  readonly system: LogFileSystem
  readonly directory: string
  readonly index: LogIndex
  readonly signed: readonly SignedCheckpoint[]
}

/** Reads the log, into the index too unless that was closed in order and knows the same entries. */
async function recover(recovering: Recovering): Promise<Recovered> {
  const { directory, index, signed } = recovering
  const trusted = index.closedInOrder()
  let recovered = await readLog(recovering, !trusted)
  const { size } = recovered.tree
  if (size < index.seen) {
    throw new PdpError(
      'log_corrupt',
      `${directory} holds ${size} entries and had held ${index.seen}: acknowledged entries are lost. Restore it from ` +
        'a copy. If an older state was restored on purpose, remove the directory "index" beside it.',
    )
  }
  refuseMissing(size, signed)
  if (trusted && !index.agrees(size, printedHash(recovered.tree.root()))) {
    recovered = await readLog(recovering, true)
  }
  index.resume(size)
  return recovered
}

async function readLog(recovering: Recovering, rebuildIndex: boolean): Promise<Recovered> {
  const { options, system, directory, index, signed } = recovering
  if (rebuildIndex) index.reset()
  const tree = new GrowingTree()
  const sequence = sequenceOver(options, index)
  const keyUse = new KeyUse()
  const end = await recoverSegments(system, directory, ({ token, leaf, payload, position }) => {
    tree.append(leafHash(token))
    refuseOtherRoot(tree, signed)
    keyUse.follow(token, leaf.iat)
    sequence.follow(leaf, payload)
    if (rebuildIndex) index.add(leaf.jti, position)
  })
  return { end, tree, sequence, keyUse }
}

function sequenceOver(
  { origin, remembered: most = 32_768 }: AuditLogOptions,
  index: LogIndex,
): Sequence {
  const heads = rememberedIn<WorkflowHead>({ kind: 'workflow', most, index })
  const requests = rememberedIn<StandingRequest>({ kind: 'request', most, index })
  return new Sequence(origin, heads, requests)
}
