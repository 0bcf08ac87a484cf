/**
 * Proofs of possession as a table: tokens that a holder signs anew for each use, with the key that another
 * token is bound to. Exact headers; the key never comes from where it is not expected.
 */
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { takeApart, type CompactParts, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'

export type PossessionKind = 'wpt' | 'dpop' | 'x5_proof'

type PossessionProfile = {
  readonly typ: string
  /** Every header member that there may be. */
  readonly header: readonly string[]
  readonly algorithms: readonly string[]
}

const asymmetric = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512'] as const
const algorithms = [...asymmetric, 'PS256', 'PS384', 'PS512', 'EdDSA', 'Ed25519'] as const

export const possessionProfiles: Readonly<Record<PossessionKind, PossessionProfile>> = {
  /** draft-ietf-wimse-wpt-02: the key is that of the WIT, so the header brings none. */
  wpt: { typ: 'wpt+jwt', header: ['alg', 'typ'], algorithms },
  /** Of our own: the key is that of an X.509-SVID that comes along; no certificate in the header is looked at. */
  x5_proof: { typ: 'x5-proof+jwt', header: ['alg', 'typ'], algorithms },
  /** RFC 9449 section 4.2: the key is in the header, and the access token names its thumbprint. */
  dpop: { typ: 'dpop+jwt', header: ['alg', 'typ', 'jwk'], algorithms },
}

export type ParsedProof = CompactParts & { readonly alg: string; readonly jwk: unknown }

export function parseProof(compact: string, kind: PossessionKind): Reading<ParsedProof> {
  const parts = takeApart(compact)
  if (!parts.ok) return parts
  const { header } = parts.value
  const failure = faultOfHeader(header, possessionProfiles[kind])
  if (failure !== null) return refuse(failure)
  return read({ ...parts.value, alg: header['alg'] as string, jwk: header['jwk'] })
}

function faultOfHeader(header: JsonMembers, profile: PossessionProfile): EvidenceFailure | null {
  if (header['typ'] !== profile.typ) return 'wrong_type'
  if (Object.keys(header).some((name) => !profile.header.includes(name))) return 'header_refused'
  const { alg } = header
  return typeof alg === 'string' && profile.algorithms.includes(alg) ? null : 'alg_refused'
}
