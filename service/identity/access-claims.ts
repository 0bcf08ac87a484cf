/** The claims of an RFC 9068 access token, whoever it is for: read once from a payload that was signed. */
import type { EvidenceFailure } from '../contract/reason-code.ts'
import {
  isInstant,
  isText,
  readAudiences,
  readOptional,
  readTimes,
  refusedClaim,
  type TokenTimes,
} from './claim.ts'
import { readBoundDigest, type BoundDigest } from './confirmation.ts'
import { readDelegation, type Delegation } from './delegation.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'

export type AccessClaims = {
  readonly iss: string
  readonly sub: string
  readonly clientId: string
  readonly audiences: readonly string[]
  readonly times: TokenTimes
  readonly scopes: readonly string[]
  readonly groups: readonly string[]
  readonly acr: string | null
  readonly authTime: number | null
  readonly delegation: Delegation
  /** The key that the token is bound to; null for a bearer token. */
  readonly bound: BoundDigest
}

/** RFC 9068 section 2.2; `scope` is RFC 8693 section 4.2, `groups` is section 2.2.3.1. */
export function readAccessClaims(
  payload: JsonMembers,
  refused: Readonly<Record<string, EvidenceFailure>>,
): Reading<AccessClaims> {
  const failure = refusedClaim(payload, refused)
  if (failure !== null) return refuse(failure)
  const { iss, sub, client_id: clientId, jti, iat } = payload
  if (!isText(iss) || !isText(sub) || !isText(clientId) || !isText(jti) || iat === undefined) {
    return refuse('bad_claim')
  }
  const times = readTimes(payload)
  if (!times.ok) return times
  const audiences = readAudiences(payload)
  if (!audiences.ok) return audiences
  const rights = readRights(payload)
  if (!rights.ok) return rights
  const delegation = readDelegation(payload, { iss, sub })
  if (!delegation.ok) return delegation
  const bound = readBoundDigest(payload['cnf'])
  if (!bound.ok) return bound
  return read({
    iss,
    sub,
    clientId,
    audiences: audiences.value,
    times: times.value,
    ...rights.value,
    delegation: delegation.value,
    bound: bound.value,
  })
}

type Rights = Pick<AccessClaims, 'scopes' | 'groups' | 'acr' | 'authTime'>

function readRights(payload: JsonMembers): Reading<Rights> {
  const scope = readOptional(payload['scope'], isString)
  const groups = readOptional(payload['groups'], isTexts)
  const acr = readOptional(payload['acr'], isText)
  const authTime = readOptional(payload['auth_time'], isInstant)
  if (!scope.ok || !groups.ok || !acr.ok || !authTime.ok) return refuse('bad_claim')
  return read({
    scopes: (scope.value ?? '').split(' ').filter(isText),
    groups: groups.value ?? [],
    acr: acr.value,
    authTime: authTime.value,
  })
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText)
}
