/** What the index keeps of entries. */
import { termNumber, termsOf } from '../../../audit/terms.ts'
import { digestOfJson } from '../../../statement/digest.ts'
import type { ReadEntry } from '../read-entry.ts'
import { bytesOfDigest } from './digest-bytes.ts'

/** Rows as they are bound, in the order of their columns. */
export type IndexRows = {
  readonly entries: [place: number, id: string, segment: number, offset: number, bytes: number][]
  /** By workflow: the last one of a batch is the one that stands. */
  readonly heads: Map<string, [seq: number, digest: Uint8Array]>
  readonly requests: [
    key: Uint8Array,
    place: number,
    queryDigest: Uint8Array,
    exp: number | null,
    held: 0 | 1,
  ][]
  readonly postings: [term: number, place: number][]
}

export function noRows(): IndexRows {
  return { entries: [], heads: new Map(), requests: [], postings: [] }
}

export function addRows(rows: IndexRows, { leaf, payload, position }: ReadEntry): void {
  const { index, jti, workflow, request_key: key, query_digest: digest } = leaf
  rows.entries.push([index, jti, position.segment, position.offset, position.bytes])
  if (workflow !== undefined) {
    const digest = bytesOfDigest(digestOfJson('leaf-payload', payload))
    rows.heads.set(workflow.id, [workflow.seq, digest])
  }
  if (key !== undefined && digest !== undefined) {
    const exp = leaf.kind === 'decision' ? leaf.exp : null
    const held = leaf.kind === 'decision' && leaf.hold !== undefined ? 1 : 0
    rows.requests.push([bytesOfDigest(key), index, bytesOfDigest(digest), exp, held])
  }
  if (leaf.kind === 'decision') {
    for (const term of termsOf(leaf)) rows.postings.push([termNumber(term), index])
  }
}
