/** Writes the base that a log will begin with when it is pruned up to an entry: beside the one that counts. */
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { saveFolds } from '../../../audit/fold.ts'
import type { Digest } from '../../../contract/digest.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { addRows, noRows } from '../derived/index-rows.ts'
import { IndexStore } from '../derived/index-store.ts'
import { IndexedWorkflows } from '../derived/indexed-workflows.ts'
import { LogWalk } from '../derived/log-walk.ts'
import { foldKinds } from '../derived/snapshot.ts'
import { printedHash } from '../entry-reader.ts'
import { nodeFileSystem } from '../file-system.ts'
import { FrameReader } from '../frame-reader.ts'
import { readEntry } from '../read-entry.ts'
import {
  codeOf,
  nextBaseFile,
  type Base,
  type BaseHeader,
  type BasePlace,
  type BaseRow,
} from './base-file.ts'
import { fillFromBase } from './base-rows.ts'

/** Entries that are read at a time. */
const atOnce = 1024
/** Characters that are written at a time. */
const pieceLength = 256 * 1024

export type NextBase = { readonly size: number; readonly root: string; readonly digest: Digest }

/**
 * Reads the entries from the base that counts up to that size. Its rows lie in an index of their own meanwhile, so that memory
 * is bounded; it is thrown away. If we crash, what lies there is nothing that counts, and the next attempt writes over it.
 *
 * @param before the base that counts; null for a log that was never pruned
 * @param scratch a directory for that index
 */
export async function writeNextBase(
  place: BasePlace,
  before: Base | null,
  size: number,
  scratch: string,
): Promise<NextBase> {
  const path = join(scratch, 'base.sqlite.unfinished')
  IndexStore.remove(path)
  const store = IndexStore.openToFill(path)
  try {
    const walk = new LogWalk(before?.start() ?? null)
    const root = (): string => printedHash(walk.tree.root())
    if (before !== null) await fillFromBase(store, place.origin, before, root())
    await walkTo(size, { walk, store, place })
    const digest = await write(place, walk, store)
    return { size, root: root(), digest }
  } finally {
    store.close()
    IndexStore.remove(path)
  }
}

type Walking = { readonly walk: LogWalk; readonly store: IndexStore; readonly place: BasePlace }

async function walkTo(size: number, { walk, store, place }: Walking): Promise<void> {
  const { tree, folds } = walk
  const workflows = new IndexedWorkflows(store)
  const reader = new FrameReader(nodeFileSystem, place.log, walk.place)
  while (tree.size < size) {
    const rows = noRows()
    const to = Math.min(tree.size + atOnce, size)
    for (const { index, position, frame } of await reader.read(tree.size, to)) {
      const entry = readEntry(frame, position, index)
      if (entry === null)
        throw new PdpError('log_corrupt', `Entry ${String(index)} is not where it should be.`)
      walk.step(entry)
      for (const fold of Object.values(folds)) fold.follow(entry.leaf, entry.token)
      addRows(rows, entry)
      workflows.follow(entry.leaf)
    }
    // Only what a base keeps: by a request key its record is found again, and nothing else of an entry that is gone.
    const asked = new Set(rows.requests.map(([, at]) => at))
    const entries = rows.entries.filter(([at]) => asked.has(at))
    const { origin } = place
    store.write(
      { origin, size: to, root: '' },
      { ...rows, entries, postings: [] },
      workflows.taken(),
    )
  }
}

async function write(
  { log, origin, key }: BasePlace,
  walk: LogWalk,
  store: IndexStore,
): Promise<Digest> {
  const { tree, folds } = walk
  const saved = saveFolds(foldKinds, folds)
  const peaks = tree.peaks.map((peak) => Buffer.from(peak).toString('hex'))
  const header: BaseHeader = { v: 1, origin, size: tree.size, peaks, folds: saved.length }
  const hash = createHash('sha256')
  const path = join(log, nextBaseFile)
  await rm(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  try {
    for (const piece of pieces([header, ...saved], store.baseRows())) {
      hash.update(piece)
      await file.writeFile(piece)
    }
    const digest = `sha256:${hash.digest('hex')}` as const
    await file.writeFile(`${codeOf(key, digest)}\n`)
    await file.sync()
    await nodeFileSystem.syncDirectory(log)
    return digest
  } finally {
    await file.close()
  }
}

function* pieces(head: readonly object[], rows: Iterable<BaseRow>): Generator<string> {
  let piece = head.map((line) => `${JSON.stringify(line)}\n`).join('')
  for (const row of rows) {
    piece += `${JSON.stringify(row)}\n`
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield piece
}
