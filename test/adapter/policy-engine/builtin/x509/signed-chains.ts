// Chains by how they are signed.

import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type Chain, root, rootLeaf, row } from './chain-parts.ts'
import { der, identifier, integer, sequence } from './der-writer.ts'
import type { Pair, Wanted } from './make-certificate.ts'

const algorithm = (type: string): Buffer => sequence(identifier(type), der(5))
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const signed = (
  name: string,
  isValid: boolean,
  pair: Pair,
  how: Pick<Wanted, 'algorithm' | 'makeSignature'>,
): Chain => row(name, isValid, [root({ pair, ...how }), rootLeaf({ signer: pair, ...how })])
const hashed =
  (hash: string) =>
  (bytes: Buffer, key: KeyObject): Buffer =>
    sign(hash, bytes, key)
const pssOf = (salt: number): Buffer => {
  const sha256 = algorithm('2.16.840.1.101.3.4.2.1')
  const parameters = [sha256, sequence(identifier('1.2.840.113549.1.1.8'), sha256), integer(salt)]
  return sequence(
    identifier('1.2.840.113549.1.1.10'),
    sequence(...parameters.map((one, i) => der(0xa0 | i, one))),
  )
}
const pss =
  (saltLength: number) =>
  (bytes: Buffer, key: KeyObject): Buffer =>
    sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })
export const signedChains: readonly Chain[] = [
  signed('RSA with SHA-256', true, rsa, {
    algorithm: algorithm('1.2.840.113549.1.1.11'),
    makeSignature: hashed('sha256'),
  }),
  signed('RSA with SHA-1', false, rsa, {
    algorithm: algorithm('1.2.840.113549.1.1.5'),
    makeSignature: hashed('sha1'),
  }),
  signed('RSA with MD5', false, rsa, {
    algorithm: algorithm('1.2.840.113549.1.1.4'),
    makeSignature: hashed('md5'),
  }),
  signed('RSA under the name of another hash', false, rsa, {
    algorithm: algorithm('1.2.840.113549.1.1.12'),
    makeSignature: hashed('sha256'),
  }),
  signed('RSA-PSS', true, rsa, { algorithm: pssOf(32), makeSignature: pss(32) }),
  signed('RSA-PSS with another salt', false, rsa, { algorithm: pssOf(20), makeSignature: pss(20) }),
  signed('ECDSA', true, ec, {
    algorithm: sequence(identifier('1.2.840.10045.4.3.3')),
    makeSignature: hashed('sha384'),
  }),
  signed('ECDSA with SHA-1', false, ec, {
    algorithm: sequence(identifier('1.2.840.10045.4.1')),
    makeSignature: hashed('sha1'),
  }),
  signed('ECDSA by an RSA key', false, rsa, {
    algorithm: sequence(identifier('1.2.840.10045.4.3.2')),
    makeSignature: hashed('sha256'),
  }),
  signed('a signature that is none', false, ec, {
    algorithm: sequence(identifier('1.2.840.10045.4.3.3')),
    makeSignature: () => Buffer.of(0),
  }),
]
