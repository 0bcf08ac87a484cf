// Whether the checkpoint is the log's own: its name, its signature, and the key that the auditor trusts.

import { createPublicKey, verify } from 'node:crypto'
import { signedPart } from '../../../service/audit/cosignature.ts'
import { noteAlgorithm, type NoteKey, parseVerifierKey } from '../../../service/audit/note-key.ts'
import { signersOf } from '../../../service/audit/signed-note.ts'
import { LogFault } from '../log-fault.ts'
import type { SignedCheckpoint } from '../read/published-log.ts'

/** @param text a verifier key (C2SP signed-note) as a file has it. Null when it is none of a log. */
export function readLogKey(text: string): NoteKey | null {
  const key = parseVerifierKey(text.trim())
  return key?.algorithm === noteAlgorithm.ed25519 ? key : null
}

/** @throws LogFault */
export function checkCheckpoint(
  { origin, note }: SignedCheckpoint,
  key: NoteKey,
  file = 'checkpoint',
): void {
  if (origin !== key.name) {
    throw new LogFault({ check: 'origin', file, expected: `the log ${key.name}`, found: origin })
  }
  const signers = signersOf(note, [key], isSignedBy)
  if (signers?.includes(key) === true) return
  const found = signers === null ? 'one that does not verify' : 'signatures of other keys alone'
  const expected = `a signature by the log's key ${key.name}`
  throw new LogFault({ check: 'note_key', file, expected, found })
}

/** A signature of a log, or a cosignature of a witness. */
export function isSignedBy(
  { algorithm, publicKey }: NoteKey,
  text: string,
  signature: Uint8Array,
): boolean {
  const signed = signedPart(algorithm, text, signature)
  if (signed === null) return false
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(signed.text), key, signed.signature)
}
