/** What is read as a certificate: strict DER, strong algorithms, strong keys; anything else is none, and never throws. */
import { constants, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from '@jest/globals'
import { readCertificate } from '../../../../service/adapter/key-sets/x509/read-certificate.ts'
import {
  boolean,
  der,
  identifier,
  integer,
  octets,
  sequence,
} from '../../policy-engine/builtin/x509/der-writer.ts'
import {
  alternativeNames,
  authority,
  extension,
  makeCertificate,
  nameConstraints,
  named,
  type Pair,
  type Wanted,
} from '../../policy-engine/builtin/x509/make-certificate.ts'
import { createRoot, domain, keyUsage, svidExtensions, uri } from '../../../support/certificates.ts'

const id = 'spiffe://acme.example/a'
const good = { extensions: svidExtensions(id) }
const nothing = Buffer.of(5, 0)
const pssOf = (hash: string | null, salt: number): Buffer =>
  sequence(
    identifier('1.2.840.113549.1.1.10'),
    sequence(
      ...(hash === null
        ? []
        : [
            der(0xa0, sequence(identifier(hash), nothing)),
            der(
              0xa1,
              sequence(identifier('1.2.840.113549.1.1.8'), sequence(identifier(hash), nothing)),
            ),
            der(0xa2, integer(salt)),
          ]),
    ),
  )
const pss = (hash: string, saltLength: number) => (signed: Buffer, key: KeyObject) =>
  sign(hash, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })
const by = (hash: string) => (signed: Buffer, key: KeyObject) => sign(hash, signed, key)
const rsa = (modulusLength = 2048): Pair => generateKeyPairSync('rsa', { modulusLength })
const ec = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve })
const shared = rsa()

type Case = readonly [string, Wanted]
const algorithm = (dotted: string, ...more: Buffer[]): Buffer =>
  sequence(identifier(dotted), ...more)

describe('a certificate is signed', () => {
  const strong: readonly Case[] = [
    ['Ed25519', {}],
    [
      'ECDSA P-256',
      {
        pair: ec('P-256'),
        algorithm: algorithm('1.2.840.10045.4.3.2'),
        makeSignature: by('sha256'),
      },
    ],
    [
      'ECDSA P-384',
      {
        pair: ec('P-384'),
        algorithm: algorithm('1.2.840.10045.4.3.3'),
        makeSignature: by('sha384'),
      },
    ],
    [
      'ECDSA P-521',
      {
        pair: ec('P-521'),
        algorithm: algorithm('1.2.840.10045.4.3.4'),
        makeSignature: by('sha512'),
      },
    ],
    [
      'RSA SHA-256',
      {
        pair: shared,
        algorithm: algorithm('1.2.840.113549.1.1.11', nothing),
        makeSignature: by('sha256'),
      },
    ],
    [
      'RSA-PSS SHA-256',
      {
        pair: shared,
        algorithm: pssOf('2.16.840.1.101.3.4.2.1', 32),
        makeSignature: pss('sha256', 32),
      },
    ],
  ]
  test.each(strong)('by %s', (_name, wanted) => {
    const certificate = readCertificate(makeCertificate({ ...good, ...wanted }))
    expect(certificate?.names).toEqual([{ kind: 6, text: id }])
    expect(certificate?.isSignedBy(certificate)).toBe(true)
  })

  const weak: readonly Case[] = [
    [
      'RSA MD5',
      {
        pair: shared,
        algorithm: algorithm('1.2.840.113549.1.1.4', nothing),
        makeSignature: by('md5'),
      },
    ],
    [
      'RSA SHA-1',
      {
        pair: shared,
        algorithm: algorithm('1.2.840.113549.1.1.5', nothing),
        makeSignature: by('sha1'),
      },
    ],
    [
      'ECDSA SHA-1',
      { pair: ec('P-256'), algorithm: algorithm('1.2.840.10045.4.1'), makeSignature: by('sha1') },
    ],
    [
      'RSA-PSS with what is implied',
      { pair: shared, algorithm: pssOf(null, 20), makeSignature: pss('sha1', 20) },
    ],
    [
      'RSA-PSS SHA-1',
      { pair: shared, algorithm: pssOf('1.3.14.3.2.26', 20), makeSignature: pss('sha1', 20) },
    ],
    [
      'an algorithm that its signature does not name',
      { outerAlgorithm: algorithm('1.2.840.10045.4.3.2') },
    ],
    [
      'a short RSA key',
      {
        pair: rsa(1024),
        algorithm: algorithm('1.2.840.113549.1.1.11', nothing),
        makeSignature: by('sha256'),
      },
    ],
    [
      'a key on P-224',
      {
        pair: ec('secp224r1'),
        algorithm: algorithm('1.2.840.10045.4.3.2'),
        makeSignature: by('sha256'),
      },
    ],
    [
      'a key on secp256k1',
      {
        pair: ec('secp256k1'),
        algorithm: algorithm('1.2.840.10045.4.3.2'),
        makeSignature: by('sha256'),
      },
    ],
  ]
  test.each(weak)('and is none by %s', (_name, wanted) => {
    expect(readCertificate(makeCertificate({ ...good, ...wanted }))).toBeNull()
  })
})

describe('a certificate is none', () => {
  const bytes = makeCertificate(good)
  const raw = (value: Buffer): Buffer => extension('2.5.29.17', value)
  const withExtensions = (...extensions: readonly Buffer[]): Buffer =>
    makeCertificate({ extensions })

  test.each<readonly [string, Uint8Array]>([
    ['when it is empty', Buffer.of()],
    ['with something behind it', Buffer.concat([bytes, Buffer.of(0)])],
    ['when it is cut off', bytes.subarray(0, -1)],
    ['when it is PEM', Buffer.from('-----BEGIN CERTIFICATE-----')],
    ['larger than is allowed', makeCertificate({ subject: named('x'.repeat(17_000)) })],
    ['of version 1', makeCertificate({ version: null })],
    ['of version 2', makeCertificate({ version: integer(1) })],
    ['with a serial number that never ends', makeCertificate({ serial: integer(1n << 200n) })],
    [
      'with unique identifiers',
      makeCertificate({ ...good, between: [der(0x81, Buffer.of(0, 1))] }),
    ],
    ['with an extension twice', withExtensions(keyUsage.leaf, keyUsage.leaf)],
    [
      'with an extension that is not critical in writing',
      withExtensions(sequence(identifier('1.2.3'), boolean(false), octets(nothing))),
    ],
    ['with an extension without value', withExtensions(sequence(identifier('1.2.3')))],
    [
      'with a boolean that is neither',
      withExtensions(sequence(identifier('1.2.3'), der(1, Buffer.of(1)), octets(nothing))),
    ],
    [
      'with a URI that goes on behind a NUL',
      withExtensions(alternativeNames(uri('spiffe://acme.example/a\0.evil'))),
    ],
    ['with a URI outside ASCII', withExtensions(alternativeNames(uri('spiffe://acmé.example/a')))],
    ['with a space in a domain', withExtensions(alternativeNames(domain('a b')))],
    ['with a name of no known kind', withExtensions(alternativeNames([9, 'x']))],
    ['with names that are no list', withExtensions(raw(Buffer.of(4, 0)))],
    [
      'with something behind its names',
      withExtensions(raw(Buffer.concat([sequence(), Buffer.of(0)]))),
    ],
    ['with a length that is too long', withExtensions(raw(Buffer.of(0x30, 0x81, 0)))],
    ['with a length that is open', withExtensions(raw(Buffer.of(0x30, 0x80, 0, 0)))],
    [
      'with bits that are not zero',
      withExtensions(extension('2.5.29.15', der(3, Buffer.of(7, 0xff)), true)),
    ],
    [
      'with a negative path length',
      withExtensions(
        extension('2.5.29.19', sequence(boolean(true), der(2, Buffer.of(0xff))), true),
      ),
    ],
    [
      'with a path length that is longer than it need be',
      withExtensions(
        extension('2.5.29.19', sequence(boolean(true), der(2, Buffer.of(0, 1))), true),
      ),
    ],
    ['with constraints that say nothing', withExtensions(extension('2.5.29.30', sequence(), true))],
    [
      'with constraints of a minimum',
      withExtensions(
        extension(
          '2.5.29.30',
          sequence(der(0xa0, sequence(der(0x86, Buffer.from('a')), der(0x80, Buffer.of(1))))),
          true,
        ),
      ),
    ],
    ['with a month that is none', makeCertificate({ from: der(23, Buffer.from('261301000000Z')) })],
    [
      'with a time of another zone',
      makeCertificate({ from: der(23, Buffer.from('260101000000+0100')) }),
    ],
    [
      'with a fraction of a second',
      makeCertificate({ from: der(24, Buffer.from('20260101000000.5Z')) }),
    ],
    [
      'of go-spiffe that is corrupt',
      readFileSync(join(import.meta.dirname, '../../../fixtures/spiffe/corrupt-cert.pem')),
    ],
  ])('%s', (_what, given) => {
    expect(readCertificate(given)).toBeNull()
  })

  it('whose any one byte is changed, or it is no longer signed', () => {
    const root = createRoot('root')
    const issuer = readCertificate(root.der)!
    const leaf = root.svid(id).der
    const accepted = Array.from(leaf, (byte, at) => {
      const changed = Buffer.from(leaf)
      changed[at] = byte ^ (1 << (at & 7))
      return readCertificate(changed)
    }).filter((one) => one?.isSignedBy(issuer) === true)
    expect(readCertificate(leaf)?.isSignedBy(issuer)).toBe(true)
    expect(accepted).toEqual([])
  })

  it('whatever the bytes are', () => {
    for (let i = 0; i < 2000; i += 1) {
      const noise = randomBytes(1 + (i % 64))
      expect(readCertificate(Buffer.concat([Buffer.of(0x30, noise.length), noise]))).toBeNull()
    }
  })
})

describe('what is read', () => {
  it('is what it says', () => {
    const der = makeCertificate({
      subject: named('a'),
      extensions: [
        authority(3),
        keyUsage.authority,
        alternativeNames(uri('spiffe://acme.example'), domain('acme.example')),
        nameConstraints([[6, '.acme.example']], [[2, '']]),
      ],
    })
    expect(readCertificate(der)).toMatchObject({
      notBefore: Date.UTC(2026, 0, 1) / 1000,
      notAfter: Date.UTC(2027, 0, 1) / 1000,
      basicConstraints: { isAuthority: true, pathLength: 3 },
      keyUsage: {
        isCritical: true,
        digitalSignature: false,
        certificateSigning: true,
        listSigning: true,
      },
      names: [
        { kind: 6, text: 'spiffe://acme.example' },
        { kind: 2, text: 'acme.example' },
      ],
      nameConstraints: {
        permitted: [{ kind: 6, text: '.acme.example' }],
        excluded: [{ kind: 2, text: '' }],
      },
      purposes: null,
      hasUnknownCritical: false,
    })
  })

  it('has dates beyond 2049', () => {
    const far = makeCertificate({ to: der(24, Buffer.from('99991231235959Z')) })
    expect(readCertificate(far)?.notAfter).toBe(253_402_300_799)
  })

  it('is signed by nobody whom we did not read', () => {
    const root = createRoot('root')
    const leaf = readCertificate(root.svid(id).der)!
    expect(leaf.isSignedBy({ ...readCertificate(root.der)! })).toBe(false)
  })
})
