/**
 * A token by which a platform vouches for a workload: a projected service account of Kubernetes, a job of GitHub
 * Actions or GitLab, another OIDC issuer of workloads. Its issuer is configured; what its claims mean, tenant data says.
 */
import { limits } from '../contract/limits.ts'
import type { ProvedPlatform } from '../contract/workload.ts'
import {
  checkTimes,
  isText,
  readAudiences,
  readTimes,
  refusedClaim,
  type TokenTimes,
} from './claim.ts'
import { isObject, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { tokenProfiles } from './token-profile.ts'

export type PlatformWorkload = {
  readonly platform: ProvedPlatform
  readonly subject: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
  readonly issuedAt: number | null
}

export type PlatformTokenClaims = {
  readonly audiences: readonly string[]
  readonly times: TokenTimes
  readonly facts: PlatformWorkload
}

export type PlatformExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The audience URI of the tenant: the platform lets a job ask for it. */
  readonly audience: string
  /** What the tenant demands of every token of that issuer; null for an issuer that it does not know. */
  readonly demands: (issuer: string) => Readonly<Record<string, string>> | null
}

/** Levels of nested members that are taken for claims (Kubernetes has three). */
const depth = 3

export function readPlatformToken(payload: JsonMembers): Reading<PlatformTokenClaims> {
  const failure = refusedClaim(payload, tokenProfiles.platform_token.refusedClaims)
  if (failure !== null) return refuse(failure)
  const { iss, sub, iat } = payload
  if (!isText(iss) || !isText(sub) || iat === undefined) return refuse('bad_claim')
  const times = readTimes(payload)
  if (!times.ok) return times
  const audiences = readAudiences(payload)
  if (!audiences.ok) return audiences
  const facts: PlatformWorkload = {
    platform: { issuer: iss, claims: Object.fromEntries(textsOf(payload, '', depth)) },
    subject: sub,
    expiresAt: times.value.exp,
    issuedAt: times.value.iat,
  }
  return read({ audiences: audiences.value, times: times.value, facts })
}

/** The lifetime is capped whatever the platform says: its tokens lie in files, and are read again for minutes. */
export function acceptPlatformToken(
  claims: PlatformTokenClaims,
  expected: PlatformExpectations,
): Reading<PlatformWorkload> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.platformToken)
  if (failure !== null) return refuse(failure)
  if (!claims.audiences.includes(expected.audience)) return refuse('audience')
  if (claims.audiences.length > 1) return refuse('audience_many')
  const { claims: said, issuer } = claims.facts.platform
  const demands = expected.demands(issuer)
  if (demands === null) return refuse('issuer_unknown')
  const isMeant = Object.entries(demands).every(([name, value]) => said[name] === value)
  return isMeant && !isForeignChange(said, demands) ? read(claims.facts) : refuse('issuer_scope')
}

/**
 * A job for a change that somebody proposed runs their code under the project's name (GitHub `pull_request`, GitLab
 * merge requests of forks): refused, unless the tenant demands just that.
 */
function isForeignChange(
  said: Readonly<Record<string, string>>,
  demands: Readonly<Record<string, string>>,
): boolean {
  const { event_name: event = '', pipeline_source: source = '' } = said
  if (event.startsWith('pull_request')) return demands['event_name'] === undefined
  return source.startsWith('merge_request') && demands['pipeline_source'] === undefined
}

/** Texts, numbers and booleans, as text; lists mean nothing here. */
function textsOf(members: JsonMembers, under: string, levels: number): [string, string][] {
  return Object.entries(members).flatMap(([name, value]): [string, string][] => {
    const path = `${under}${name}`
    if (typeof value === 'string') return [[path, value]]
    if (typeof value === 'number' || typeof value === 'boolean') return [[path, String(value)]]
    return isObject(value) && levels > 1 ? textsOf(value, `${path}/`, levels - 1) : []
  })
}

/** Issuers that vouch for everybody's workloads: without a demand on their claims a stranger's job would do. */
const shared = [
  /^https:\/\/token\.actions\.githubusercontent\.com$/,
  /^https:\/\/gitlab\.com$/,
  /^https:\/\/accounts\.google\.com$/,
  /^https:\/\/login\.microsoftonline\.com\/.+\/v2\.0$/,
  /^https:\/\/sts\.windows\.net\/.+\/$/,
]

export function isSharedIssuer(issuer: string): boolean {
  return shared.some((pattern) => pattern.test(issuer))
}
