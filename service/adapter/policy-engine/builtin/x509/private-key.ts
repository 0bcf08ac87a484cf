/** Private keys in PEM, as Go parses them and shows them. */
import { createPrivateKey, createPublicKey, type KeyObject, type webcrypto } from 'node:crypto'
import { RegoObject, type RegoValue } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { numberOf } from '../operand.ts'
import { isBase64, readPem } from '../pem.ts'
import { childrenOf, expectTag, malformed, readDer, tags } from './der.ts'
import { publicKeyOf } from './public-key.ts'
import { objectFrom } from './value.ts'

/** What comes second tells them apart: Node takes each for the other. */
const secondTags = {
  pkcs1: tags.integer,
  pkcs8: tags.sequence,
  sec1: tags.octetString,
} as const
type Encoding = keyof typeof secondTags

/** By the label of the PEM block; blocks of other labels hold no key. */
const encodings: ReadonlyMap<string, Encoding> = new Map([
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['PRIVATE KEY', 'pkcs8'],
  ['EC PRIVATE KEY', 'sec1'],
])

const curves = ['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1']

/** All keys of the PEM text, which may be in base64 once more. @throws BuiltinError */
export function readPrivateKeys(text: string): readonly KeyObject[] {
  const plain = text.replace(/[\r\n]/g, '')
  const pem = isBase64(plain) ? Buffer.from(plain, 'base64').toString() : text
  const keys: KeyObject[] = []
  for (let block = readPem(pem); block !== null; block = readPem(block.rest)) {
    const encoding = encodings.get(block.label)
    if (encoding !== undefined) keys.push(importKey(block.bytes, encoding))
  }
  return keys
}

/** Whatever it is: PKCS #1, PKCS #8 or SEC 1. @throws BuiltinError */
export function readAnyPrivateKey(bytes: Buffer): KeyObject {
  const second = childrenOf(readDer(bytes))[1]?.tag
  const encoding = [...encodings.values()].find((one) => secondTags[one] === second)
  if (encoding === undefined) throw malformed('a private key is of no known encoding')
  return importKey(bytes, encoding)
}

function importKey(bytes: Buffer, type: Encoding): KeyObject {
  expectTag(childrenOf(readDer(bytes))[1], secondTags[type])
  const key = failing(() => createPrivateKey({ key: bytes, format: 'der', type }))
  const { asymmetricKeyType: kind = '', asymmetricKeyDetails: details } = key
  const isKnown = ['rsa', 'ec', 'ed25519', 'x25519'].includes(kind)
  if (!isKnown || (kind === 'ec' && !curves.includes(details?.namedCurve ?? '')))
    throw malformed('a private key is of a kind that Go does not know')
  return key
}

/** As Go's encoding/json writes it: numbers are numbers. @throws BuiltinError */
export function privateKeyValue(key: KeyObject): RegoValue {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return rsaValue(jwkOf(key))
    case 'ec':
      return ecValue(key)
    case 'ed25519': {
      const { d = '', x = '' } = jwkOf(key)
      return Buffer.concat([bytesOf(d), bytesOf(x)]).toString('base64')
    }
    default:
      return objectFrom({})
  }
}

/** Not by a JWK, which P-224 has not. */
function ecValue(key: KeyObject): RegoValue {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const point = publicKeyOf(readDer(spki)).value
  const [, scalar] = childrenOf(readDer(key.export({ format: 'der', type: 'sec1' })))
  const { content } = expectTag(scalar, tags.octetString)
  const known = point instanceof RegoObject ? point.entries : []
  return new RegoObject([...known, ['D', numberFrom(content)]])
}

function rsaValue({
  n = '',
  e = '',
  d = '',
  p = '',
  q = '',
  ...more
}: webcrypto.JsonWebKey): RegoValue {
  const { dp = '', dq = '', qi = '' } = more
  return objectFrom({
    N: integer(n),
    E: integer(e),
    D: integer(d),
    Primes: [integer(p), integer(q)],
    Precomputed: objectFrom({
      Dp: integer(dp),
      Dq: integer(dq),
      Qinv: integer(qi),
      CRTValues: [],
    }),
  })
}

/** As a JWK, which is JSON of texts only. @throws BuiltinError */
export function privateJwk(key: KeyObject): RegoValue {
  return objectFrom(jwkOf(key) as Readonly<Record<string, string>>)
}

function jwkOf(key: KeyObject): webcrypto.JsonWebKey {
  return failing(() => key.export({ format: 'jwk' }))
}

function integer(base64url: string): RegoValue {
  return numberFrom(bytesOf(base64url))
}

function numberFrom(bytes: Buffer): RegoValue {
  return numberOf(BigInt(`0x${bytes.toString('hex')}`))
}

function bytesOf(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url')
}
