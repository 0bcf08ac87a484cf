/** A certificate is sound in the parts that nothing rests on, too: one that another reader would refuse is none here. */
import { describe, expect, test } from '@jest/globals'
import { readCertificate } from '../../../../service/adapter/key-sets/x509/read-certificate.ts'
import {
  bits,
  der,
  identifier,
  integer,
  octets,
  sequence,
  set,
} from '../../policy-engine/builtin/x509/der-writer.ts'
import {
  alternativeNames,
  extension,
  makeCertificate,
  type Wanted,
} from '../../policy-engine/builtin/x509/make-certificate.ts'
import { keyUsage, svidExtensions, uri } from '../../../support/certificates.ts'

const id = 'spiffe://acme.example/a'
const read = (wanted: Wanted): boolean =>
  readCertificate(makeCertificate({ extensions: svidExtensions(id), ...wanted })) !== null

/** A subject of one attribute, whose value has that tag. */
const subject = (tag: number, content: Buffer | string): Wanted => ({
  subject: sequence(set(sequence(identifier('2.5.4.3'), der(tag, Buffer.from(content as string))))),
})
const extended = (type: string, value: Buffer): Wanted => ({
  extensions: [...svidExtensions(id), extension(type, value)],
})
const place = der(0x86, Buffer.from('http://ca.example/1'))
const oid = identifier('1.2.3.4')
const points = '2.5.29.31'
const policies = '2.5.29.32'
const mappings = '2.5.29.33'
const authorityKey = '2.5.29.35'
const policyConstraints = '2.5.29.36'
const access = '1.3.6.1.5.5.7.1.1'

describe('a certificate is one with', () => {
  test.each<readonly [string, Wanted]>([
    ['a subject in UTF-8', subject(0x0c, 'ärger')],
    ['a subject of digits', subject(0x12, '1 2')],
    ['a subject to print', subject(0x13, "a b'()+,-./:=?")],
    ['a subject in T.61', subject(0x14, Buffer.of(0xe4))],
    ['a subject in IA5', subject(0x16, 'a@b')],
    ['a subject in UCS-2', subject(0x1e, Buffer.of(0, 65, 0xd7, 0xff, 0xe0, 0))],
    ['the name of its key', extended('2.5.29.14', octets(Buffer.alloc(20)))],
    [
      'the name of its authority',
      extended(authorityKey, sequence(der(0x80, Buffer.of(1)), der(0x82, Buffer.of(1)))),
    ],
    ['places of lists', extended(points, sequence(sequence(der(0xa0, der(0xa0, place)))))],
    ['lists of somebody else', extended(points, sequence(sequence(der(0xa2, place))))],
    [
      'policies',
      extended(policies, sequence(sequence(oid), sequence(oid, sequence(sequence(oid))))),
    ],
    ['policies that stand for others', extended(mappings, sequence(sequence(oid, oid)))],
    [
      'constraints of policies',
      extended(policyConstraints, sequence(der(0x80, Buffer.of(0)), der(0x81, Buffer.of(1)))),
    ],
    ['a bar to any policy', extended('2.5.29.54', integer(0))],
    ['a place of its authority', extended(access, sequence(sequence(oid, place)))],
    ['serial number 0', { serial: integer(0) }],
    [
      'addresses',
      {
        extensions: [
          keyUsage.leaf,
          alternativeNames(uri(id), [7, Buffer.alloc(4)], [7, Buffer.alloc(16)]),
        ],
      },
    ],
  ])('%s', (_what, wanted) => {
    expect(read(wanted)).toBe(true)
  })
})

describe('a certificate is none with', () => {
  test.each<readonly [string, Wanted]>([
    ['a subject that is no UTF-8', subject(0x0c, Buffer.of(0xc3))],
    ['a subject of digits that are letters', subject(0x12, 'a')],
    ['a subject to print that cannot be', subject(0x13, 'a@b')],
    ['a subject that is no IA5', subject(0x16, Buffer.of(0x80))],
    ['a subject of half a character', subject(0x1e, Buffer.of(0))],
    ['a subject of a surrogate', subject(0x1e, Buffer.of(0, 65, 0xd8, 0))],
    ['a subject of no character', subject(0x1e, Buffer.of(0xff, 0xfe))],
    ['a subject of another kind', subject(0x1c, Buffer.alloc(4))],
    ['a subject that is a number', subject(0x02, Buffer.of(1))],
    [
      'a subject whose type is broken',
      {
        subject: sequence(
          set(sequence(der(6, Buffer.of(0x55, 0x80, 1)), der(0x0c, Buffer.of(65)))),
        ),
      },
    ],
    ['a subject of a type alone', { subject: sequence(set(sequence(oid))) }],
    ['a subject that is no list', { subject: set() }],
    ['an issuer that is no UTF-8', { issuer: subject(0x0c, Buffer.of(0xc3)).subject! }],
    ['a name of its key that is none', extended('2.5.29.14', sequence())],
    ['a name of its authority that is none', extended(authorityKey, octets(Buffer.of(1)))],
    [
      'a name of its authority twice',
      extended(authorityKey, sequence(der(0x80, Buffer.of(1)), der(0x80, Buffer.of(1)))),
    ],
    ['places of lists that are none', extended(points, sequence(place))],
    [
      'a place of lists that is relative',
      extended(points, sequence(sequence(der(0xa0, der(0xa1, place))))),
    ],
    [
      'a place of lists with a space',
      extended(points, sequence(sequence(der(0xa0, der(0xa0, der(0x86, Buffer.from(' '))))))),
    ],
    [
      'two places where one is meant',
      extended(points, sequence(sequence(der(0xa0, der(0xa0, place), der(0xa0, place))))),
    ],
    ['policies that are none', extended(policies, sequence(oid))],
    ['policies with more', extended(policies, sequence(sequence(oid, sequence(), sequence())))],
    ['policies whose details are none', extended(policies, sequence(sequence(oid, oid)))],
    ['a policy that stands for nothing', extended(mappings, sequence(sequence(oid)))],
    [
      'constraints of policies that are negative',
      extended(policyConstraints, sequence(der(0x80, Buffer.of(0xff)))),
    ],
    ['a bar to any policy that is none', extended('2.5.29.54', sequence())],
    ['a place of its authority that is none', extended(access, sequence(sequence(oid)))],
    ['a place of its authority for nothing', extended(access, sequence(sequence(place, place)))],
    [
      'an address of five octets',
      { extensions: [keyUsage.leaf, alternativeNames(uri(id), [7, Buffer.alloc(5)])] },
    ],
    ['a negative serial number', { serial: der(2, Buffer.of(0xff)) }],
    ['a serial number of no octets', { serial: der(2) }],
    [
      'a purpose that is broken',
      {
        extensions: [
          ...svidExtensions(id),
          extension('2.5.29.37', sequence(der(6, Buffer.of(0x2a, 0x80, 1)))),
        ],
      },
    ],
  ])('%s', (_what, wanted) => {
    expect(read(wanted)).toBe(false)
  })

  test('a signature that is not of whole octets', () => {
    const whole = makeCertificate({
      extensions: svidExtensions(id),
      makeSignature: () => Buffer.alloc(64),
    })
    expect(readCertificate(whole)).not.toBeNull()
    const content = whole.subarray(4, whole.length - 67)
    expect(readCertificate(sequence(content, bits(Buffer.alloc(64), 0)))).not.toBeNull()
    expect(readCertificate(sequence(content, bits(Buffer.alloc(64), 1)))).toBeNull()
  })
})
