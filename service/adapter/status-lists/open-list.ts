/** A status list token through its pipeline: header, key, signature, claims, bounded unpacking. */
import { inflateSync } from 'node:zlib'
import { limits } from '../../contract/limits.ts'
import { parseMembers, parseToken } from '../../identity/parse-token.ts'
import { readStatusList, statusListProfile } from '../../identity/status-list.ts'
import type { KeySets } from '../../port/key-sets.ts'

export type OpenList = {
  readonly bits: number
  readonly bytes: Uint8Array
  /** Seconds since the epoch. */
  readonly iat: number
  readonly exp: number | null
  readonly ttl: number | null
}

/** @param signer issuer whose keys are trusted for status lists. @throws Error that says why it does not count. */
export async function openList(
  compact: string,
  asked: { readonly tenant: string; readonly signer: string; readonly uri: string },
  { keySets, now }: { readonly keySets: KeySets; readonly now: number },
): Promise<OpenList> {
  const token = parseToken(compact, statusListProfile, limits.statusListBytes)
  if (!token.ok) throw new Error(`its token is refused: ${token.failure}`)
  const { kid, alg, signingInput, signature, payload } = token.value
  const { tenant, signer: issuer, uri } = asked
  const found = await keySets.find({ tenant, kind: 'status', issuer, kid, alg })
  if (!found.ok) throw new Error(`its key is not to be had: ${found.failure}`)
  if (!(await found.key.verify(signingInput, signature))) throw new Error('its signature is bad')
  const members = parseMembers(payload)
  const list = members.ok ? readStatusList(members.value, uri) : null
  if (list === null) throw new Error('it is not a status list for this URI')
  const { bits, iat, exp, ttl, packed } = list
  const skew = limits.clockSkewSeconds
  if (iat > now + skew) throw new Error('it was issued in the future')
  if (exp !== null && exp <= now - skew) throw new Error('it has expired')
  return { bits, iat, exp, ttl, bytes: unpack(packed) }
}

/** @throws Error when it is not ZLIB, or larger than a list may be. */
function unpack(packed: Uint8Array): Uint8Array {
  return inflateSync(packed, { maxOutputLength: limits.statusListUnpackedBytes })
}
