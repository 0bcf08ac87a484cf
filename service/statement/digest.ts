/** The one place that hashes. Everything that is named by a digest gets its name here. */
import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Digest } from '../contract/digest.ts'
import { canonicalJson } from './canonical-json.ts'

const utf8 = new TextEncoder()

/** Names of what is digested; the name is hashed in, so that no digest can stand for another kind. */
export type DigestName =
  | 'action'
  | 'action-template'
  | 'round'
  | 'query'
  | 'definition'
  | 'arguments'
  | 'policy-input'
  | 'content'
  | 'schema'
  | 'request-key'
  | 'disclosure'
  | 'disclosed-field'
  | 'disclosed-fields'
  | 'disclosed-classes'
  | 'leaf-payload'
  | 'bundle-set'
  | 'approval'
  | 'vote'
  | 'request'
  | 'replay-key'
  | 'http-request'
  | 'session-request'
  | 'passkey-challenge'
  | 'grant'

/** SHA-256 over the canonical JSON of `{"v": "countersign/<name>/v1", "value": …}`. */
export function digestOf(name: DigestName, value: unknown): Digest {
  return digestOfJson(name, canonicalJson(value))
}

/** The same of JSON text that is stored as it is: whoever checks it hashes the stored bytes again. */
export function digestOfJson(name: DigestName, json: string): Digest {
  return digestOfText(`{"v":"countersign/${name}/v1","value":${json}}`)
}

/** SHA-256 of bytes or UTF-8 text, as `sha256:<hex>`. */
export function digestOfText(bytes: string | Uint8Array): Digest {
  return `sha256:${hash('sha256', bytes, 'hex')}`
}

/** base64url of the SHA-256 of a compact token, as `ath` (RFC 9449) and `wth` (WPT) hold it, or of a certificate (`x5t#S256`). */
export function tokenHash(token: string | Uint8Array): string {
  return hash('sha256', token, 'base64url')
}

/** SHA-256 of bytes or UTF-8 text, raw: 32 bytes. */
export function sha256(bytes: string | Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** Hashes that OPA's bundle signatures may name. */
export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Hash of bytes or UTF-8 text, as bare hexadecimal digits. */
export function hexDigest(name: HashName, bytes: string | Uint8Array): string {
  return hash(name.replace('-', '').toLowerCase(), bytes, 'hex')
}

/** HMAC-SHA-256 of issuer and subject under the tenant's key: names a person without naming them. */
export function pseudonymOf(key: Uint8Array, iss: string, sub: string): string {
  return `hmac:${createHmac('sha256', key)
    .update(canonicalJson([iss, sub]))
    .digest('hex')}`
}

/** HMAC-SHA-256 over the canonical JSON of a name and a value, base64url. */
export function macOf(key: Uint8Array, name: string, value: unknown): string {
  return createHmac('sha256', key)
    .update(canonicalJson({ v: `countersign/${name}/v1`, value }))
    .digest('base64url')
}

/** So many bytes out of a secret text (SHAKE256, FIPS 202): some of them tell nothing of the others. */
export function expandSecret(name: string, secret: string, bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes })
    .update(`{"v":"countersign/${name}/v1","value":${JSON.stringify(secret)}}`)
    .digest()
}

/** Compares in a time that tells nothing of where they differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [utf8.encode(a), utf8.encode(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
