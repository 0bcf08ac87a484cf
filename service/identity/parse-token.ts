/**
 * Takes a compact JWS apart (RFC 7515 section 3.1) and holds its header against a profile.
 *
 * Nothing is verified yet: the payload stays bytes until the signature over it was checked.
 */
import type { ErrorCode, PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { decodeBase64url } from '../statement/base64url.ts'
import { parseStrictJson } from '../contract/strict-json.ts'
import { read, refuse, type Reading } from './reading.ts'
import { refusedHeaders, type TokenProfile } from './token-profile.ts'

export type ParsedToken = {
  readonly alg: string
  readonly kid: string
  readonly signingInput: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** What a header must be. */
export type HeaderProfile = Pick<TokenProfile, 'typs' | 'algorithms' | 'header'>

export type JsonMembers = Readonly<Record<string, unknown>>

const compactJws = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/
const compactJwe = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){4}$/
const printable = /^[\x20-\x7e]+$/
const ascii = new TextEncoder()

/** Size, character set, base64url, header, profile: the checks that need neither keys nor a clock. */
export function parseToken(
  compact: string,
  profile: HeaderProfile,
  atMost: number = limits.tokenBytes,
): Reading<ParsedToken> {
  const parts = takeApart(compact, atMost)
  if (!parts.ok) return parts
  const { header, ...rest } = parts.value
  const checked = checkHeader(header, profile)
  return checked.ok ? read({ ...checked.value, ...rest }) : checked
}

/** The parts of a compact JWS: its header as members, the rest as bytes. */
export type CompactParts = Pick<ParsedToken, 'signingInput' | 'payload' | 'signature'> & {
  readonly header: JsonMembers
}

/** Size, character set, base64url and the JSON of the header, whatever the kind. */
export function takeApart(
  compact: string,
  atMost: number = limits.tokenBytes,
): Reading<CompactParts> {
  if (compact.length > atMost) return refuse('too_large')
  const segments = readSegments(compact)
  if (!segments.ok) return segments
  const { header, payload, signature } = segments.value
  if (header.length > limits.tokenHeaderBytes) return refuse('too_large')
  const members = parseMembers(header)
  if (!members.ok) return members
  const signingInput = ascii.encode(compact.slice(0, compact.lastIndexOf('.')))
  return read({ header: members.value, signingInput, payload, signature })
}

type Segments = Readonly<Record<'header' | 'payload' | 'signature', Uint8Array>>

function readSegments(compact: string): Reading<Segments> {
  if (!compactJws.test(compact))
    return refuse(compactJwe.test(compact) ? 'wrong_type' : 'malformed')
  const [header, payload, signature] = compact.split('.').map(decodeBase64url)
  return header && payload && signature ? read({ header, payload, signature }) : refuse('malformed')
}

/** Refusals of the strict parser that say more than that the JSON is not good. */
const failures: ReadonlyMap<ErrorCode, EvidenceFailure> = new Map([
  ['duplicate_member', 'duplicate_member'],
  ['unsafe_integer', 'bad_claim'],
])

/** A header or a payload: strict JSON, and an object. */
export function parseMembers(bytes: Uint8Array): Reading<JsonMembers> {
  try {
    const value = parseStrictJson(bytes, {
      depth: limits.tokenJsonDepth,
      members: limits.tokenJsonMembers,
    })
    return isObject(value) ? read(value) : refuse('malformed')
  } catch (error) {
    return refuse(failures.get((error as PdpError).code) ?? 'malformed')
  }
}

export function isObject(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkHeader(
  header: JsonMembers,
  profile: HeaderProfile,
): Reading<{ alg: string; kid: string }> {
  const { alg, kid, typ } = header
  if (typ === null || !profile.typs.includes((typ ?? null) as string | null))
    return refuse('wrong_type')
  if (hasRefusedHeader(header, profile)) return refuse('header_refused')
  if (typeof alg !== 'string' || !profile.algorithms.includes(alg)) return refuse('alg_refused')
  if (kid === undefined) return refuse('kid_missing')
  if (typeof kid !== 'string' || kid.length > limits.kidCharacters || !printable.test(kid)) {
    return refuse('header_refused')
  }
  return read({ alg, kid })
}

function hasRefusedHeader(header: JsonMembers, profile: HeaderProfile): boolean {
  if (refusedHeaders.some((name) => Object.hasOwn(header, name))) return true
  return (
    profile.header === 'closed' &&
    Object.keys(header).some((name) => !['alg', 'kid', 'typ'].includes(name))
  )
}
