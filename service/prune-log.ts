/**
 * Prunes one tenant's log (C2SP tlog-tiles, "Pruning"): entries that an archive holds go, and the log stands on a base in their
 * place. Nothing of the tree goes: every hash tile stays, so every proof can be made as before.
 *
 * The order is the safety. Beside each step stands what is there if we die right after it; a start ends what was decided.
 */
import { join } from 'node:path'
import type { FileAuditLog } from './adapter/audit-log/file-audit-log.ts'
import { verifyNote } from './adapter/audit-log/publication/note-signer.ts'
import { readIfThere } from './adapter/audit-log/publication/file-publication.ts'
import { parseCheckpoint, type Checkpoint } from './audit/checkpoint.ts'
import { sameHash, type GrowingTree } from './audit/merkle.ts'
import { parseNote, signersOf } from './audit/signed-note.ts'
import { isQuorumMet } from './audit/witness-policy.ts'
import { PdpError } from './contract/error-code.ts'
import type { Pruning } from './contract/pruning.ts'
import { firstSince } from './flow/list-decisions.ts'
import { consistencyFrom, hashesOf } from './flow/published-hashes.ts'
import type { Publisher } from './flow/publisher.ts'
import { appendEvent, type EventPorts } from './flow/record-event.ts'

export type PruneAsked = {
  /** No entry from this index on; and none that is that young, in seconds since the epoch. */
  readonly before: { readonly index: number } | { readonly time: number }
  /** The directory that `archiveLog` wrote. */
  readonly archive: string
  readonly by: Pruning['by']
}

export type PrunePorts = {
  readonly audit: FileAuditLog
  readonly publisher: Publisher
  readonly events: EventPorts
  /** The first entry that a delivery has still to send. */
  readonly undelivered: () => Promise<number>
}

export type Pruned = {
  /** Entries that this log held before, and does not any more. */
  readonly from: number
  readonly to: number
  /** The leaf that says so. */
  readonly leaf: number
}

/**
 * Null when there was nothing to prune: the first whole segment holds what is not to go, or is still needed.
 *
 * @throws PdpError `usage` when the archive does not hold all of it; `not_ready` when the log cannot be published, or its
 *   witnesses have not signed; `log_corrupt`, `audit_unavailable`.
 */
export async function pruneLog(asked: PruneAsked, ports: PrunePorts): Promise<Pruned | null> {
  const { audit, publisher, events } = ports
  const { pruning } = audit
  const from = pruning.first
  await publisher.publish()
  const archived = await archivedCheckpoint(asked.archive, ports)
  const before = Math.min(
    'index' in asked.before
      ? asked.before.index
      : await firstSince(asked.before.time, from, audit.size(), audit),
    ...[archived.size, coveredBy(publisher), await ports.undelivered()],
  )
  const now = Math.floor(events.clock.now() / 1000)
  const tree = await pruning.examine(asked.archive, before, now)
  if (tree.size === from) return null
  await refuseOtherTree(tree, archived, asked.archive, ports)
  // A file that nobody reads: the next attempt writes over it.
  const next = await pruning.writeNext(tree.size)
  const { leaf } = await appendEvent(events, 'log_pruned', {
    ...{ minimum: next.size, root: next.root, base: next.digest, by: asked.by },
    archive: { size: archived.size, root: printed(archived.root) },
  } satisfies Pruning)
  // It is decided, and the log is still whole. A start that finds a checkpoint over the leaf goes on below, else leaves it so:
  // then it is decided again when it is asked for again.
  await publisher.reach(leaf.index)
  // Whoever verifies the log finds the leaf in it before anything is missing.
  await pruning.settle({ minimum: next.size, base: next.digest, index: leaf.index })
  return { from, to: next.size, leaf: leaf.index }
}

/** Entries under the published checkpoint, which has the quorum of the witnesses, if it is to have any. @throws PdpError `not_ready`. */
function coveredBy(publisher: Publisher): number {
  const { witnesses } = publisher.ports
  const { size, note: text } = publisher.checkpoint()
  if (witnesses === null) return size
  const { policy } = witnesses.rules
  const note = parseNote(text)
  const keys = policy.witnesses.map(({ key }) => key)
  const signers = (note === null ? null : signersOf(note, keys, verifyNote)) ?? []
  const signed = policy.witnesses.filter(({ key }) => signers.includes(key))
  if (isQuorumMet(policy.quorum, new Set(signed.map(({ name }) => name)))) return size
  throw new PdpError(
    'not_ready',
    'The last checkpoint lacks the quorum of its witnesses, and nothing is pruned until it has it.',
  )
}

/** The checkpoint of the archive, signed by this log, and one that the log continues. @throws PdpError `usage`. */
async function archivedCheckpoint(
  archive: string,
  { audit, publisher }: PrunePorts,
): Promise<Checkpoint> {
  const bytes = await readIfThere(join(archive, 'published/checkpoint'))
  const note = bytes === null ? null : parseNote(Buffer.from(bytes).toString())
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  const { key } = audit.publication
  if (note === null || checkpoint === null) throw noArchive(archive, 'it has no checkpoint')
  const isOurs = signersOf(note, [key], verifyNote)?.includes(key) === true
  if (checkpoint.origin !== audit.origin || !isOurs)
    throw noArchive(archive, `its checkpoint is not signed by ${audit.origin}`)
  const ours = publisher.checkpoint()
  if (checkpoint.size > ours.size) throw noArchive(archive, 'it has more entries than the log')
  const files = audit.publication
  const [root] = await hashesOf([{ first: 0, end: checkpoint.size }], ours.size, files)
  // That its root is one that the published checkpoint continues, the proof says.
  await consistencyFrom(checkpoint.size, ours, files)
  if (root === undefined || !sameHash(root, checkpoint.root))
    throw noArchive(archive, 'it tells another story of the same entries')
  return checkpoint
}

/** What was read is what was signed: by the tiles of the archive, up to its checkpoint. @throws PdpError `usage`. */
async function refuseOtherTree(
  tree: GrowingTree,
  archived: Checkpoint,
  archive: string,
  { audit }: PrunePorts,
): Promise<void> {
  const own = audit.publication
  const theirs = {
    read: (path: string) => readIfThere(join(archive, 'published', path)),
  }
  for (const files of [own, theirs]) {
    await consistencyFrom(tree.size, archived, files)
    const [root] = await hashesOf([{ first: 0, end: tree.size }], archived.size, files)
    if (root === undefined || !sameHash(root, tree.root()))
      throw noArchive(archive, `its tiles are not those of the first ${String(tree.size)} entries`)
  }
}

function noArchive(archive: string, why: string): PdpError {
  return new PdpError(
    'usage',
    `${archive} is no archive of this log: ${why}. Name a directory that "countersign log archive" wrote. Nothing was pruned.`,
  )
}

function printed(root: Uint8Array): `sha256:${string}` {
  return `sha256:${Buffer.from(root).toString('hex')}`
}
