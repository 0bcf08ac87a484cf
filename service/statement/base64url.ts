/// <reference lib="esnext.typedarrays" />
/** base64url without padding (RFC 7515 appendix C), strict: each byte string has exactly one spelling. */

const alphabet = /^[A-Za-z0-9_-]*$/

export function encodeBase64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
}

/**
 * The bytes, or null. Padding, whitespace, the standard alphabet, impossible lengths and unused bits that
 * are not zero are refused, so that encoding the bytes again gives the same text.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  if (!alphabet.test(text) || text.length % 4 === 1) return null
  try {
    const padded = text + '='.repeat((4 - (text.length % 4)) % 4)
    return Uint8Array.fromBase64(padded, { alphabet: 'base64url', lastChunkHandling: 'strict' })
  } catch {
    return null
  }
}
