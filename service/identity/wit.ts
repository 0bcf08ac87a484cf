/**
 * A workload's identity token: WIT (draft-ietf-wimse-workload-creds-02) and WIT-SVID (SPIFFE, 2026-07-01).
 *
 * It names a workload and the key that speaks for it. Alone it proves nothing: see `wpt.ts`.
 */
import { limits } from '../contract/limits.ts'
import { checkTimes, readTimes, refusedClaim, type TokenTimes } from './claim.ts'
import { readBoundKey, type BoundKey } from './confirmation.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { parseWorkloadUri, type WorkloadUri } from './spiffe-id.ts'
import { spiffeAlgorithms, tokenProfiles } from './token-profile.ts'

export type BoundWorkload = {
  readonly workload: WorkloadUri
  readonly key: BoundKey
  /** Seconds since the epoch. */
  readonly expiresAt: number
  readonly issuedAt: number | null
}

export type WitClaims = { readonly times: TokenTimes; readonly facts: BoundWorkload }

/** `jti` and `iat` are no sign of a replay: a workload shows the same token again and again. */
export function readWit(payload: JsonMembers): Reading<WitClaims> {
  const failure = refusedClaim(payload, tokenProfiles.wit.refusedClaims)
  if (failure !== null) return refuse(failure)
  const { sub } = payload
  const workload = typeof sub === 'string' ? parseWorkloadUri(sub) : null
  if (workload === null) return refuse('bad_identifier')
  const times = readTimes(payload)
  if (!times.ok) return times
  const key = readBoundKey(payload['cnf'])
  if (!key.ok) return key
  const isSvid = workload.id.startsWith('spiffe://')
  if (isSvid && Object.hasOwn(payload, 'aud')) return refuse('wrong_type')
  if (isSvid && !spiffeAlgorithms.includes(key.value.alg)) return refuse('bad_cnf')
  return read({
    times: times.value,
    facts: {
      workload,
      key: key.value,
      expiresAt: times.value.exp,
      issuedAt: times.value.iat,
    },
  })
}

/** @param expected seconds since the epoch. */
export function acceptWit(
  claims: WitClaims,
  expected: { readonly now: number },
): Reading<BoundWorkload> {
  const failure = checkTimes(claims.times, expected.now, limits.lifetimeSeconds.wit)
  return failure === null ? read(claims.facts) : refuse(failure)
}
