/** The server's workload: a JWT-SVID (SPIFFE JWT-SVID sections 3 and 4) whose audience is the tenant alone. */
import { limits } from '../contract/limits.ts'
import type { VerifiedServer } from '../contract/policy-input.ts'
import { checkTimes, readAudiences, readTimes, refusedClaim, type TokenTimes } from './claim.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { parseWorkloadId } from './spiffe-id.ts'
import { tokenProfiles } from './token-profile.ts'

export type SvidClaims = {
  readonly audiences: readonly string[]
  readonly times: TokenTimes
  readonly facts: VerifiedServer
}

export type SvidExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The audience URI of the tenant. */
  readonly audience: string
}

/** `jti` is not looked at: agents hand out the same SVID again, so it is no sign of a replay. */
export function readJwtSvid(payload: JsonMembers): Reading<SvidClaims> {
  const failure = refusedClaim(payload, tokenProfiles.jwt_svid.refusedClaims)
  if (failure !== null) return refuse(failure)
  const { sub } = payload
  const workload = typeof sub === 'string' ? parseWorkloadId(sub) : null
  if (workload === null) return refuse('bad_identifier')
  const times = readTimes(payload)
  if (!times.ok) return times
  const audiences = readAudiences(payload)
  if (!audiences.ok) return audiences
  const facts: VerifiedServer = {
    expires_at: times.value.exp,
    grade: 'bearer',
    launch: null,
    platform: null,
    spiffe_id: workload.id,
    tls: null,
    trust_domain: workload.trustDomain,
  }
  return read({ audiences: audiences.value, times: times.value, facts })
}

/** Whoever else is named in `aud` could play the token back to us, so there is nobody else. */
export function acceptJwtSvid(
  claims: SvidClaims,
  expected: SvidExpectations,
): Reading<VerifiedServer> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.jwtSvid)
  if (failure !== null) return refuse(failure)
  if (!claims.audiences.includes(expected.audience)) return refuse('audience')
  return claims.audiences.length === 1 ? read(claims.facts) : refuse('audience_many')
}
