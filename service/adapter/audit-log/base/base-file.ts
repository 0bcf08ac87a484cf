/**
 * The base of a log that was pruned, `log/base`: what the entries that are gone still mean for those behind them. It stands in
 * their place when the log is read from its beginning, as a snapshot and an index would.
 *
 * Three things vouch for it. The leaf `log_pruned` names its digest, and that leaf lies under a signed checkpoint. Its tree is held
 * against every checkpoint by reading on. And its authentication code needs a key of the tenant. Lines of JSON: a header, the
 * folds, the last leaf of each workflow and what it has come to, the request keys; then the code.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { resumeFolds, type SavedFold } from '../../../audit/fold.ts'
import { GrowingTree } from '../../../audit/merkle.ts'
import type { Prunings } from '../../../audit/prunings.ts'
import type { Digest } from '../../../contract/digest.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { macOf, sameText } from '../../../statement/digest.ts'
import { foldKinds, type WalkStart } from '../derived/snapshot.ts'

export const baseFile = 'base'
/** One whose leaf is not durable yet, or that has not taken its place. */
export const nextBaseFile = 'base.next'

export type BasePlace = {
  /** Of the segments. */
  readonly log: string
  readonly origin: string
  readonly key: Uint8Array
}

export type BaseHeader = {
  readonly v: 1
  readonly origin: string
  /** Entries that are gone: the index of the first that is there. */
  readonly size: number
  readonly peaks: readonly string[]
  /** Lines of folds behind this one. */
  readonly folds: number
}

/** The last leaf of a workflow, what a workflow or an initiator has come to, or the record that a request key stands for. */
export type BaseRow =
  | readonly ['head', workflow: string, seq: number, digest: string]
  | readonly ['standing', key: string, value: unknown]
  | readonly [
      'request',
      key: string,
      place: number,
      id: string,
      digest: string,
      exp: number | null,
      held: 0 | 1,
    ]

export type Base = {
  readonly size: number
  /** SHA-256 of all but the code, as its leaf names it. */
  readonly digest: Digest
  readonly path: string
  /** Where reading begins: folds and tree of one's own, each time. */
  readonly start: () => WalkStart
  /** In bounded memory. */
  readonly rows: () => AsyncIterable<BaseRow>
}

/** base64url of 32 bytes, and the end of the line. */
const codeBytes = 44

export function codeOf(key: Uint8Array, digest: Digest): string {
  return macOf(key, 'log-base', digest)
}

/** The digest of a base that lies there; null when there is none, or none of this log. */
export async function baseDigest(path: string, key: Uint8Array): Promise<Digest | null> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => null,
  )
  if (bytes === null || bytes <= codeBytes) return null
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { end: bytes - codeBytes - 1 }))
    hash.update(piece as Buffer)
  const digest = `sha256:${hash.digest('hex')}` as const
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(codeBytes), 0, codeBytes, bytes - codeBytes)
    return sameText(buffer.toString('latin1'), `${codeOf(key, digest)}\n`) ? digest : null
  } finally {
    await file.close()
  }
}

/** Null for a log that was never pruned. @throws PdpError `log_corrupt`. */
export async function readBase({ log, origin, key }: BasePlace): Promise<Base | null> {
  const path = join(log, baseFile)
  if ((await stat(path).catch(() => null)) === null) return null
  const digest = await baseDigest(path, key)
  if (digest === null) throw unusable(path, 'it was not written by this log, or was changed')
  const [header, folds] = await headOf(path)
  if ((header.v as number) !== 1 || header.origin !== origin)
    throw unusable(path, 'it is of another log, or of another version')
  const peaks = header.peaks.map((peak) => Buffer.from(peak, 'hex'))
  const start = (): WalkStart => {
    const resumed = resumeFolds(foldKinds, folds)
    if (resumed === null) throw unusable(path, 'it was written by another version')
    return { tree: new GrowingTree(header.size, peaks), folds: resumed, last: null }
  }
  // That it can be resumed is found out now, and not when a thread begins.
  start()
  const rows = (): AsyncIterable<BaseRow> => rowsBehind(path, header.folds + 1)
  return { size: header.size, digest, path, start, rows }
}

/** @throws PdpError `log_corrupt` when no leaf that was read names the base. */
export function refuseUnvouched(prunings: Prunings, base: Base | null): void {
  if (base === null || prunings.vouchesFor(base.digest, base.size)) return
  throw new PdpError(
    'log_corrupt',
    `${base.path} is named by no entry of the log: it is not the one that was written when the log was pruned. Nothing was ` +
      'changed. Restore log/ as a whole from a copy, or from the archive.',
  )
}

async function headOf(path: string): Promise<readonly [BaseHeader, readonly SavedFold[]]> {
  const input = createReadStream(path)
  const folds: SavedFold[] = []
  let header: BaseHeader | null = null
  try {
    for await (const line of createInterface({ input })) {
      if (header === null) header = JSON.parse(line) as BaseHeader
      else folds.push(JSON.parse(line) as SavedFold)
      if (folds.length === header.folds) break
    }
  } finally {
    input.destroy()
  }
  if (header === null) throw unusable(path, 'it is empty')
  return [header, folds]
}

async function* rowsBehind(path: string, lines: number): AsyncGenerator<BaseRow> {
  let at = 0
  for await (const line of createInterface({ input: createReadStream(path) })) {
    at += 1
    if (at > lines && line.startsWith('[')) yield JSON.parse(line) as BaseRow
  }
}

function unusable(path: string, why: string): PdpError {
  return new PdpError(
    'log_corrupt',
    `${path} cannot be used: ${why}. Nothing was changed. Restore it from a copy; or make the log whole again from its ` +
      'archive: copy the segments of <archive>/log/ into log/ and <archive>/published/tile/ into published/tile/, and remove ' +
      'log/base and published/minimum-index.',
  )
}
