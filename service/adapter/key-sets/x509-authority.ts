/** A CA certificate in a SPIFFE trust bundle (SPIFFE trust domain and bundle, section 4.2.2): the first of its `x5c`. */
import { X509Certificate } from 'node:crypto'
import type { Jwk } from './verification-key.ts'

const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * Its DER; null when the entry holds no certificate, or one of another key than its own (RFC 7517 section 4.7). Whether
 * that may issue is checked with the chain.
 */
export function readAuthority(entry: Jwk): Uint8Array | null {
  const { x5c } = entry
  const first: unknown = Array.isArray(x5c) ? x5c[0] : undefined
  if (typeof first !== 'string' || !base64.test(first)) return null
  const der = Buffer.from(first, 'base64')
  try {
    const { raw, publicKey } = new X509Certificate(der)
    const members = Object.entries(publicKey.export({ format: 'jwk' }))
    return raw.equals(der) && members.every(([name, value]) => entry[name] === value) ? der : null
  } catch {
    return null
  }
}
