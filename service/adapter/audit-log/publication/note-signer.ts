/** The note key of a log: Ed25519, because the verifiers of others know no other kind of note key. */
import { createPrivateKey, createPublicKey, sign, verify, type webcrypto } from 'node:crypto'
import { signedPart } from '../../../audit/cosignature.ts'
import { noteAlgorithm, noteKey, type NoteKey } from '../../../audit/note-key.ts'
import type { NoteVerifier } from '../../../audit/signed-note.ts'
import { PdpError } from '../../../contract/error-code.ts'

export type NoteSigner = {
  readonly key: NoteKey
  readonly sign: (text: string) => Promise<Uint8Array>
}

/** @param origin the name of the log, which is the name of its key. @throws PdpError `config_invalid`. */
export function noteSigner(jwk: webcrypto.JsonWebKey, origin: string, path: string): NoteSigner {
  if (jwk.crv !== 'Ed25519' || jwk.x === undefined || jwk.d === undefined) {
    throw new PdpError('config_invalid', `${path} is not a private Ed25519 key.`)
  }
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  return {
    key: noteKey(origin, noteAlgorithm.ed25519, Buffer.from(jwk.x, 'base64url')),
    sign: (text) =>
      new Promise((resolve, reject) => {
        sign(null, Buffer.from(text), privateKey, (error, signature) => {
          if (error === null) resolve(signature)
          else reject(error)
        })
      }),
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
