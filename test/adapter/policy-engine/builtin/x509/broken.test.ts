import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { testWithOpa } from '../../../../support/opa.ts'
import { call } from '../call.ts'
import { differences } from '../differential.ts'
import { bits, der, identifier, integer, octets, sequence, time } from './der-writer.ts'
import {
  alternativeNames,
  authority,
  extension,
  makeCertificate,
  nameConstraints,
  pem,
} from './make-certificate.ts'
import { richCertificate, richRequest } from './rich-certificate.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keyBytes = privateKey.export({ format: 'der', type: 'pkcs8' })

const quoted = (text: string): string => JSON.stringify(text)
const certificates = 'crypto.x509.parse_certificates'
const request = 'crypto.x509.parse_certificate_request'

const read = (name: string, bytes: Buffer): Promise<string> =>
  call(name, quoted(bytes.toString('base64')))

test.each([
  ['a certificate', certificates, richCertificate],
  ['a request', request, richRequest],
])('%s is read whole, and cut short anywhere is not', async (_what, name, whole) => {
  expect(await read(name, whole)).not.toBe('undefined')
  // Nothing at all is no certificates.
  for (let length = 1; length < whole.length; length += 1)
    expect(await read(name, whole.subarray(0, length))).toBe('undefined')
})

test('a key cut short anywhere is none', async () => {
  const parse = (bytes: Buffer): Promise<string> =>
    call('crypto.parse_private_keys', quoted(pem(bytes, 'PRIVATE KEY')))
  expect(await parse(keyBytes)).toMatch(/^\[{"Curve":{}/)
  for (let length = 0; length < keyBytes.length; length += 1)
    expect(await parse(keyBytes.subarray(0, length))).toBe('undefined')
})

const nested = (depth: number): Buffer => {
  let inner = der(5)
  for (let i = 0; i < depth; i += 1) inner = sequence(inner)
  return inner
}

test.each([
  ['of an infinite length', Buffer.from('308002010100000000', 'hex')],
  ['nested deeper than any', nested(2000)],
  ['of elements without end', sequence(Buffer.alloc(200_000, Buffer.of(5, 0)))],
  ['of zeros', Buffer.alloc(3_000_000)],
  ['of ends within ends', Buffer.alloc(400_000, Buffer.of(0x30, 0x80))],
  ['with a negative serial number', makeCertificate({ serial: der(2, Buffer.of(0xff)) })],
  ['with an integer that begins twice', makeCertificate({ serial: der(2, Buffer.of(0, 1)) })],
  ['of version 4', makeCertificate({ version: integer(3) })],
  ['with a time that there is not', makeCertificate({ from: time('2026-02-30T00:00:00Z') })],
  ['with an extension twice', makeCertificate({ extensions: [authority(), authority()] })],
  [
    'with a path length below zero',
    basic(sequence(der(1, Buffer.of(255)), der(2, Buffer.of(255)))),
  ],
  ['with a boolean that is neither', basic(sequence(der(1, Buffer.of(1))))],
  [
    'with name constraints that say nothing',
    makeCertificate({ extensions: [nameConstraints([])] }),
  ],
  ['with a mask that has a gap', constrained([7, Buffer.from('0a000000ff00ff00', 'hex')])],
  ['with a domain that is none', constrained([2, 'a..b'])],
  [
    'with an address of five bytes',
    makeCertificate({ extensions: [alternativeNames([7, '12345'])] }),
  ],
  [
    'with a URI of a host that is none',
    makeCertificate({ extensions: [alternativeNames([6, 'https://a..b/'])] }),
  ],
  [
    'with unused bits that are used',
    makeCertificate({ extensions: [extension('2.5.29.15', bits(Buffer.of(7), 1))] }),
  ],
  [
    'with a critical key identifier',
    makeCertificate({ extensions: [extension('2.5.29.14', octets(Buffer.of(1)), true)] }),
  ],
  [
    'with a policy twice',
    makeCertificate({
      extensions: [
        extension('2.5.29.32', sequence(...[1, 2].map(() => sequence(identifier('1.2.3'))))),
      ],
    }),
  ],
  ['with two algorithms', makeCertificate({ outerAlgorithm: sequence(identifier('1.3.101.113')) })],
  ['followed by another that is none', Buffer.concat([richCertificate, Buffer.of(0x30)])],
])('bytes %s are no certificates', async (_what, bytes) => {
  expect(await read(certificates, bytes)).toBe('undefined')
  expect(await read('crypto.x509.parse_and_verify_certificates', bytes)).toBe('[false,[]]')
})

function basic(value: Buffer): Buffer {
  return makeCertificate({ extensions: [extension('2.5.29.19', value)] })
}

function constrained(base: readonly [number, Buffer | string]): Buffer {
  return makeCertificate({ extensions: [nameConstraints([base])] })
}

test.each([
  ['no base64', '%'],
  ['base64 without its padding', 'QUI'],
  ['PEM of another kind', pem(richCertificate, 'PRIVATE KEY')],
  ['PEM among which is another kind', pem(richCertificate) + pem(keyBytes, 'PRIVATE KEY')],
])('%s is no certificates', async (_what, text) => {
  expect(await call(certificates, quoted(text))).toBe('undefined')
})

test.each([
  ['beginnings', '-----BEGIN CERTIFICATE-----\n'.repeat(200_000)],
  ['ends', `-----BEGIN A-----\n${'-----END B-----\n'.repeat(200_000)}`],
  ['empty blocks', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'.repeat(50_000)],
])('PEM of nothing but %s is no certificates at all', async (_what, text) => {
  expect(await call(certificates, quoted(text))).toBe('[]')
})

test('a block begins where the last beginning before its end is', async () => {
  const one = pem(richCertificate)
  const alone = await call(certificates, quoted(one))
  for (const around of [`-----BEGIN X-----\n${one}`, `${one}-----END X-----\n`])
    expect(await call(certificates, quoted(around))).toBe(alone)
  expect(await call(certificates, quoted(one.replace('\n', '\nname: value\n\n')))).toBe(alone)
})

test('a key that is not that of the certificate makes no pair', async () => {
  const pair = [pem(richCertificate), pem(keyBytes, 'PRIVATE KEY')].map(quoted)
  expect(await call('crypto.x509.parse_keypair', ...pair)).toBe('undefined')
})

/** Each byte changed once. */
const changed = (whole: Buffer): readonly Buffer[] =>
  [...whole].map((byte, i) => {
    const copy = Buffer.from(whole)
    copy[i] = byte ^ (i % 2 === 0 ? 1 : 0x80)
    return copy
  })

// Where a length is wrong, OPA passes over what is left, and the engine reads nothing.
testWithOpa.each([
  ['certificate', certificates, richCertificate],
  ['request', request, richRequest],
])(
  'of a %s with a byte changed the engine says what OPA says, or nothing',
  async (_what, name, whole) => {
    const rows = [whole, ...changed(whole)].map((bytes) => `${name}("${bytes.toString('base64')}")`)
    const found = await differences(rows)
    expect(found.filter((one) => !one.endsWith('the engine undefined'))).toEqual([])
    expect(found.filter((one) => one.startsWith(rows[0]!))).toEqual([])
  },
)
