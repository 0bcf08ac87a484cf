/** RFC 6962 section 2.1 word for word: recursive, slow, and nothing in common with the tree under test. */
import { createHash } from 'node:crypto'

export function naiveRoot(entries: readonly (string | Uint8Array)[]): Buffer {
  if (entries.length === 0) return createHash('sha256').digest()
  const [only] = entries
  if (entries.length === 1 && only !== undefined) {
    return createHash('sha256')
      .update(Buffer.from([0]))
      .update(only)
      .digest()
  }
  let split = 1
  while (split * 2 < entries.length) split *= 2
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(naiveRoot(entries.slice(0, split)))
    .update(naiveRoot(entries.slice(split)))
    .digest()
}
