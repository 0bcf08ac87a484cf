/**
 * A JWK Set (RFC 7517 section 5) or a SPIFFE trust bundle, from bytes that somebody else wrote.
 *
 * A set that is ambiguous or holds a secret is refused whole; an entry that is not for us, unknown or
 * weak is left out. An empty list of keys is valid, and means that every key was revoked.
 */
import { limits } from '../../contract/limits.ts'
import { digestOfText } from '../../statement/digest.ts'
import { parseStrictJson } from '../../contract/strict-json.ts'
import { readKey, type Jwk, type TrustedKey } from './verification-key.ts'
import { readAuthority } from './x509-authority.ts'

export type KeySet = {
  readonly keys: ReadonlyMap<string, TrustedKey>
  /** DER of the CA certificates of a trust domain; empty in any other set. */
  readonly authorities: readonly Uint8Array[]
  /** The same for two sets that trust the same keys. */
  readonly fingerprint: string
  /** `spiffe_sequence`; null where there is none. */
  readonly sequence: bigint | null
  /** `spiffe_refresh_hint` in seconds; null where there is none. */
  readonly refreshSeconds: number | null
  /** Entries that were left out, and why. */
  readonly ignored: readonly string[]
}

export type KeySetReading =
  { readonly ok: true; readonly value: KeySet } | { readonly ok: false; readonly reason: string }

/** `jwks`: keys without `use`, or with `sig`; `spiffe`: entries whose `use` is `jwt-svid`, `wit-svid` or `x509-svid`. */
export type KeySetForm = 'jwks' | 'spiffe'

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const
const jsonLimits = { depth: 8, members: 8192, bigIntegers: true } as const

export function parseKeySet(
  bytes: Uint8Array,
  form: KeySetForm,
  algorithms: readonly string[],
): KeySetReading {
  if (bytes.length > limits.keySetBytes) return refused('it is too large')
  try {
    return readKeySet(parseStrictJson(bytes, jsonLimits), form, algorithms)
  } catch (error) {
    return refused(error instanceof Error ? error.message : 'it is not JSON')
  }
}

export function readKeySet(
  value: unknown,
  form: KeySetForm,
  algorithms: readonly string[],
): KeySetReading {
  if (!isObject(value)) return refused('it is not an object')
  const { keys: entries, spiffe_sequence: sequence, spiffe_refresh_hint: hint } = value
  if (!Array.isArray(entries) || !entries.every(isObject))
    return refused('its member keys is not a list of objects')
  const fault = faultOfSet(entries, form) ?? (form === 'spiffe' ? faultOfNumbers(value) : null)
  if (fault !== null) return refused(fault)
  const trusted = readEntries(entries, form, algorithms)
  return {
    ok: true,
    value: {
      ...trusted,
      fingerprint: fingerprintOf(trusted),
      sequence: form === 'spiffe' ? integerOf(sequence) : null,
      refreshSeconds: form === 'spiffe' && typeof hint === 'number' ? hint : null,
    },
  }
}

type Trusted = Pick<KeySet, 'keys' | 'authorities' | 'ignored'>

function readEntries(
  entries: readonly Jwk[],
  form: KeySetForm,
  algorithms: readonly string[],
): Trusted {
  const keys = new Map<string, TrustedKey>()
  const authorities: Uint8Array[] = []
  const ignored: string[] = []
  for (const [index, jwk] of entries.entries()) {
    const authority = isAuthority(jwk, form) ? readAuthority(jwk) : null
    if (authority !== null) authorities.push(authority)
    else {
      const reason = isForUs(jwk, form) ? addKey(jwk, algorithms, keys) : 'it is for another use'
      if (reason !== null) ignored.push(`/keys/${String(index)}: ${reason}`)
    }
  }
  return { keys, authorities, ignored }
}

/**
 * What makes the whole set untrustworthy: a secret in it, a `kid` that names two keys or none, a CA without its
 * certificate.
 */
function faultOfSet(entries: readonly Jwk[], form: KeySetForm): string | null {
  const kids = new Set<unknown>()
  for (const [index, jwk] of entries.entries()) {
    const at = `/keys/${String(index)}`
    if (jwk['kty'] === 'oct' || secretMembers.some((name) => Object.hasOwn(jwk, name))) {
      return `${at} holds a secret or private key: publish public keys only`
    }
    const { kid } = jwk
    if (form === 'spiffe' && isForUs(jwk, form) && !isKid(kid)) return `${at} has no kid`
    if (isAuthority(jwk, form) && readAuthority(jwk) === null)
      return `${at} has no certificate of its key: write the CA into its x5c`
    if (kid !== undefined && kids.has(kid)) return `${at} has the kid of another key`
    kids.add(kid)
  }
  return null
}

/** SPIFFE trust domain and bundle, sections 4.1.1 and 4.1.2. What cannot be read must not pass for what is not there. */
function faultOfNumbers({
  spiffe_sequence: sequence,
  spiffe_refresh_hint: hint,
}: Jwk): string | null {
  const number = integerOf(sequence)
  if (!isLeftOut(sequence) && (number === null || number < 0n))
    return 'its spiffe_sequence is no whole number'
  return isLeftOut(hint) || Number.isSafeInteger(hint)
    ? null
    : 'its spiffe_refresh_hint is no whole number of seconds'
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null
}

/** RFC 7517 sections 4.2 and 4.3; SPIFFE trust domain and bundle, section 4.2. */
function isForUs(jwk: Jwk, form: KeySetForm): boolean {
  const { use, key_ops: operations } = jwk
  if (form === 'spiffe') return use === 'jwt-svid' || use === 'wit-svid'
  if (use !== undefined && use !== 'sig') return false
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
}

/** SPIFFE trust domain and bundle, section 4.2.2. */
function isAuthority({ kty, use }: Jwk, form: KeySetForm): boolean {
  return form === 'spiffe' && use === 'x509-svid' && typeof kty === 'string'
}

/** Adds a key under its `kid`; gives the reason when it cannot. */
function addKey(
  jwk: Jwk,
  algorithms: readonly string[],
  keys: Map<string, TrustedKey>,
): string | null {
  const { kid } = jwk
  if (!isKid(kid)) return 'it has no kid'
  const key = readKey(jwk, algorithms)
  if (!key.ok) return key.reason
  keys.set(kid, key.value)
  return null
}

function isKid(kid: unknown): kid is string {
  return typeof kid === 'string' && kid !== '' && kid.length <= limits.kidCharacters
}

function fingerprintOf({ keys, authorities }: Trusted): string {
  const lines = [...keys].map(([kid, { alg, key, use }]) =>
    JSON.stringify([kid, alg, use, key.thumbprint]),
  )
  return [...lines, ...authorities.map(digestOfText)].sort().join('\n')
}

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  return Number.isSafeInteger(value) ? BigInt(value as number) : null
}

function isObject(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(reason: string): KeySetReading {
  return { ok: false, reason }
}
