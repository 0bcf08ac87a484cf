/**
 * Token Status List (draft-ietf-oauth-status-list-21): a token names a list and its place in it; the list is a signed
 * token of its own, and says of each place whether tokens there still count.
 */
import { decodeBase64url } from '../statement/base64url.ts'
import { isInstant, isText } from './claim.ts'
import { isObject, type HeaderProfile, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { oauthAlgorithms } from './token-profile.ts'

/** Section 6.1: where a token's status stands. */
export type StatusReference = { readonly uri: string; readonly index: number }

/** Section 5.1, as it was signed; `packed` is compressed by ZLIB. */
export type StatusListClaims = {
  readonly uri: string
  /** Seconds since the epoch. */
  readonly iat: number
  readonly exp: number | null
  /** Seconds for which it may be kept. */
  readonly ttl: number | null
  readonly bits: number
  readonly packed: Uint8Array
}

/** What a place in a list says: section 7.1, where every value but 0 and 2 counts as 1 here. */
export type ListedStatus = 'valid' | 'revoked' | 'suspended'

export const statusListProfile: HeaderProfile = {
  typs: ['statuslist+jwt', 'application/statuslist+jwt'],
  algorithms: oauthAlgorithms,
  header: 'open',
}

/** Null: the token has no status. A status that is not in a list is one that nobody here can look up. */
export function readStatusReference({ status }: JsonMembers): Reading<StatusReference | null> {
  if (status === undefined) return read(null)
  if (!isObject(status)) return refuse('bad_claim')
  const { status_list: list } = status
  if (list === undefined) return refuse('status_unavailable')
  if (!isObject(list)) return refuse('bad_claim')
  const { uri, idx: index } = list
  return isText(uri) && isInstant(index) ? read({ uri, index }) : refuse('bad_claim')
}

/** @returns null for anything that is not a status list about that very URI. */
export function readStatusList(payload: JsonMembers, uri: string): StatusListClaims | null {
  const { sub, iat, exp, ttl, status_list: list } = payload
  if (sub !== uri || !isInstant(iat) || !isObject(list)) return null
  if (![exp, ttl].every((value) => value === undefined || isInstant(value))) return null
  const { bits, lst } = list
  const packed = typeof lst === 'string' ? decodeBase64url(lst) : null
  if (packed === null || !isWidth(bits)) return null
  return { uri, iat, exp: orNull(exp), ttl: orNull(ttl), bits, packed }
}

/** Section 4.1: packed from the least significant bit. Null: the list has no such place. */
export function statusAt(bytes: Uint8Array, bits: number, index: number): ListedStatus | null {
  const perByte = 8 / bits
  const byte = bytes[Math.floor(index / perByte)]
  if (byte === undefined) return null
  const value = (byte >> ((index % perByte) * bits)) & ((1 << bits) - 1)
  if (value === 0) return 'valid'
  return value === 2 ? 'suspended' : 'revoked'
}

function isWidth(bits: unknown): bits is number {
  return bits === 1 || bits === 2 || bits === 4 || bits === 8
}

function orNull(value: unknown): number | null {
  return value === undefined ? null : (value as number)
}
