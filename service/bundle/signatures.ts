/**
 * `.signatures.json`: one compact JWS over the names and hashes of all other files.
 *
 * Stricter than OPA: the header's algorithm must be the configured one, no plugin, no weak hash.
 */
import { limits } from '../contract/limits.ts'
import { decodeBase64url } from '../statement/base64url.ts'
import { parseStrictJson } from '../contract/strict-json.ts'
import { bundlePath } from './bundle-path.ts'
import { isHashName } from './file-hash.ts'
import type { HashName } from '../statement/digest.ts'
import { refusal } from './refusal.ts'

/** A key that may sign bundles, and the one algorithm that it is for. */
export type BundleKey = {
  readonly id: string
  readonly algorithm: string
  /** What the signature must say that it is for; null when keys have no scopes. */
  readonly scope: string | null
  /** Seconds since the epoch between which its signatures are accepted; null: without bound. */
  readonly notBefore: number | null
  readonly notAfter: number | null
  /** True only for a valid signature. */
  readonly verify: (signingInput: Uint8Array, signature: Uint8Array) => boolean
}

/** What the signature says of one file. */
export type SignedFile = { readonly algorithm: HashName; readonly hash: string }
export type SignedFiles = ReadonlyMap<string, SignedFile>

type Jws = {
  readonly header: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  readonly signingInput: Uint8Array
}

type Members = Readonly<Record<string, unknown>>

const place = '.signatures.json'
/** `opa build` and `opa sign` write the name of the built-in verifier. */
const noPlugin: readonly unknown[] = [undefined, '', '_default']
const ascii = new TextEncoder()
const jsonLimits = { depth: limits.tokenJsonDepth, members: limits.bundleFiles * 8 }

export type Signed = {
  readonly files: SignedFiles
  /** Id of the configured key that verified the signature. */
  readonly keyId: string
}

/**
 * @param now seconds since the epoch, at which the key must be valid
 * @returns every file that is signed for, once the signature over them has been checked.
 */
export function readSignatures(bytes: Uint8Array, keys: readonly BundleKey[], now: number): Signed {
  const jws = takeApart(onlySignature(members(bytes, 'the file')))
  const claims = members(jws.payload, 'the payload')
  const key = chosenKey(members(jws.header, 'the header'), claims, keys)
  if (!key.verify(jws.signingInput, jws.signature)) {
    throw refusal(
      'signature_invalid',
      place,
      `the signature does not verify with the key "${key.id}": sign the bundle again`,
    )
  }
  checkScope(claims['scope'] ?? '', key.scope ?? '')
  checkTime(key, now)
  return { files: signedFiles(claims['files']), keyId: key.id }
}

/** A signature carries no time that could be trusted: the key's own bounds are held against our clock. */
function checkTime({ id, notBefore, notAfter }: BundleKey, now: number): void {
  if (notBefore !== null && now < notBefore) {
    throw refusal(
      'signature_key_not_yet',
      place,
      `the key "${id}" is not valid yet: wait, or sign with another key`,
    )
  }
  if (notAfter !== null && now >= notAfter) {
    throw refusal(
      'signature_key_expired',
      place,
      `the key "${id}" has run out: sign the bundle with a key that is valid`,
    )
  }
}

function takeApart(compact: string): Jws {
  const [header64 = '', payload64 = '', signature64 = '', ...more] = compact.split('.')
  const [header, payload, signature] = [header64, payload64, signature64].map(decodeBase64url)
  if (!header || !payload || !signature || signature.length === 0 || more.length > 0) {
    throw malformed('the signature is not a compact JWS')
  }
  const signingInput = ascii.encode(`${header64}.${payload64}`)
  return { header, payload, signature, signingInput }
}

function checkScope(claimed: unknown, configured: string): void {
  if (claimed === configured) return
  throw refusal('signature_scope', place, `the signature is for another scope than "${configured}"`)
}

function onlySignature(file: Members): string {
  const { signatures, plugin } = file
  if (!noPlugin.includes(plugin)) {
    throw refusal(
      'signature_plugin',
      place,
      'a bundle may not choose its verifier: sign without a plugin',
    )
  }
  const list: readonly unknown[] = Array.isArray(signatures) ? signatures : []
  const [first] = list
  if (list.length !== 1 || typeof first !== 'string') {
    throw refusal('signature_count', place, 'there must be exactly one signature')
  }
  return first
}

/** By the header's `kid`, else by the deprecated claim `keyid`, and only among the configured keys. */
function chosenKey(header: Members, claims: Members, keys: readonly BundleKey[]): BundleKey {
  const id = header['kid'] ?? claims['keyid']
  const key = keys.find((candidate) => candidate.id === id)
  if (key === undefined) {
    const known = keys.map((candidate) => `"${candidate.id}"`).join(', ')
    throw refusal(
      'signature_key_unknown',
      place,
      `the signing key ${JSON.stringify(id ?? null)} is not configured; configured: ${known}`,
    )
  }
  if (
    header['alg'] !== key.algorithm ||
    header['crit'] !== undefined ||
    header['b64'] !== undefined
  ) {
    throw refusal(
      'signature_algorithm',
      place,
      `sign with ${key.algorithm}, for which the key "${key.id}" is configured`,
    )
  }
  return key
}

function signedFiles(claim: unknown): SignedFiles {
  const files = new Map<string, SignedFile>()
  if (!Array.isArray(claim)) throw malformed('it lists no files')
  for (const item of claim as readonly unknown[]) {
    const { name, hash, algorithm } = isMembers(item) ? item : {}
    if (typeof name !== 'string' || typeof hash !== 'string')
      throw malformed('a file has no name or no hash')
    const path = bundlePath(name)
    if (typeof algorithm !== 'string' || !isHashName(algorithm)) {
      throw refusal('hash_algorithm', path, 'hash files with SHA-256, SHA-384 or SHA-512')
    }
    if (files.has(path)) throw malformed(`${path} is listed twice`)
    files.set(path, { algorithm, hash: hash.toLowerCase() })
  }
  return files
}

function members(bytes: Uint8Array, what: string): Members {
  try {
    const value = parseStrictJson(bytes, jsonLimits)
    if (isMembers(value)) return value
  } catch (cause) {
    throw refusal(
      'signature_malformed',
      place,
      `${what} of the signature is not strict JSON: sign the bundle again`,
      cause,
    )
  }
  throw malformed(`${what} is not an object`)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(what: string): Error {
  return refusal('signature_malformed', place, `${what}: sign the bundle again`)
}
