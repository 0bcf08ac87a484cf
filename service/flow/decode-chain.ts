/** Certificates as a message carries them. */
import { decodeBase64url } from '../statement/base64url.ts'

/** Null when one of them is not base64 of anything. @param x5c RFC 7515 section 4.1.6 */
export function decodeChain(x5c: readonly string[]): readonly Uint8Array[] | null {
  const chain = x5c.map(decodeBase64).filter((der) => der !== null)
  return chain.length === x5c.length ? chain : null
}

/** Standard base64 with its padding (RFC 4648 section 4), in its one spelling. */
function decodeBase64(text: string): Uint8Array | null {
  const bare = text.replace(/=+$/, '')
  if (text.length % 4 !== 0 || text.length - bare.length > 2) return null
  return decodeBase64url(bare.replaceAll('+', '-').replaceAll('/', '_'))
}
