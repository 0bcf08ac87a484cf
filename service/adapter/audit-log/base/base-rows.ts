/** The rows of a base, into an index and out of one. */
import type { IndexRows } from '../derived/index-rows.ts'
import { noRows } from '../derived/index-rows.ts'
import type { IndexStore } from '../derived/index-store.ts'
import { bytesOfDigest } from '../derived/digest-bytes.ts'
import type { Base, BaseRow } from './base-file.ts'

/** Rows of one transaction. */
const atOnce = 8192
/** The place of an entry that is gone: no segment that is there has it. */
const gone = { segment: 0, offset: 0, bytes: 0 }

/** Fills an empty index with what a base holds; it counts only when all of it is there. */
export async function fillFromBase(
  store: IndexStore,
  origin: string,
  base: Pick<Base, 'size' | 'rows'>,
  root: string,
): Promise<void> {
  let rows = noRows()
  let standings: Standing[] = []
  let waiting = 0
  for await (const row of base.rows()) {
    if (row[0] === 'standing') standings.push([row[1], JSON.stringify(row[2])])
    else addRow(rows, row)
    waiting += 1
    if (waiting < atOnce) continue
    // Of size 0 until the last of them: should we crash, the next start sees an index that has not come so far.
    store.write({ origin, size: 0, root: '' }, rows, standings)
    rows = noRows()
    standings = []
    waiting = 0
  }
  store.write({ origin, size: base.size, root }, rows, standings)
}

type Standing = readonly [key: string, value: string]

function addRow(rows: IndexRows, row: Exclude<BaseRow, readonly ['standing', ...unknown[]]>): void {
  if (row[0] === 'head') {
    const [, workflow, seq, digest] = row
    rows.heads.set(workflow, [seq, bytesOfDigest(digest)])
    return
  }
  const [, key, place, id, digest, exp, held] = row
  rows.entries.push([place, id, gone.segment, gone.offset, gone.bytes])
  rows.requests.push([bytesOfDigest(key), place, bytesOfDigest(digest), exp, held])
}
