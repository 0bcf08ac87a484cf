/** Keys as policies write them down: a PEM certificate or public key, a JWK, or a set of JWKs (RFC 7517). */
import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  type webcrypto,
  X509Certificate,
} from 'node:crypto'
import { BuiltinError } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { readPem } from '../pem.ts'
import { algorithms } from './algorithm.ts'

export type JwtKey = {
  readonly key: KeyObject
  /** Empty if it says none. */
  readonly algorithm: string
  /** Empty if it says none. */
  readonly id: string
}

/** What Go's x509 and jwx read of elliptic curves. */
const pemCurves = ['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1']
const jwkCurves = ['P-256', 'P-384', 'P-521', 'Ed25519', 'X25519']

/** JWKs with an algorithm that is none of a signature are passed over. @throws BuiltinError */
export function verificationKeys(text: string): readonly JwtKey[] {
  const pem = readPem(text)
  if (pem === null) {
    return readJwks(text).filter(({ algorithm }) => algorithm === '' || algorithms.has(algorithm))
  }
  if (pem.rest !== '') throw new BuiltinError('there is more behind the PEM block')
  return [{ key: publicKeyOf(pem.label, pem.bytes), algorithm: '', id: '' }]
}

/** @throws BuiltinError unless each is whole and sound */
export function readJwks(text: string): readonly JwtKey[] {
  const json = failing(() => JSON.parse(text) as unknown)
  const members = membersOf(json)
  const { keys } = members
  return keys === undefined ? [keyOf(members)] : listOf(keys).map((key) => keyOf(membersOf(key)))
}

function publicKeyOf(label: string, bytes: Buffer): KeyObject {
  const key = failing(() => {
    if (label === 'CERTIFICATE') return new X509Certificate(bytes).publicKey
    if (label === 'PUBLIC KEY') return createPublicKey({ key: bytes, format: 'der', type: 'spki' })
    throw new BuiltinError(`a PEM block of ${label} has no key to verify with`)
  })
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (curve !== undefined && !pemCurves.includes(curve))
    throw new BuiltinError(`${curve} is no curve that OPA knows`)
  return key
}

type Members = Readonly<Record<string, unknown>>

function keyOf(jwk: Members): JwtKey {
  const { kid = '', alg = '' } = jwk
  if (typeof kid !== 'string' || typeof alg !== 'string')
    throw new BuiltinError('kid and alg of a JWK are strings')
  return { key: failing(() => importJwk(jwk)), algorithm: alg, id: kid }
}

function importJwk(jwk: Members): KeyObject {
  if (jwk['kty'] === 'oct') return secretOf(jwk['k'])
  if (jwk['kty'] !== 'RSA' && !jwkCurves.includes(String(jwk['crv'])))
    throw new BuiltinError('the JWK is of a kind or curve that OPA does not know')
  const input = { key: jwk as webcrypto.JsonWebKey, format: 'jwk' } as const
  return jwk['d'] === undefined ? createPublicKey(input) : createPrivateKey(input)
}

function secretOf(text: unknown): KeyObject {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]+$/.test(text))
    throw new BuiltinError('k of a JWK is base64url')
  return createSecretKey(Buffer.from(text, 'base64url'))
}

function membersOf(json: unknown): Members {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BuiltinError('a JWK is a JSON object')
  return json as Members
}

function listOf(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new BuiltinError('the keys of a JWK set are a list')
  return json
}
