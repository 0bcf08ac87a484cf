/** The gateway that asks: an RFC 9068 access token for its tenant, got by `private_key_jwt` (RFC 7523). */
import { limits } from '../contract/limits.ts'
import { readAccessClaims, type AccessClaims } from './access-claims.ts'
import { checkTimes } from './claim.ts'
import { faultOfProof, type BoundDigest } from './confirmation.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { tokenProfiles } from './token-profile.ts'

export type VerifiedPep = {
  readonly iss: string
  readonly sub: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly expiresAt: number
  /** Seconds since the epoch; every access token says it. */
  readonly issuedAt: number | null
  /** The key that whoever shows it has yet to prove: `flow/prove-pep.ts`. */
  readonly bound: BoundDigest
}

export type PepClaims = AccessClaims & { readonly facts: VerifiedPep }

export type PepExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The audience URI of the tenant. */
  readonly audience: string
  /** Whoever asks goes on to prove the key that the token is bound to; else a bound one is refused. */
  readonly keyIsProvedNext?: true
}

/** A gateway speaks for itself: a token with a delegation chain is not its own. */
export function readPepToken(payload: JsonMembers): Reading<PepClaims> {
  const claims = readAccessClaims(payload, tokenProfiles.pep_token.refusedClaims)
  if (!claims.ok) return claims
  const { iss, sub, clientId, scopes, times, delegation, bound } = claims.value
  if (delegation.actors.length > 0) return refuse('bad_claim')
  const facts = { iss, sub, clientId, scopes, expiresAt: times.exp, issuedAt: times.iat, bound }
  return read({ ...claims.value, facts })
}

/** Whether it stands now, for this tenant; its scopes are for the route to judge. */
export function acceptPepToken(claims: PepClaims, expected: PepExpectations): Reading<VerifiedPep> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.accessToken)
  if (failure !== null) return refuse(failure)
  if (!claims.audiences.includes(expected.audience)) return refuse('audience')
  const unproved = expected.keyIsProvedNext === true ? null : faultOfProof(claims.bound, null, null)
  return unproved === null ? read(claims.facts) : refuse(unproved)
}
