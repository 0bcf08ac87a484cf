/**
 * What the folds hold at one size of the log, so that a start reads only what came after.
 *
 * It holds for one root, and says where the last entry before it lies. Its authentication code is made with a key of the
 * tenant: whoever can write files, and has no key, cannot make the log forget a stop. One that is older than the log costs time
 * and nothing else.
 */
import { join } from 'node:path'
import { resumeFolds, saveFolds, type FoldsOf, type SavedFold } from '../../../audit/fold.ts'
import { logFoldKinds } from '../../../audit/log-folds.ts'
import { GrowingTree } from '../../../audit/merkle.ts'
import { digestOfText, macOf, sameText } from '../../../statement/digest.ts'
import { writeDurably } from '../../durable/write-durably.ts'
import { keyUseFold } from '../publication/key-use.ts'
import { readIfThere } from '../publication/file-publication.ts'
import type { Position } from '../segments.ts'

/** Of the order, and of what is published beside it. */
export const foldKinds = { ...logFoldKinds, keyUse: keyUseFold }
export type RecordFolds = FoldsOf<typeof foldKinds>

/** Where the last entry lies that it holds for, and its leaf hash. */
export type LastEntry = { readonly position: Position; readonly hash: string }

/** Where reading begins; `last` is null where no entry before it is there. */
export type WalkStart = {
  readonly tree: GrowingTree
  readonly folds: RecordFolds
  readonly last: LastEntry | null
}

export type Snapshot = WalkStart & { readonly last: LastEntry }

export type SnapshotPlace = {
  /** Where the index is. */
  readonly directory: string
  readonly origin: string
  readonly key: Uint8Array
}

type Header = {
  readonly v: 1
  readonly origin: string
  readonly size: number
  readonly peaks: readonly string[]
  readonly last: LastEntry
}

export const snapshotFile = 'snapshot'

export async function writeSnapshot(place: SnapshotPlace, snapshot: Snapshot): Promise<void> {
  const { tree, folds, last } = snapshot
  const peaks = tree.peaks.map((peak) => Buffer.from(peak).toString('hex'))
  const header: Header = { v: 1, origin: place.origin, size: tree.size, peaks, last }
  const lines = [header, ...saveFolds(foldKinds, folds)].map((line) => JSON.stringify(line))
  const text = `${lines.join('\n')}\n`
  // Beside the old one until it is durable: if we die before the new one has its name, the old one holds.
  await writeDurably(place.directory, snapshotFile, `${text}${codeOf(place.key, text)}\n`)
}

/** Null when there is none, or none that can be used: then `told` is told why. */
export async function readSnapshot(
  place: SnapshotPlace,
  told: (fault: string) => void,
): Promise<Snapshot | null> {
  const bytes = await readIfThere(join(place.directory, snapshotFile))
  if (bytes === null) return null
  const snapshot = parsed(Buffer.from(bytes).toString(), place)
  if (typeof snapshot !== 'string') return snapshot
  told(snapshot)
  return null
}

function parsed(text: string, { origin, key }: SnapshotPlace): Snapshot | string {
  const end = text.lastIndexOf('\n', text.length - 2) + 1
  const body = text.slice(0, end)
  if (!sameText(text.slice(end), `${codeOf(key, body)}\n`))
    return 'it was not written by this log, or was changed'
  const [header, ...folds] = body.trimEnd().split('\n') as [string, ...string[]]
  const { v, origin: of, size, peaks, last } = JSON.parse(header) as Header
  if ((v as number) !== 1 || of !== origin) return 'it is of another log, or of another version'
  const resumed = resumeFolds(
    foldKinds,
    folds.map((fold) => JSON.parse(fold) as SavedFold),
  )
  if (resumed === null) return 'it is of another version'
  const hashes = peaks.map((peak) => Buffer.from(peak, 'hex'))
  return { tree: new GrowingTree(size, hashes), folds: resumed, last }
}

function codeOf(key: Uint8Array, text: string): string {
  return macOf(key, 'log-snapshot', digestOfText(text))
}
