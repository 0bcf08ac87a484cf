/**
 * The claim `cnf` (RFC 7800): the key that a token is bound to. Whoever shows the token must prove that key.
 */
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { spiffeAlgorithms } from './token-profile.ts'
import { isText } from './claim.ts'
import { isObject, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'

/** A key that travels in the token (WIT); `alg` is the only one that it may sign with. */
export type BoundKey = { readonly jwk: JsonMembers; readonly alg: string }

/** A key by its digest (RFC 9449 section 6.1, RFC 8705 section 3.1); null for an unbound token. */
export type BoundDigest = { readonly kind: 'jkt' | 'x5t#S256'; readonly thumbprint: string } | null

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const
const ownAlgorithms: readonly string[] = [...spiffeAlgorithms, 'EdDSA', 'Ed25519']

/** `cnf.jwk` with its mandatory `alg` (draft-ietf-wimse-workload-creds-02): public, asymmetric, for signatures. */
export function readBoundKey(cnf: unknown): Reading<BoundKey> {
  if (!isObject(cnf) || !isObject(cnf['jwk'])) return refuse('bad_cnf')
  const { jwk } = cnf
  const isSecret = jwk['kty'] === 'oct' || secretMembers.some((name) => Object.hasOwn(jwk, name))
  if (isSecret) return refuse('bad_cnf')
  const { alg } = jwk
  return isText(alg) && ownAlgorithms.includes(alg) ? read({ jwk, alg }) : refuse('bad_cnf')
}

/** What else a confirmation may hold is not known here, and binds the token to something that nobody checks. */
export function readBoundDigest(cnf: unknown): Reading<BoundDigest> {
  if (cnf === undefined) return read(null)
  if (!isObject(cnf)) return refuse('bad_cnf')
  const [name, ...more] = Object.keys(cnf)
  const thumbprint = cnf[name ?? '']
  if (more.length > 0 || !isThumbprint(thumbprint)) return refuse('bad_cnf')
  return name === 'jkt' || name === 'x5t#S256'
    ? read({ kind: name, thumbprint })
    : refuse('bad_cnf')
}

/** base64url of a SHA-256, without padding. */
function isThumbprint(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)
}

/** What of a token's key was proved to us; null: nothing. */
export type ProvedKey = { readonly kind: 'jkt'; readonly thumbprint: string } | null

/**
 * Null when the proof is the one that the token asks for: none, or one by its own key, or the certificate of the
 * connection (RFC 8705 section 3).
 *
 * @param certificate `x5t#S256` of the peer of the connection that we saw; null without one.
 */
export function faultOfProof(
  bound: BoundDigest,
  proved: ProvedKey,
  certificate: string | null,
): EvidenceFailure | null {
  if (bound === null) return proved === null ? null : 'pop_unexpected'
  if (bound.kind === 'x5t#S256') return faultOfCertificate(bound.thumbprint, proved, certificate)
  if (proved === null) return 'pop_missing'
  return proved.thumbprint === bound.thumbprint ? null : 'pop_key'
}

function faultOfCertificate(
  thumbprint: string,
  proved: ProvedKey,
  certificate: string | null,
): EvidenceFailure | null {
  if (certificate === null) return 'certificate_missing'
  if (certificate !== thumbprint) return 'certificate_mismatch'
  return proved === null ? null : 'pop_unexpected'
}
