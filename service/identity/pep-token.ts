/** The gateway that asks: an RFC 9068 access token for its tenant, got by `private_key_jwt` (RFC 7523). */
import { limits } from '../contract/limits.ts'
import { readAccessClaims, type AccessClaims } from './access-claims.ts'
import { checkTimes } from './claim.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { tokenProfiles } from './token-profile.ts'

export type VerifiedPep = {
  readonly iss: string
  readonly sub: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly expiresAt: number
}

export type PepClaims = AccessClaims & { readonly facts: VerifiedPep }

export type PepExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The audience URI of the tenant. */
  readonly audience: string
}

/** A gateway speaks for itself: a token with a delegation chain is not its own. */
export function readPepToken(payload: JsonMembers): Reading<PepClaims> {
  const claims = readAccessClaims(payload, tokenProfiles.pep_token.refusedClaims)
  if (!claims.ok) return claims
  const { iss, sub, clientId, scopes, times, delegation, bound } = claims.value
  if (delegation.actors.length > 0) return refuse('bad_claim')
  if (bound !== null) return refuse('pop_missing')
  return read({ ...claims.value, facts: { iss, sub, clientId, scopes, expiresAt: times.exp } })
}

/** Whether it stands now, for this tenant; its scopes are for the route to judge. */
export function acceptPepToken(claims: PepClaims, expected: PepExpectations): Reading<VerifiedPep> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.accessToken)
  if (failure !== null) return refuse(failure)
  return claims.audiences.includes(expected.audience) ? read(claims.facts) : refuse('audience')
}
