/**
 * Looks into a payload before its signature is checked, only to choose whose keys are to check it.
 *
 * Nothing that is read here is a fact: after the signature, the strict parser reads the same bytes again.
 */
import { limits } from '../contract/limits.ts'
import { decodeBase64url } from '../statement/base64url.ts'
import { isObject, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { parseWorkloadId, parseWorkloadUri } from './spiffe-id.ts'
import type { TokenProfile } from './token-profile.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The issuer, or the trust domain, that an unverified payload names. */
export function peekIssuer(payload: Uint8Array, profile: TokenProfile): Reading<string> {
  const members = peek(payload)
  if (members === null) return refuse('malformed')
  const named = members[profile.issuerIn]
  if (profile.issuerIn === 'iss') {
    return typeof named === 'string' && named !== '' ? read(named) : refuse('bad_claim')
  }
  if (typeof named !== 'string') return refuse('bad_identifier')
  // A JWT-SVID names a SPIFFE ID and nothing else; a WIT may name its twin under another scheme, of other keys.
  const origin =
    profile.kind === 'wit' ? parseWorkloadUri(named)?.origin : parseWorkloadId(named)?.trustDomain
  return origin === undefined ? refuse('bad_identifier') : read(origin)
}

/** The audiences that an unverified token names: by them the tenant of a caller is found. Empty if unreadable. */
export function peekAudiences(compact: string): readonly string[] {
  if (compact.length > limits.tokenBytes) return []
  const payload = decodeBase64url(compact.split('.', 3)[1] ?? '')
  const aud = payload === null ? undefined : peek(payload)?.['aud']
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return named.filter((audience) => typeof audience === 'string').slice(0, limits.audiences)
}

function peek(payload: Uint8Array): JsonMembers | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(payload))
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
