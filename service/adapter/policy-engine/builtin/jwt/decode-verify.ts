/** `io.jwt.decode_verify`: RFC 7519 section 7.2 and the claims of section 4.1, held against constraints. */
import {
  BuiltinError,
  type Builtin,
  compare,
  RegoObject,
  type RegoValue,
} from '../../rego-value.ts'
import { algorithms } from './algorithm.ts'
import { type Constraints, readConstraints } from './constraints.ts'
import { readHeader } from './header.ts'
import { decodeBytes, decodeText, readObject, readToken, type Token } from './token.ts'
import { keysFor } from './verify.ts'
import { isSignature } from './verify-signature.ts'

const unverified = [false, new RegoObject([]), new RegoObject([])] as const

/** @returns `[valid, header, payload]`, of a nested JWT those of the inmost */
export const decodeVerify: Builtin = (context, jwt, operand) => {
  const constraints = readConstraints(context, operand)
  let token = readToken(jwt)
  for (;;) {
    if (!isSigned(token, constraints)) return unverified
    const payload = decodeText(token.payload)
    if (readHeader(token.header).cty.toLowerCase() !== 'jwt') {
      const claims = readObject(payload)
      return isAccepted(claims, constraints) ? [true, token.header, claims] : unverified
    }
    token = readToken(payload)
  }
}

function isSigned(token: Token, { keys, alg }: Constraints): boolean {
  const header = readHeader(token.header)
  if (!header.isSound || (alg !== '' && alg !== header.alg)) return false
  const signature = decodeBytes(token.signature)
  const algorithm = algorithms.get(header.alg)
  if (algorithm === undefined) return false
  return keysFor(header, keys).some(({ key }) =>
    isSignature(algorithm, key, { signed: token.signed, signature }),
  )
}

function isAccepted(claims: RegoObject, constraints: Constraints): boolean {
  return (
    isIssuer(claims.get('iss'), constraints.iss) &&
    isAudience(claims.get('aud'), constraints.aud) &&
    isInTime(claims, constraints.seconds)
  )
}

function isIssuer(claim: RegoValue | undefined, wanted: string): boolean {
  if (wanted === '') return true
  if (claim !== undefined && typeof claim !== 'string') throw new BuiltinError('iss is a string')
  return claim === wanted
}

/** A token for an audience is for nobody who does not say that he is it. */
function isAudience(claim: RegoValue | undefined, wanted: string): boolean {
  if (claim === undefined) return wanted === ''
  return Array.isArray(claim) ? claim.includes(wanted) : claim === wanted
}

/** `exp` is the first moment that is too late; at `nbf` it is time. */
function isInTime(claims: RegoObject, seconds: number): boolean {
  const [exp, nbf] = [claims.get('exp'), claims.get('nbf')]
  if (exp !== undefined && compare(seconds, numeric(exp)) >= 0) return false
  return nbf === undefined || compare(seconds, numeric(nbf)) >= 0
}

function numeric(claim: RegoValue): number | bigint {
  if (typeof claim === 'number' || typeof claim === 'bigint') return claim
  throw new BuiltinError('exp and nbf are numbers')
}
