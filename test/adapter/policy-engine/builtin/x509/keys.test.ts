import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { testWithOpa } from '../../../../support/opa.ts'
import { call } from '../call.ts'
import { differences } from '../differential.ts'
import { identifier, sequence } from './der-writer.ts'
import { makeCertificate, type Pair, pem } from './make-certificate.ts'

const curve = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = curve('P-256')
const ed25519 = generateKeyPairSync('ed25519')

const text = ({ privateKey }: Pair, type: 'pkcs1' | 'pkcs8' | 'sec1'): string =>
  privateKey.export({ format: 'pem', type })

const locked = rsa.privateKey.export({
  format: 'pem',
  type: 'pkcs8',
  cipher: 'aes-256-cbc',
  passphrase: 'a',
})

const readable: readonly (readonly [string, string])[] = [
  ['RSA in PKCS #1', text(rsa, 'pkcs1')],
  ['RSA in PKCS #8', text(rsa, 'pkcs8')],
  ['P-256 in SEC 1', text(p256, 'sec1')],
  ['P-256 in PKCS #8', text(p256, 'pkcs8')],
  ['P-224', text(curve('secp224r1'), 'pkcs8')],
  ['P-521', text(curve('P-521'), 'sec1')],
  ['Ed25519', text(ed25519, 'pkcs8')],
  ['X25519', text(generateKeyPairSync('x25519'), 'pkcs8')],
  ['several', text(rsa, 'pkcs1') + text(p256, 'sec1')],
  ['a key behind what is none', pem(makeCertificate()) + text(ed25519, 'pkcs8')],
  ['base64 of PEM', Buffer.from(text(p256, 'sec1')).toString('base64')],
]

const unreadable: readonly (readonly [string, string])[] = [
  ['a curve that Go does not know', text(curve('secp256k1'), 'pkcs8')],
  ['Ed448', text(generateKeyPairSync('ed448'), 'pkcs8')],
  ['PKCS #8 under the name of PKCS #1', text(rsa, 'pkcs8').replaceAll('PRIVATE', 'RSA PRIVATE')],
  ['SEC 1 under the name of PKCS #8', text(p256, 'sec1').replaceAll('EC PRIVATE', 'PRIVATE')],
  ['one that is none among others', text(p256, 'sec1') + pem(Buffer.of(5, 0), 'PRIVATE KEY')],
]

const empty: readonly (readonly [string, string])[] = [
  ['a locked key', locked],
  ['a public key', rsa.publicKey.export({ format: 'pem', type: 'spki' })],
  ['no PEM at all', 'key'],
]

const keys = 'crypto.parse_private_keys'
const jwk = 'crypto.x509.parse_rsa_private_key'
const pair = 'crypto.x509.parse_keypair'

test.each(readable)('%s is read', async (_what, key) => {
  expect(await call(keys, JSON.stringify(key))).toMatch(/^\[[{"]/)
})

test.each(unreadable)('%s is undefined', async (_what, key) => {
  expect(await call(keys, JSON.stringify(key))).toBe('undefined')
  expect(await call(jwk, JSON.stringify(key))).toBe('undefined')
})

test.each(empty)('%s is no key', async (_what, key) => {
  expect(await call(keys, JSON.stringify(key))).toBe('[]')
})

test('of numbers of a key nothing is lost', async () => {
  const { d = '' } = p256.privateKey.export({ format: 'jwk' })
  const scalar = BigInt(`0x${Buffer.from(d, 'base64url').toString('hex')}`)
  expect(await call(keys, JSON.stringify(text(p256, 'sec1')))).toContain(`"D":${String(scalar)},`)
})

const certificateOf = (one: Pair): string =>
  pem(
    makeCertificate({
      pair: one,
      algorithm: sequence(identifier('1.2.3')),
      makeSignature: () => Buffer.of(1),
    }),
  )

const base64 = (bytes: Buffer): string => bytes.toString('base64')
const pairs: readonly (readonly [string, string, string])[] = [
  ['RSA', certificateOf(rsa), text(rsa, 'pkcs1')],
  ['ECDSA', certificateOf(p256), text(p256, 'sec1')],
  ['Ed25519', certificateOf(ed25519), text(ed25519, 'pkcs8')],
  ['a chain', certificateOf(p256) + certificateOf(rsa), text(p256, 'pkcs8')],
  [
    'base64 of DER',
    base64(makeCertificate({ pair: ed25519 })),
    base64(ed25519.privateKey.export({ format: 'der', type: 'pkcs8' })),
  ],
]

test.each(pairs)('a pair of %s is one', async (_what, ...pairOf) => {
  const operands = pairOf.map((one) => JSON.stringify(one))
  expect(await call(pair, ...operands)).toMatch(/^\{"Certificate":\["MI/)
})

test.each([
  ['another key of its kind', certificateOf(p256), text(curve('P-256'), 'sec1')],
  ['a key of another kind', certificateOf(p256), text(rsa, 'pkcs1')],
  [
    'the key of the second certificate',
    certificateOf(p256) + certificateOf(rsa),
    text(rsa, 'pkcs1'),
  ],
  ["the two in each other's place", text(rsa, 'pkcs1'), certificateOf(rsa)],
  ['nothing', '', ''],
])('%s makes no pair', async (_what, ...pairOf) => {
  const operands = pairOf.map((one) => JSON.stringify(one))
  expect(await call(pair, ...operands)).toBe('undefined')
})

testWithOpa('of every key the engine says what OPA says', async () => {
  const texts = [...readable, ...unreadable, ...empty, ['', ''] as const].map(([, one]) => one)
  const rows = [
    ...texts.flatMap((one) => [keys, jwk].map((name) => `${name}(${JSON.stringify(one)})`)),
    ...pairs.map(([, ...both]) => `${pair}(${both.map((one) => JSON.stringify(one)).join(', ')})`),
  ]
  expect(await differences(rows)).toEqual([])
})
