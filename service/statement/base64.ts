/// <reference lib="esnext.typedarrays" />
/** Standard base64 with padding (RFC 4648 section 4), strict: each byte string has exactly one spelling. */

export function encodeBase64(bytes: Uint8Array): string {
  return bytes.toBase64()
}

/** The bytes, or null for white space, missing padding, another alphabet or unused bits that are not zero. */
export function decodeBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' })
  } catch {
    return null
  }
}
