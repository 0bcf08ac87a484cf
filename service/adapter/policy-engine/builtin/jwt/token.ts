/** A JWT in compact form (RFC 7515 section 3.1) taken apart; nothing is believed yet. */
import { parseLiteral } from '../../rego-literal.ts'
import { BuiltinError, RegoObject, type RegoValue } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { textOperand } from '../operand.ts'

export type Token = {
  readonly header: RegoObject
  /** As it was encoded. */
  readonly payload: string
  /** As it was encoded. */
  readonly signature: string
  /** What the signature is over. */
  readonly signed: string
}

/** @throws BuiltinError */
export function readToken(operand: RegoValue): Token {
  const parts = textOperand(operand).split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3) throw new BuiltinError('a JWT has three sections')
  const members = readObject(decodeText(header))
  if (members.get('enc') !== undefined) throw new BuiltinError('encrypted JWTs are not read')
  return { header: members, payload, signature, signed: `${header}.${payload}` }
}

/** base64url, with its padding or without (RFC 7515 appendix C). @throws BuiltinError */
export function decodeBytes(text: string): Buffer {
  const isPadded = text.endsWith('=')
  const length = text.length % 4
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text) || length === 1 || (isPadded && length !== 0))
    throw new BuiltinError('this is no base64url')
  return Buffer.from(text, 'base64url')
}

/** @throws BuiltinError */
export function decodeText(text: string): string {
  return decodeBytes(text).toString()
}

/** A JSON object; of two members with one name the last one stands. @throws BuiltinError */
export function readObject(json: string): RegoObject {
  const value = failing(() => {
    JSON.parse(json)
    return parseLiteral(json)
  })
  if (value instanceof RegoObject) return value
  throw new BuiltinError('a section of a JWT is a JSON object')
}

/** `io.jwt.decode`: header, payload and signature; of a nested JWT those of the inmost. */
export function decode(operand: RegoValue): readonly RegoValue[] {
  let token = readToken(operand)
  for (;;) {
    const contentType = token.header.get('cty')
    if (contentType !== undefined && typeof contentType !== 'string')
      throw new BuiltinError('cty is a string')
    const payload = decodeText(token.payload)
    if (contentType !== 'JWT')
      return [token.header, readObject(payload), decodeBytes(token.signature).toString('hex')]
    token = readToken(payload.replace(/^["']+|["']+$/g, ''))
  }
}
