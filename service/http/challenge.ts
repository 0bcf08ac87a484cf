/** What a 401 says of how to come back: RFC 6750 section 3, RFC 9449 sections 7.1 and 9. */
import { CallerRefusal } from '../contract/caller-failure.ts'
import { possessionProfiles } from '../identity/possession-profile.ts'

const algorithms = possessionProfiles.dpop.algorithms.join(' ')

/** The same for every refusal, but that a gateway whose proof only lacks a nonce is given one. */
export function challengeOf(error: unknown): Readonly<Record<string, string>> {
  const { cause } = error instanceof Error ? error : {}
  const nonce = cause instanceof CallerRefusal ? cause.nonce : null
  if (nonce === null)
    return {
      'www-authenticate': `Bearer realm="countersign", DPoP realm="countersign", algs="${algorithms}"`,
    }
  return {
    'www-authenticate': `DPoP realm="countersign", error="use_dpop_nonce", algs="${algorithms}"`,
    'dpop-nonce': nonce,
  }
}
