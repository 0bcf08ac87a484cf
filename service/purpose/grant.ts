/**
 * A purpose grant: what an issuer that the tenant configured allows for one purpose, and no more.
 *
 * What a grant leaves out it does not give. Whose grant it is and what lies inside it, policy judges.
 */
import { limits } from '../contract/limits.ts'
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import { PurposeGrant } from '../contract/purpose-grant.ts'
import { compileChecker } from '../contract/validate.ts'
import {
  checkTimes,
  readAudiences,
  readTimes,
  refusedClaim,
  type TokenTimes,
} from '../identity/claim.ts'
import type { JsonMembers } from '../identity/parse-token.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import { tokenProfiles } from '../identity/token-profile.ts'

export type GrantClaims = {
  readonly audiences: readonly string[]
  readonly times: TokenTimes
  readonly facts: AttestedPurpose
}

export type GrantExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The audience URI of the tenant. */
  readonly audience: string
}

const checkGrant = compileChecker(PurposeGrant)

export function readPurposeGrant(payload: JsonMembers): Reading<GrantClaims> {
  const failure = refusedClaim(payload, tokenProfiles.purpose_grant.refusedClaims)
  if (failure !== null) return refuse(failure)
  const times = readTimes(payload)
  if (!times.ok) return times
  const audiences = readAudiences(payload)
  if (!audiences.ok) return audiences
  const checked = checkGrant(payload)
  if (!checked.ok) return refuse('bad_claim')
  return read({ audiences: audiences.value, times: times.value, facts: factsOf(checked.value) })
}

export function acceptPurposeGrant(
  claims: GrantClaims,
  expected: GrantExpectations,
): Reading<AttestedPurpose> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.purposeGrant)
  if (failure !== null) return refuse(failure)
  return claims.audiences.includes(expected.audience) ? read(claims.facts) : refuse('audience')
}

function factsOf(grant: PurposeGrant): AttestedPurpose {
  const { iss, jti, iat, nbf, exp, purpose, initiator, data } = grant
  return {
    agent: grant.agent ?? null,
    bounds: {
      capabilities: grant.capabilities,
      clarification: grant.clarification ?? false,
      classifications: data.classifications,
      directions: data.directions,
      residency: data.residency,
      resources: data.resources,
      sampling: grant.sampling ?? null,
    },
    budgets: grant.budgets ?? {},
    code: purpose.code,
    expires_at: exp,
    grant_id: jti,
    initiator: { iss: initiator.iss, sub: initiator.sub },
    iss,
    left: { calls: null, model_calls: null },
    not_before: nbf ?? iat,
    parent: grant.parent ?? null,
    ref: purpose.ref ?? null,
  }
}
