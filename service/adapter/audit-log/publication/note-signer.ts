/** The note key of a log: Ed25519, because the verifiers of others know no other kind of note key. */
import { createPublicKey, verify } from 'node:crypto'
import { signedPart } from '../../../audit/cosignature.ts'
import { noteAlgorithm, noteKey, type NoteKey } from '../../../audit/note-key.ts'
import type { NoteVerifier } from '../../../audit/signed-note.ts'
import type { PublicKey } from '../../../contract/signing-key.ts'
import type { Signer } from '../../../port/signer.ts'

export type NoteSigner = {
  readonly key: NoteKey
  readonly sign: (text: string) => Promise<Uint8Array>
}

/** @param origin the name of the log, which is the name of its key */
export function noteSigner({ x, kid }: PublicKey, origin: string, signer: Signer): NoteSigner {
  return {
    key: noteKey(origin, noteAlgorithm.ed25519, Buffer.from(x, 'base64url')),
    sign: (text) => signer.sign('note', kid, Buffer.from(text)),
  }
}

/** Checks signatures of log keys, and cosignatures of witnesses. */
export const verifyNote: NoteVerifier = ({ algorithm, publicKey }, text, signature) => {
  const signed = signedPart(algorithm, text, signature)
  if (signed === null) return false
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(signed.text), key, signed.signature)
}
