/** A grant as its claims, and as the terms that grants are compared by. */
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { GrantRequest } from '../contract/grant-request.ts'
import type { Issuing } from '../contract/registry.ts'
import type { PurposeGrant } from '../contract/purpose-grant.ts'
import type { GrantTerms } from './narrow.ts'

/** What is asked for, from then on. @param now seconds since the epoch */
export function requestedTerms(
  request: Omit<GrantRequest, 'issuer' | 'parent' | 'request_id'>,
  now: number,
): GrantTerms {
  const { initiator, agent, purpose, capabilities, data, sampling, clarification } = request
  return {
    ...{ initiator, agent: agent ?? null, code: purpose.code, ref: purpose.ref ?? null },
    ...{ capabilities, data, sampling: sampling ?? null, clarification: clarification ?? false },
    ...{ budgets: request.budgets ?? {}, notBefore: now, expiresAt: now + request.seconds },
  }
}

/** What an attested purpose gives. */
export function attestedTerms(purpose: AttestedPurpose): GrantTerms {
  const { bounds, budgets, code, ref, initiator, agent } = purpose
  const { capabilities, clarification, classifications, directions, residency, resources } = bounds
  return {
    ...{ initiator, agent, code, ref, capabilities, clarification },
    data: { classifications, directions, residency, resources },
    ...{ sampling: bounds.sampling, budgets },
    ...{ notBefore: purpose.not_before, expiresAt: purpose.expires_at },
  }
}

/** The most that an issuing rule allows; of whom and how long it says nothing here. */
export function issuableTerms(rule: Issuing, request: GrantTerms): GrantTerms {
  const { capabilities, data, sampling, clarification } = rule
  return {
    ...request,
    ...{ capabilities, data, sampling: sampling ?? null, clarification: clarification ?? false },
  }
}

/** Claims of the grant. */
export function claimsOf(
  terms: GrantTerms,
  named: {
    readonly iss: string
    readonly aud: string
    readonly jti: string
    /** Of the grant that it was narrowed from. */
    readonly parent: string | null
  },
): PurposeGrant {
  const { initiator, agent, code, ref, capabilities, data, sampling, clarification, budgets } =
    terms
  const { iss, aud, jti, parent } = named
  return {
    ...{ iss, aud, jti, iat: terms.notBefore, nbf: terms.notBefore, exp: terms.expiresAt },
    ...{ initiator: { iss: initiator.iss, sub: initiator.sub } },
    purpose: { code, ...(ref === null ? {} : { ref }) },
    capabilities: [...capabilities],
    data: {
      classifications: [...data.classifications],
      resources: [...data.resources],
      residency: [...data.residency],
      directions: [...data.directions],
    },
    ...(sampling === null ? {} : { sampling }),
    ...(clarification ? { clarification } : {}),
    ...(agent === null ? {} : { agent }),
    ...(Object.keys(budgets).length === 0 ? {} : { budgets }),
    ...(parent === null ? {} : { parent }),
  }
}
