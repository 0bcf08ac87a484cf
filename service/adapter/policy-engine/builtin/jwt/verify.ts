/** `io.jwt.verify_*`: whether one of the keys made the signature, by the algorithm of the builtin's name. */
import { createSecretKey } from 'node:crypto'
import type { Builtin } from '../../rego-value.ts'
import { textOperand } from '../operand.ts'
import type { Algorithm } from './algorithm.ts'
import { type Header, readHeader } from './header.ts'
import { type JwtKey, verificationKeys } from './key.ts'
import { decodeBytes, readToken } from './token.ts'
import { isSignature } from './verify-signature.ts'

/** With a PEM or JWKs; a private key verifies nothing here. */
export const verifier =
  (algorithm: Algorithm): Builtin =>
  (_context, jwt, keys) => {
    const token = readToken(jwt)
    const candidates = verificationKeys(textOperand(keys))
    const signature = decodeBytes(token.signature)
    return keysFor(readHeader(token.header), candidates).some(
      ({ key }) =>
        key.type === 'public' &&
        isSignature(algorithm, key, { signed: token.signed, signature }, 'any'),
    )
  }

/** With a secret; the header is not looked at. */
export const macVerifier =
  (algorithm: Algorithm): Builtin =>
  (_context, jwt, secret) => {
    const key = createSecretKey(textOperand(secret), 'utf8')
    const { signed, signature } = readToken(jwt)
    return isSignature(algorithm, key, { signed, signature: decodeBytes(signature) })
  }

/** The key that the header names, alone; else those that say no other algorithm than the header. */
export function keysFor({ kid, alg }: Header, keys: readonly JwtKey[]): readonly JwtKey[] {
  const named = kid === '' ? undefined : keys.find(({ id }) => id === kid)
  if (named !== undefined) return [named]
  return keys.filter(({ algorithm }) => algorithm === '' || algorithm === alg)
}
