/**
 * How large a leaf becomes when it is signed; an entry holds 65,535 bytes (C2SP tlog-tiles).
 *
 * `decision/reach-decision.ts` keeps what policy states far below it; the log holds to it for every draft.
 */

/** Protected header `{"alg","typ","kid"}` with the longest names, encoded; and an encoded signature. */
const headerCharacters = 192
const signatureCharacters = 86

/** Bytes of the compact JWS whose payload has this many bytes, never less than it will be. */
export function tokenBytesBound(payloadBytes: number): number {
  return headerCharacters + 1 + Math.ceil((payloadBytes * 4) / 3) + 1 + signatureCharacters
}
