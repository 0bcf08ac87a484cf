/**
 * Whether a leaf fits the 65,535 bytes of an entry (C2SP tlog-tiles), known before it has its place.
 *
 * A flow asks before it appends, so that a query whose leaf would be too large is denied, not lost.
 */
import { limits } from '../contract/limits.ts'
import type { Draft } from './draft.ts'

/** Protected header `{"alg","typ","kid"}` with the longest names, encoded; and an encoded signature. */
const headerCharacters = 192
const signatureCharacters = 86

const utf8 = new TextEncoder()

/** Bytes of the compact JWS whose payload has this many bytes, never less than it will be. */
export function tokenBytesBound(payloadBytes: number): number {
  return headerCharacters + 1 + Math.ceil((payloadBytes * 4) / 3) + 1 + signatureCharacters
}

/** True when the leaf of this draft fits whatever place it gets. */
export function leafFits(draft: Draft, origin: string): boolean {
  const digest = `sha256:${'0'.repeat(64)}`
  const largest = Number.MAX_SAFE_INTEGER
  const payload = JSON.stringify({
    ...draft.claims,
    v: 1,
    iss: origin,
    iat: largest,
    index: largest,
    disclosure: { digest, subject: draft.disclosure?.subject ?? '' },
    workflow: { id: draft.workflowId ?? '', seq: largest, prev: digest },
  })
  return tokenBytesBound(utf8.encode(payload).length) <= limits.leafBytes
}
