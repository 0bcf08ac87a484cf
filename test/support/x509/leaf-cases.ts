/** Ways to make the leaf of an X.509-SVID, right ones and wrong ones, by what its authority signs. */
import { generateKeyPairSync } from 'node:crypto'
import {
  bits,
  der,
  identifier,
  integer,
  octets,
  sequence,
} from '../../adapter/policy-engine/builtin/x509/der-writer.ts'
import {
  alternativeNames,
  authority,
  extension,
  named,
  usages,
  type Wanted,
} from '../../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { domain, keyUsage, svidExtensions, uri } from '../certificates.ts'
import { workload } from './corpus-authority.ts'

type Name = readonly [number, Buffer | string]

const right = svidExtensions(workload)
const names = alternativeNames(uri(workload))
const server = '1.3.6.1.5.5.7.3.1'
const client = '1.3.6.1.5.5.7.3.2'

const has = (...more: readonly Buffer[]): Wanted => ({ extensions: [...right, ...more] })
const called = (...all: readonly Name[]): Wanted => ({
  extensions: [keyUsage.leaf, alternativeNames(...all)],
})
const as = (id: string): Wanted => called(uri(id))
const besides = (...more: readonly Name[]): Wanted => called(uri(workload), ...more)
const used = (bytes: Buffer, unused: number, isCritical = true): Wanted => ({
  extensions: [extension('2.5.29.15', bits(bytes, unused), isCritical), names],
})
const constraints = (...parts: readonly Buffer[]): Buffer => sequence(...parts)
const broken = Buffer.of(0x30, 3, 1)

const ids: Readonly<Record<string, Wanted>> = {
  'an ID without a path': as('spiffe://example.org'),
  'an ID with a trailing slash': as('spiffe://example.org/ns/'),
  'an ID of a slash': as('spiffe://example.org/'),
  'an ID with an empty segment': as('spiffe://example.org/ns//x'),
  'an ID with a dot segment': as('spiffe://example.org/ns/../x'),
  'an ID with three dots': as('spiffe://example.org/ns/.../x'),
  'an ID with a port': as('spiffe://example.org:80/ns'),
  'an ID with an empty port': as('spiffe://example.org:/ns'),
  'an ID with a user': as('spiffe://u@example.org/ns'),
  'an ID with an empty user': as('spiffe://@example.org/ns'),
  'an ID with a query': as('spiffe://example.org/ns?x'),
  'an ID with an empty query': as('spiffe://example.org/ns?'),
  'an ID with a fragment': as('spiffe://example.org/ns#x'),
  'an ID with an empty fragment': as('spiffe://example.org/ns#'),
  'an ID with an escape': as('spiffe://example.org/n%73'),
  'an ID with a broken escape': as('spiffe://example.org/n%zz'),
  'an ID with an escaped domain': as('spiffe://example%2eorg/ns'),
  'an ID of a domain in upper case': as('spiffe://EXAMPLE.org/ns'),
  'an ID of a scheme in upper case': as('SPIFFE://example.org/ns'),
  'an ID of another scheme': as('https://example.org/ns'),
  'an ID without slashes': as('spiffe:example.org/ns'),
  'an ID with a letter of another script': as('spiffe://example.org/nаme'),
  'an ID with a line break': as('spiffe://example.org/ns\n'),
  'an ID with a NUL': as('spiffe://example.org/ns\0x'),
  'an ID with a space': as('spiffe://example.org/n s'),
  'an ID that is empty': as(''),
  'an ID without a domain': as('spiffe:///ns'),
  'an ID of 2048 bytes': as(`spiffe://example.org/${'a'.repeat(2027)}`),
  'an ID of 2049 bytes': as(`spiffe://example.org/${'a'.repeat(2028)}`),
  'an ID of a domain that is not trusted': as('spiffe://other.example/ns'),
  'an ID of another trusted domain': as('spiffe://partner.example/ns'),
  'two IDs': besides(uri('spiffe://example.org/b')),
  'the same ID twice': besides(uri(workload)),
  'a second URI': besides(uri('https://example.org/')),
  'no ID, but a domain': called(domain('ops.example.org')),
  'no names': { extensions: [keyUsage.leaf] },
  'a list of no names': called(),
  'names that are critical': {
    extensions: [
      keyUsage.leaf,
      extension('2.5.29.17', sequence(der(0x86, Buffer.from(workload))), true),
    ],
  },
  'an ID in pieces': {
    extensions: [
      keyUsage.leaf,
      extension('2.5.29.17', sequence(der(0xa6, der(0x16, Buffer.from(workload))))),
    ],
  },
  'a domain besides': besides(domain('ops.example.org')),
  'a wildcard besides': besides(domain('*.example.org')),
  'a domain with an underscore': besides(domain('a_b.example.org')),
  'a domain that is empty': besides(domain('')),
  'a domain with a space': besides(domain('a b')),
  'a domain with a letter of another script': besides(domain('а.example')),
  'an address besides': besides([7, Buffer.of(127, 0, 0, 1)]),
  'an address of five bytes': besides([7, Buffer.alloc(5)]),
  'a mail address besides': besides([1, 'ops@example.org']),
  'a mail address that is none': besides([1, 'ops']),
  'a registered name besides': besides([8, Buffer.of(0x2a, 3)]),
  'a name of no known kind': besides([9, 'x']),
}

const profiles: Readonly<Record<string, Wanted>> = {
  right: {},
  'says that it is no authority': has(extension('2.5.29.19', constraints(), true)),
  'the same, not critical': has(extension('2.5.29.19', constraints())),
  'is an authority': has(authority()),
  'is an authority, not critical': has(extension('2.5.29.19', sequence(der(1, Buffer.of(255))))),
  'is an authority, in BER': has(extension('2.5.29.19', sequence(der(1, Buffer.of(1))), true)),
  'is no authority, with a path length': has(extension('2.5.29.19', constraints(integer(0)), true)),
  'no key usage': { extensions: [names] },
  'key usage that is not critical': used(Buffer.of(0x80), 7, false),
  'key usage of nothing': used(Buffer.of(0), 7),
  'key usage of no bits': used(Buffer.alloc(0), 0),
  'no digital signature': used(Buffer.of(0x20), 5),
  'digital signature and key encipherment': used(Buffer.of(0xa0), 5),
  'digital signature and decipherment': used(Buffer.of(0x80, 0x80), 7),
  'key usage with unused bits set': used(Buffer.of(0x81), 7),
  'key usage with bits that are not needed': used(Buffer.of(0x80), 0),
  'certificate signing': used(Buffer.of(0x84), 2),
  'list signing': used(Buffer.of(0x82), 1),
  'both purposes': has(usages(server, client)),
  'the purpose of servers': has(usages(server)),
  'the purpose of clients': has(usages(client)),
  'any purpose': has(usages('2.5.29.37.0')),
  'the purpose of code': has(usages('1.3.6.1.5.5.7.3.3')),
  'no purpose': has(usages()),
  'critical purposes': has(
    extension('2.5.29.37', sequence(identifier(server), identifier(client)), true),
  ),
  'an unknown critical extension': has(extension('1.2.3', Buffer.of(5, 0), true)),
  'an unknown extension': has(extension('1.2.3', Buffer.of(5, 0))),
  'an unknown extension that is no DER': has(extension('1.2.3', Buffer.of(1, 2, 3))),
  'an unknown extension twice': has(
    extension('1.2.3', Buffer.of(5, 0)),
    extension('1.2.3', Buffer.of(5, 0)),
  ),
  'its key usage twice': has(keyUsage.leaf),
  'its names twice': has(names),
  'not critical, in so many words': has(
    sequence(identifier('1.2.3'), der(1, Buffer.of(0)), octets(Buffer.of(5, 0))),
  ),
  policies: has(extension('2.5.29.32', sequence(sequence(identifier('1.2.3.4'))))),
  'critical policies': has(extension('2.5.29.32', sequence(sequence(identifier('1.2.3.4'))), true)),
  'critical policy constraints': has(
    extension('2.5.29.36', sequence(der(0x80, Buffer.of(0))), true),
  ),
  'a critical bar to any policy': has(extension('2.5.29.54', integer(0), true)),
  'policies that are broken': has(extension('2.5.29.32', broken)),
  'the name of its key': has(extension('2.5.29.14', octets(Buffer.alloc(20, 1)))),
  'a name of its key that is broken': has(extension('2.5.29.14', broken)),
  'the name of another key as its authority': has(
    extension('2.5.29.35', sequence(der(0x80, Buffer.alloc(20, 2)))),
  ),
  'a name of its authority that is broken': has(extension('2.5.29.35', broken)),
  'places of lists that are broken': has(extension('2.5.29.31', broken)),
  'places of its authority that are broken': has(extension('1.3.6.1.5.5.7.1.1', broken)),
  'name constraints that are broken': has(extension('2.5.29.30', broken, true)),
  'no extensions': { extensions: [] },
}

const parts: Readonly<Record<string, Wanted>> = {
  'version 1 that has extensions': { version: null },
  'version 2 that has extensions': { version: integer(1) },
  'version 4': { version: integer(3) },
  'serial number 0': { serial: integer(0) },
  'a negative serial number': { serial: der(2, Buffer.of(0xff)) },
  'a serial number of 20 bytes': { serial: der(2, Buffer.alloc(20, 1)) },
  'a serial number of 21 bytes': { serial: der(2, Buffer.alloc(21, 1)) },
  'a serial number of no bytes': { serial: der(2) },
  'a serial number with a zero in front': { serial: der(2, Buffer.of(0, 1)) },
  'no subject': { subject: sequence() },
  'no subject, and names that are critical': {
    subject: sequence(),
    extensions: [
      keyUsage.leaf,
      extension('2.5.29.17', sequence(der(0x86, Buffer.from(workload))), true),
    ],
  },
  'a subject that is broken': { subject: sequence(Buffer.of(0x31, 2, 5, 0)) },
  'the subject of its authority': { subject: named('authority') },
  'unique identifiers': { between: [der(0x81, Buffer.of(0, 1))] },
  'another algorithm outside': { outerAlgorithm: sequence(identifier('1.2.840.10045.4.3.4')) },
  'no signature': { makeSignature: () => Buffer.alloc(0) },
  'a signature of zeros': { makeSignature: () => Buffer.alloc(64) },
}

const keys = (): Readonly<Record<string, Wanted>> => ({
  'a key of P-224': { pair: generateKeyPairSync('ec', { namedCurve: 'secp224r1' }) },
  'a key of P-521': { pair: generateKeyPairSync('ec', { namedCurve: 'P-521' }) },
  'a key of secp256k1': { pair: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }) },
  'a key of Ed448': { pair: generateKeyPairSync('ed448') },
  'a key of X25519': { pair: generateKeyPairSync('x25519') },
  'a key of RSA, 1024 bits': { pair: generateKeyPairSync('rsa', { modulusLength: 1024 }) },
  'a key of RSA, 2048 bits': { pair: generateKeyPairSync('rsa', { modulusLength: 2048 }) },
})

export const leafCases = (): Readonly<Record<string, Wanted>> => ({
  ...ids,
  ...profiles,
  ...parts,
  ...keys(),
})
