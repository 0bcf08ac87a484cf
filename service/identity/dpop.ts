/**
 * A DPoP proof (RFC 9449 section 4): the holder of an access token proves the key that the token is bound to,
 * for one HTTP request to one resource.
 */
import { limits } from '../contract/limits.ts'
import { isInstant, isText } from './claim.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { requestDigestClaim, type AcceptedProof } from './wpt.ts'

export type DpopExpectations = {
  /** Seconds since the epoch. */
  readonly now: number
  readonly method: string
  /** The resource that is asked, as it is registered. */
  readonly url: string
  /** base64url of the SHA-256 of the access token. */
  readonly accessTokenHash: string
  /** Whether that is a nonce of ours that stands; left out where none is demanded. */
  readonly isNonce?: (nonce: unknown) => boolean
  /** Whether that is the digest of what is asked, which the proof must name; left out where none is demanded. */
  readonly isRequest?: (digest: unknown) => boolean
}

/**
 * RFC 9449 section 4.3, checks 3 and 8 to 12; the nonce of another resource server is that server's affair, and ours
 * says how old the proof is: its `jti` is what is used up.
 */
export function acceptDpop(
  payload: JsonMembers,
  expected: DpopExpectations,
): Reading<AcceptedProof> {
  const { jti, htm, htu, iat, ath } = payload
  if (!isText(jti) || jti.length > 256 || !isInstant(iat)) return refuse('bad_claim')
  if (Object.hasOwn(payload, 'aud')) return refuse('wrong_type')
  if (htm !== expected.method || !isSameTarget(htu, expected.url)) return refuse('pop_target')
  const window = limits.dpopSeconds
  if (iat < expected.now - window) return refuse('expired')
  if (iat > expected.now + limits.clockSkewSeconds) return refuse('not_yet_valid')
  if (ath !== expected.accessTokenHash) return refuse('ath')
  const unbound = faultOfBinding(payload, expected)
  return unbound ?? read({ jti, until: iat + window + 1, isBound: true, nonce: null })
}

/** What it must name beside the token. */
function faultOfBinding(
  payload: JsonMembers,
  { isNonce, isRequest }: DpopExpectations,
): ReturnType<typeof refuse> | null {
  if (isNonce?.(payload['nonce']) === false) return refuse('nonce')
  return isRequest?.(payload[requestDigestClaim]) === false ? refuse('request_digest') : null
}

function isSameTarget(htu: unknown, url: string): boolean {
  const target = targetOf(url)
  return typeof htu === 'string' && target !== null && targetOf(htu) === target
}

/**
 * Scheme, authority and path after the normalisation of RFC 3986 section 6.2.2 and 6.2.3; query and fragment
 * do not count (RFC 9449 section 4.3). Null for what is no http or https URL.
 */
function targetOf(text: string): string | null {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null
  return `${url.protocol}//${url.host}${url.pathname}`
}
