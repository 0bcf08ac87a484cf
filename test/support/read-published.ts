/** Reads a published log as a stranger would, by the specification alone, and says what is in it. */
import { createPublicKey, verify } from 'node:crypto'
import { parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { decodeBundle } from '../../service/audit/entry-bundle.ts'
import type { NoteKey } from '../../service/audit/note-key.ts'
import { parseNote } from '../../service/audit/signed-note.ts'
import { tileAt, tilePath } from '../../service/audit/tile.ts'
import { naiveRoot } from '../audit/naive-tree.ts'

export type ReadFile = (path: string) => Uint8Array | null

/** Entries under the published checkpoint; none before the first. Throws when anything is not as it must be. */
export function readPublished(read: ReadFile, key: NoteKey): readonly string[] {
  const bytes = read('checkpoint')
  if (bytes === null) return []
  const note = parseNote(Buffer.from(bytes).toString())
  const checkpoint = parseCheckpoint(note?.text ?? '')
  if (note === null || checkpoint === null) throw new Error('the checkpoint cannot be read')
  const [signature] = note.signatures
  const x = Buffer.from(key.publicKey).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  if (!verify(null, Buffer.from(note.text), publicKey, signature!.signature))
    throw new Error('a false signature')
  const entries: Uint8Array[] = []
  for (let index = 0; entries.length < checkpoint.size; index += 1) {
    entries.push(...bundle(read, index, checkpoint.size))
  }
  if (!naiveRoot(entries).equals(checkpoint.root)) throw new Error('another root')
  return entries.map((entry) => Buffer.from(entry).toString())
}

function bundle(read: ReadFile, index: number, size: number): readonly Uint8Array[] {
  const tile = tileAt('entries', index, size)!
  const hashes = { ...tile, level: 0 }
  const [entries = null, level0 = null] = [tile, hashes].map(
    (one) => read(tilePath(one)) ?? read(tilePath({ ...one, width: 256 })),
  )
  if (entries === null || level0 === null) throw new Error(`${tilePath(tile)} is missing`)
  const decoded =
    decodeBundle(entries, tile.width) ?? decodeBundle(entries, 256)?.slice(0, tile.width)
  if (decoded === undefined) throw new Error(`${tilePath(tile)} is torn`)
  for (const [at, entry] of decoded.entries()) {
    const hash = naiveRoot([entry])
    if (!hash.equals(level0.subarray(at * 32, (at + 1) * 32)))
      throw new Error('a hash of another entry')
  }
  return decoded
}
