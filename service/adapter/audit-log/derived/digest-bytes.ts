/** Digests as the index keeps them: 32 bytes in place of 71 characters. */
import type { Digest } from '../../../contract/digest.ts'

export function bytesOfDigest(digest: string): Uint8Array {
  return Buffer.from(digest.slice('sha256:'.length), 'hex')
}

export function digestOfBytes(bytes: Uint8Array): Digest {
  return `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`
}
