/** `io.jwt.*` (v1/topdown/tokens.go). Nothing is fetched: keys are operands. */
import type { Builtin, Builtins } from '../../rego-value.ts'
import { algorithms, type Algorithm } from './algorithm.ts'
import { decodeVerify } from './decode-verify.ts'
import { encodeSign, encodeSignRaw } from './encode-sign.ts'
import { decode } from './token.ts'
import { macVerifier, verifier } from './verify.ts'

const verifyOne = (algorithm: Algorithm): readonly [string, Builtin] => [
  `io.jwt.verify_${algorithm.name.toLowerCase()}`,
  algorithm.family === 'HS' ? macVerifier(algorithm) : verifier(algorithm),
]

export const jwtBuiltins: Builtins = {
  'io.jwt.decode': (_context, jwt) => decode(jwt),
  'io.jwt.decode_verify': decodeVerify,
  'io.jwt.encode_sign': encodeSign,
  'io.jwt.encode_sign_raw': encodeSignRaw,
  ...Object.fromEntries([...algorithms.values()].map(verifyOne)),
}
