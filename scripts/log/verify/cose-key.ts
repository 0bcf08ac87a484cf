// Public keys of passkeys, as their authenticators write them: COSE_Key (RFC 9052, section 7) in the canonical form of CTAP2, of
// which there is one for each key. Read by its bytes: nothing of the service takes part in it.

import { createPublicKey, type KeyObject } from 'node:crypto'

/** kty EC2, alg ES256, crv P-256; then x and y of 32 bytes each. */
const es256 = Buffer.from('a5010203262001215820', 'hex')
const beforeY = Buffer.from('225820', 'hex')
/** kty RSA, alg RS256, n of 256 bytes; then e, 65537. */
const rs256 = Buffer.from('a401030339010020590100', 'hex')
const exponent = Buffer.from('2143010001', 'hex')

/** Null for bytes that are neither kind of key. */
export function coseKey(bytes: Buffer): KeyObject | null {
  const jwk = ellipticKey(bytes) ?? rsaKey(bytes)
  if (jwk === null) return null
  try {
    return createPublicKey({ format: 'jwk', key: jwk })
  } catch {
    return null
  }
}

function ellipticKey(bytes: Buffer): Record<string, string> | null {
  const isOne =
    bytes.length === 77 &&
    bytes.subarray(0, 10).equals(es256) &&
    bytes.subarray(42, 45).equals(beforeY)
  if (!isOne) return null
  const [x, y] = [bytes.subarray(10, 42), bytes.subarray(45)]
  return { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') }
}

function rsaKey(bytes: Buffer): Record<string, string> | null {
  const isOne =
    bytes.length === 272 &&
    bytes.subarray(0, 11).equals(rs256) &&
    bytes.subarray(267).equals(exponent)
  return isOne ? { kty: 'RSA', n: bytes.subarray(11, 267).toString('base64url'), e: 'AQAB' } : null
}
