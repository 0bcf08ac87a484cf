/**
 * The proof that a workload makes for one use of its WIT: WPT, draft-ietf-wimse-wpt-02.
 *
 * Two claims of our own (draft section "Including Additional Claims") bind it to one question: a nonce that we
 * gave, or the digest of the request. With one of them it is proof of possession for this request; without,
 * whoever saw it may still use it once, for another question of the same moment.
 */
import { limits } from '../contract/limits.ts'
import { isInstant, isText, readAudiences } from './claim.ts'
import { isObject, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'

export const nonceClaim = 'urn:countersign:nonce'
export const requestDigestClaim = 'urn:countersign:request'

export type ProofExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** A configured URI; never what a header says. */
  readonly audience: string
  /** base64url of the SHA-256 of the access token that came along; null when none did. */
  readonly accessTokenHash: string | null
  /** An access token that came along must be covered: else the two could be spliced from two parties. */
  readonly mustCoverAccessToken: boolean
  /** Whether it is the digest of the request as we see it, or a nonce that we gave to this asker and still stands. */
  readonly isRequest: (digest: unknown) => boolean
  readonly isNonce: (nonce: string) => boolean
}

/** With the base64url of the SHA-256 of the WIT. */
export type WptExpectations = ProofExpectations & { readonly witHash: string }

export type AcceptedProof = {
  readonly jti: string
  /** Seconds since the epoch: after this it is refused whether or not it was seen. */
  readonly until: number
  /** It is for this very request. */
  readonly isBound: boolean
  /** The nonce that it spends; null when it has none. */
  readonly nonce: string | null
}

export function acceptWpt(payload: JsonMembers, expected: WptExpectations): Reading<AcceptedProof> {
  return acceptProof(payload, expected, () =>
    payload['wth'] === expected.witHash ? read(null) : refuse('wth'),
  )
}

/** @param covers whether it is for what it is a proof of. */
export function acceptProof(
  payload: JsonMembers,
  expected: ProofExpectations,
  covers: () => Reading<null>,
): Reading<AcceptedProof> {
  const { exp, jti } = payload
  if (!isInstant(exp) || !isText(jti) || jti.length > 256) return refuse('bad_claim')
  const audiences = readAudiences(payload)
  if (!audiences.ok) return audiences
  if (audiences.value.length !== 1 || audiences.value[0] !== expected.audience)
    return refuse('audience')
  const skew = limits.clockSkewSeconds
  if (exp <= expected.now - skew) return refuse('expired')
  if (exp - expected.now > limits.lifetimeSeconds.possessionProof) return refuse('lifetime')
  const covered = covers()
  if (!covered.ok) return covered
  const others = coverage(payload, expected)
  if (!others.ok) return others
  const binding = boundTo(payload, expected)
  return binding.ok ? read({ jti, until: exp + skew, ...binding.value }) : binding
}

/** Tokens that it says came along must have come, and be these. */
function coverage(payload: JsonMembers, expected: ProofExpectations): Reading<null> {
  const { ath, tth, oth } = payload
  if (ath === undefined) {
    if (expected.mustCoverAccessToken && expected.accessTokenHash !== null) return refuse('ath')
  } else if (ath !== expected.accessTokenHash) return refuse('ath')
  if (tth !== undefined) return refuse('tth')
  // Every other token that it names is one that we were not shown.
  if (oth !== undefined && !(isObject(oth) && Object.keys(oth).length === 0)) return refuse('oth')
  return read(null)
}

function boundTo(
  payload: JsonMembers,
  expected: ProofExpectations,
): Reading<Pick<AcceptedProof, 'isBound' | 'nonce'>> {
  const nonce = payload[nonceClaim]
  const digest = payload[requestDigestClaim]
  if (digest !== undefined && !expected.isRequest(digest)) return refuse('request_digest')
  if (nonce !== undefined && !(isText(nonce) && expected.isNonce(nonce))) return refuse('nonce')
  return read({
    isBound: digest !== undefined || nonce !== undefined,
    nonce: typeof nonce === 'string' ? nonce : null,
  })
}
