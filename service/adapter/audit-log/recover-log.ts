/**
 * Reads a log that is opened: from the last snapshot if it can be relied on, else from its first entry. Either way the same
 * code takes the same leaves as when they were appended.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { frameAt } from '../../audit/frame.ts'
import { GrowingTree, leafHash } from '../../audit/merkle.ts'
import { Sequence } from '../../audit/sequence.ts'
import { PdpError } from '../../contract/error-code.ts'
import { refuseUnvouched, type Base } from './base/base-file.ts'
import type { IndexThreadStart, Unread } from './derived/index-thread.ts'
import type { LogIndex } from './derived/log-index.ts'
import { LogWalk } from './derived/log-walk.ts'
import {
  readSnapshot,
  snapshotFile,
  writeSnapshot,
  type Snapshot,
  type WalkStart,
} from './derived/snapshot.ts'
import { printedHash } from './entry-reader.ts'
import type { LogFileSystem } from './file-system.ts'
import {
  refuseMissing,
  refuseOtherRoot,
  type SignedCheckpoint,
} from './publication/signed-checkpoints.ts'
import { recoverSegments } from './recover.ts'
import { segmentName, type LogEnd } from './segments.ts'

export type Recovering = {
  readonly system: LogFileSystem
  readonly thread: Omit<IndexThreadStart, 'unread'>
  readonly index: LogIndex
  readonly signed: readonly SignedCheckpoint[]
  /** What it begins with; null for a log that was never pruned. */
  readonly base: Base | null
  readonly told: (notice: string) => void
}

export type RecoveredLog = {
  readonly end: LogEnd
  readonly walk: LogWalk
  readonly sequence: Sequence
}

/** The index goes on from there. @throws PdpError `log_corrupt`. */
export async function recoverLog(recovering: Recovering): Promise<RecoveredLog> {
  const { index, signed, base } = recovering
  const snapshot = await usableSnapshot(recovering)
  const unread = snapshot === null ? null : unreadBefore(snapshot, base)
  if (base !== null && index.indexed < base.size) await beginIndex(base, recovering)
  const recovered = await readFrom(snapshot ?? base?.start() ?? null, recovering)
  if (recovered === null) return await readAnew(recovering)
  const { size } = recovered.walk.tree
  refuseLoss(size, recovering)
  refuseMissing(size, signed)
  refuseUnvouched(recovered.sequence.prunings, base)
  index.resume(recovered.walk, unread)
  await keepSnapshot(recovered.walk, size - (unread?.size ?? 0), recovering)
  return recovered
}

/** What the index was made of was not this log: nothing of it counts, and nothing that relied on it. */
async function readAnew(recovering: Recovering): Promise<RecoveredLog> {
  const { index, signed, base } = recovering
  if (base === null) index.reset('its entries are not those in log/')
  else await beginIndex(base, recovering)
  const recovered = await readFrom(base?.start() ?? null, recovering)
  if (recovered === null) throw new PdpError('internal', 'An empty index disagrees with the log.')
  refuseMissing(recovered.walk.tree.size, signed)
  refuseUnvouched(recovered.sequence.prunings, base)
  index.resume(recovered.walk, null)
  return recovered
}

/** What the index would say of entries that are gone, the base says. */
async function beginIndex(base: Base, { index }: Recovering): Promise<void> {
  if (index.indexed > 0) index.reset('it is not of the entries in log/')
  await index.begin(base, printedHash(base.start().tree.root()))
}

function unreadBefore({ tree }: Snapshot, base: Base | null): Unread {
  const { size, peaks } = base?.start().tree ?? new GrowingTree()
  return { from: { size, peaks }, size: tree.size, root: printedHash(tree.root()) }
}

/** Null when the index is not of this log. */
async function readFrom(
  start: WalkStart | null,
  { system, thread, index, signed }: Recovering,
): Promise<RecoveredLog | null> {
  const walk = new LogWalk(start)
  const { tree, folds } = walk
  const { keyUse, ...orderFolds } = folds
  const sequence = new Sequence(thread.origin, index.memory, orderFolds)
  let agrees = index.agrees(tree)
  refuseOtherRoot(tree, signed)
  const end = await recoverSegments(
    system,
    thread.log,
    (entry) => {
      if (!agrees) return
      walk.step(entry)
      refuseOtherRoot(tree, signed)
      keyUse.follow(entry.leaf, entry.token)
      sequence.follow(entry.leaf, entry.payload)
      agrees = index.agrees(tree)
      if (agrees) index.recover(entry, tree)
    },
    walk.place,
  )
  return agrees ? { end, walk, sequence } : null
}

function refuseLoss(size: number, { thread, index }: Recovering): void {
  if (size >= index.indexed) return
  throw new PdpError(
    'log_corrupt',
    `${thread.log} holds ${size} entries and had held ${index.indexed}: acknowledged entries are lost. Restore it from ` +
      'a copy. If an older state was restored on purpose, remove the directory "index" beside it.',
  )
}

async function usableSnapshot(recovering: Recovering): Promise<Snapshot | null> {
  const { thread, told } = recovering
  const ignored = (why: string): void => {
    told(`index/${snapshotFile} is not used, and the whole log is read: ${why}`)
  }
  const { index: directory, origin, snapshotKey: key } = thread
  const snapshot = await readSnapshot({ directory, origin, key }, ignored)
  const fault = snapshot === null ? null : await faultOf(snapshot, recovering)
  if (fault === null) return snapshot
  ignored(fault)
  return null
}

async function faultOf(
  { tree, last }: Snapshot,
  { index, signed, system, thread }: Recovering,
): Promise<string | null> {
  if (index.indexed < tree.size) return 'the index has not come so far'
  const newest = Math.max(...signed.map(({ size }) => size))
  if (signed.length > 0 && newest < tree.size) return 'the last signed checkpoint is older'
  const { segment, offset, bytes } = last.position
  const path = join(thread.log, segmentName(segment))
  const found = await system.readAt(path, offset, bytes).catch(() => new Uint8Array(0))
  const frame = frameAt(found, 0, crc32)
  const agrees = frame !== null && printedHash(leafHash(frame.leaf)) === last.hash
  return agrees ? null : 'its last entry is not in log/'
}

/** Nothing is under way yet, so what the folds hold is what the log says. Else the next start would read as much again. */
async function keepSnapshot(
  walk: LogWalk,
  read: number,
  { thread, index: logIndex }: Recovering,
): Promise<void> {
  const snapshot = walk.snapshot()
  if (snapshot === null || read < thread.snapshotEntries) return
  const { index: directory, origin, snapshotKey: key } = thread
  // A snapshot counts only beside an index that has come as far.
  logIndex.sync()
  await writeSnapshot({ directory, origin, key }, snapshot)
}
