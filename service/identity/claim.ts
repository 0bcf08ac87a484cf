/**
 * Claims that every kind of token has (RFC 7519 section 4.1), read strictly and checked against one clock.
 *
 * Reading depends on the payload alone; what depends on the moment and the asker is checked at each use.
 */
import { limits } from '../contract/limits.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'

export type TokenTimes = {
  readonly exp: number
  readonly iat: number | null
  readonly nbf: number | null
}

/** `exp`, and `iat` and `nbf` where they are: whole seconds since the epoch, in an order that makes sense. */
export function readTimes(payload: JsonMembers): Reading<TokenTimes> {
  const { exp, iat, nbf } = payload
  if (!isInstant(exp)) return refuse('bad_claim')
  if (iat !== undefined && (!isInstant(iat) || iat >= exp)) return refuse('bad_claim')
  if (nbf !== undefined && (!isInstant(nbf) || nbf >= exp)) return refuse('bad_claim')
  return read({ exp, iat: iat ?? null, nbf: nbf ?? null })
}

/** A date of a claim: never a text, a fraction, a negative number or infinity. */
export function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/**
 * Null when a token of these times stands now.
 *
 * @param now seconds since the epoch.
 * @param longest the longest lifetime that is accepted, in seconds, whatever the token says.
 */
export function checkTimes(
  times: TokenTimes,
  now: number,
  longest: number,
): EvidenceFailure | null {
  const skew = limits.clockSkewSeconds
  const { exp, iat, nbf } = times
  if (exp <= now - skew) return 'expired'
  if ((iat ?? 0) > now + skew || (nbf ?? 0) > now + skew) return 'not_yet_valid'
  return exp - (iat ?? now) > longest ? 'lifetime' : null
}

/** `aud`: one text or a short list of texts. */
export function readAudiences(payload: JsonMembers): Reading<readonly string[]> {
  const { aud } = payload
  if (aud === undefined) return refuse('audience')
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (audiences.length > limits.audiences) return refuse('audience_many')
  return audiences.every(isText) ? read(audiences) : refuse('bad_claim')
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** An optional claim: absent is null, present must be what `is` says. */
export function readOptional<T>(
  value: unknown,
  is: (value: unknown) => value is T,
): Reading<T | null> {
  if (value === undefined) return read(null)
  return is(value) ? read(value) : refuse('bad_claim')
}

/** The failure of the first claim that this kind of token must not have. */
export function refusedClaim(
  payload: JsonMembers,
  refused: Readonly<Record<string, EvidenceFailure>>,
): EvidenceFailure | null {
  for (const [name, failure] of Object.entries(refused))
    if (Object.hasOwn(payload, name)) return failure
  return null
}
