/** AES-256-GCM (NIST SP 800-38D): nonce, ciphertext and tag in one byte string. */
import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/** Random bytes are drawn in bulk: a draw of 12 costs as much as one of thousands. */
const pool = Buffer.alloc(8192)
let drawn = pool.length

/** Bytes from the system's generator that nobody else gets. */
export function freshBytes(count: number): Buffer {
  if (drawn + count > pool.length) {
    randomFillSync(pool)
    drawn = 0
  }
  const bytes = Buffer.from(pool.subarray(drawn, drawn + count))
  pool.fill(0, drawn, drawn + count)
  drawn += count
  return bytes
}

/** @param context authenticated with the text: what the box belongs to, so that boxes cannot be swapped. */
export function seal(key: KeyObject, text: string | Uint8Array, context: string): Uint8Array {
  const nonce = freshBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  const sealed = typeof text === 'string' ? cipher.update(text, 'utf8') : cipher.update(text)
  // In this mode the end adds no bytes; it makes the tag.
  cipher.final()
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()])
}

/** The text; null when the box was not made with this key for this context. */
export function unseal(key: KeyObject, box: Uint8Array, context: string): Buffer | null {
  if (box.length < nonceBytes + tagBytes) return null
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(box.subarray(box.length - tagBytes))
  const text = decipher.update(box.subarray(nonceBytes, box.length - tagBytes))
  try {
    return Buffer.concat([text, decipher.final()])
  } catch {
    return null
  }
}
