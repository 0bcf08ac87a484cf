/** The initiator: an RFC 9068 access token whose audience is the MCP server that is asked (RFC 8707). */
import { limits } from '../contract/limits.ts'
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import { readAccessClaims, type AccessClaims } from './access-claims.ts'
import { checkTimes } from './claim.ts'
import { faultOfProof, type ProvedKey } from './confirmation.ts'
import { isOfIssuers } from './delegation.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { tokenProfiles } from './token-profile.ts'

export type InitiatorClaims = AccessClaims & { readonly facts: VerifiedInitiator }

export type InitiatorExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The canonical URI of the MCP server that is asked. */
  readonly audience: string
  /** The gateway that asks: its own token is nobody's initiator. */
  readonly pep: { readonly issuer: string; readonly clientId: string } | null
  /** The issuers that the tenant trusts for initiators, and so for actors. */
  readonly issuers: readonly string[]
  /** The key that was proved along with it; null when none was. */
  readonly proof?: ProvedKey
  /** `x5t#S256` of the peer of the connection; null when it showed no certificate. */
  readonly certificate?: string | null
  /** Whether tokens of this subject that were issued then are void; @param issuedAt seconds. */
  readonly isRevoked?: IsRevoked
}

export type IsRevoked = (iss: string, sub: string, issuedAt: number | null) => boolean

/** What a signed payload says, whoever asks and whenever. */
export function readAccessToken(payload: JsonMembers): Reading<InitiatorClaims> {
  const claims = readAccessClaims(payload, tokenProfiles.access_token.refusedClaims)
  return claims.ok ? read({ ...claims.value, facts: factsOf(claims.value) }) : claims
}

/** Whether it stands now, for this question. */
export function acceptAccessToken(
  claims: InitiatorClaims,
  expected: InitiatorExpectations,
): Reading<VerifiedInitiator> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.accessToken)
  if (failure !== null) return refuse(failure)
  if (!claims.audiences.includes(expected.audience)) return refuse('audience')
  if (!isOfIssuers(claims.delegation, expected.issuers)) return refuse('chain_issuer')
  if (isOwnToken(claims, expected.pep)) return refuse('subject_is_pep')
  if (isVoid(claims, expected)) return refuse('revoked')
  const unproved = faultOfProof(claims.bound, expected.proof ?? null, expected.certificate ?? null)
  if (unproved !== null) return refuse(unproved)
  return read(claims.bound === null ? claims.facts : { ...claims.facts, grade: 'pop' })
}

/** The subject or anybody in the chain was revoked after the token was issued. */
function isVoid(claims: InitiatorClaims, { isRevoked }: InitiatorExpectations): boolean {
  if (isRevoked === undefined) return false
  const { iss, sub, times, delegation } = claims
  return [{ iss, sub }, ...delegation.actors].some((one) => isRevoked(one.iss, one.sub, times.iat))
}

/** A person's token may have been issued through the gateway's client; one whose subject is the client may not. */
function isOwnToken(claims: InitiatorClaims, pep: InitiatorExpectations['pep']): boolean {
  return (
    pep !== null &&
    claims.iss === pep.issuer &&
    claims.sub === claims.clientId &&
    claims.clientId === pep.clientId
  )
}

function factsOf(claims: AccessClaims): VerifiedInitiator {
  return {
    acr: claims.acr,
    auth_time: claims.authTime,
    client_id: claims.clientId,
    delegation: claims.delegation.actors.map(({ iss, sub }) => ({ iss, sub })),
    expires_at: claims.times.exp,
    grade: 'bearer',
    groups: [...claims.groups],
    iss: claims.iss,
    kind: claims.sub === claims.clientId ? 'workload' : 'person',
    scopes: [...claims.scopes],
    sub: claims.sub,
  }
}
