/** X.509-SVIDs by the SPIFFE X509-SVID specification: real certificates of a test authority, and go-spiffe's own. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from '@jest/globals'
import { readCertificate } from '../../service/adapter/key-sets/x509/read-certificate.ts'
import { findPath } from '../../service/identity/certificate-path.ts'
import type { Certificate } from '../../service/identity/certificate.ts'
import { findSvidPath, readSvidLeaf } from '../../service/identity/x509-svid.ts'
import { bits } from '../adapter/policy-engine/builtin/x509/der-writer.ts'
import {
  alternativeNames,
  authority,
  extension,
  nameConstraints,
  named,
  usages,
  type Wanted,
} from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import {
  createRoot,
  domain,
  keyUsage,
  svidExtensions,
  uri,
  valid,
  type Issued,
  type TestAuthority,
} from '../support/certificates.ts'

const id = 'spiffe://acme.example/mcp/ops'
const now = Date.UTC(2026, 5, 1) / 1000
const root = createRoot('acme root')
const stranger = createRoot('acme root')

function certificate(der: Uint8Array): Certificate {
  const found = readCertificate(der)
  if (found === null) throw new Error('it is no certificate')
  return found
}

/** The verdict on a chain as a peer shows it: the workload, or the reason why not. */
function judge(chain: readonly Uint8Array[], roots: readonly TestAuthority[], at = now): string {
  const [leaf, ...between] = chain.map(certificate)
  const workload = readSvidLeaf(leaf!)
  if (!workload.ok) return workload.failure
  const authorities = roots.map(({ der }) => certificate(der))
  const path = findSvidPath([leaf!, ...between], workload.value, authorities, at)
  return path.ok ? workload.value.id : path.failure
}

const of = (issued: Issued, at = now): string => judge(issued.chain, [root], at)
const svid = (extensions: readonly Buffer[]): string => of(root.leaf({ extensions }))

describe('a leaf', () => {
  it('names its workload', () => {
    expect(of(root.svid(id))).toBe(id)
    expect(svid([...svidExtensions(id), authorityFlag(false)])).toBe(id)
    expect(svid([...svidExtensions(id), usages('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2')])).toBe(id)
    expect(svid([keyUsage.leaf, alternativeNames(uri(id), domain('ops.acme.example'))])).toBe(id)
  })

  const authorityFlag = (is: boolean): Buffer =>
    is ? authority() : extension('2.5.29.19', Buffer.of(0x30, 0), true)
  const usage = (byte: number, unused: number, isCritical = true): Buffer =>
    extension('2.5.29.15', bits(Buffer.of(byte), unused), isCritical)
  const names = alternativeNames(uri(id))
  const wrong: readonly (readonly [string, readonly Buffer[], string])[] = [
    [
      'two URIs',
      [keyUsage.leaf, alternativeNames(uri(id), uri('spiffe://acme.example/b'))],
      'bad_identifier',
    ],
    [
      'a second URI that is no SPIFFE ID',
      [keyUsage.leaf, alternativeNames(uri(id), uri('https://a.b/'))],
      'bad_identifier',
    ],
    ['no URI', [keyUsage.leaf, alternativeNames(domain('ops.acme.example'))], 'bad_identifier'],
    ['no name', [keyUsage.leaf], 'bad_identifier'],
    [
      'an ID without a path',
      [keyUsage.leaf, alternativeNames(uri('spiffe://acme.example'))],
      'bad_identifier',
    ],
    [
      'an ID with a dot segment',
      [keyUsage.leaf, alternativeNames(uri('spiffe://acme.example/a/../b'))],
      'bad_identifier',
    ],
    [
      'an ID in upper case',
      [keyUsage.leaf, alternativeNames(uri('spiffe://ACME.example/mcp/ops'))],
      'bad_identifier',
    ],
    [
      'an ID with an escape',
      [keyUsage.leaf, alternativeNames(uri('spiffe://acme.example/%61'))],
      'bad_identifier',
    ],
    ['the right to issue', [...svidExtensions(id), authorityFlag(true)], 'certificate_profile'],
    ['no key usage', [names], 'certificate_profile'],
    ['a key usage that is not critical', [usage(0x80, 7, false), names], 'certificate_profile'],
    ['no digital signature', [usage(0x20, 5), names], 'certificate_profile'],
    ['keyCertSign', [usage(0x84, 2), names], 'certificate_profile'],
    ['cRLSign', [usage(0x82, 1), names], 'certificate_profile'],
    [
      'a purpose of servers alone',
      [...svidExtensions(id), usages('1.3.6.1.5.5.7.3.1')],
      'certificate_profile',
    ],
    [
      'a purpose of clients alone',
      [...svidExtensions(id), usages('1.3.6.1.5.5.7.3.2')],
      'certificate_profile',
    ],
    [
      'a critical extension that is not known',
      [...svidExtensions(id), extension('1.2.3', Buffer.of(5, 0), true)],
      'certificate_constraint',
    ],
    [
      'critical policies',
      [...svidExtensions(id), extension('2.5.29.32', Buffer.of(0x30, 0), true)],
      'certificate_constraint',
    ],
  ]
  it.each(wrong)('with %s is refused', (_what, extensions, failure) => {
    expect(svid(extensions)).toBe(failure)
  })

  it('with an unknown extension that is not critical is read', () => {
    expect(svid([...svidExtensions(id), extension('1.2.3', Buffer.of(1, 2, 3))])).toBe(id)
  })
})

describe('time', () => {
  const leaf = root.svid(id, valid(now - 10, now + 10))
  test.each([
    [now - 11, 'not_yet_valid'],
    [now - 10, id],
    [now + 10, id],
    [now + 11, 'expired'],
  ])('at %d the leaf is judged by its own dates: %s', (at, verdict) => {
    expect(of(leaf, at)).toBe(verdict)
  })

  it('binds the authorities too', () => {
    const old = createRoot('acme root', valid(now - 100, now - 1))
    expect(judge(old.svid(id).chain, [old])).toBe('expired')
    const young = root.authority('young', valid(now + 1, now + 100))
    expect(of(young.svid(id))).toBe('not_yet_valid')
  })
})

describe('the path', () => {
  const middle = root.authority('middle')

  it('leads through what the peer sends along, in any order', () => {
    const lower = middle.authority('lower')
    const { chain } = lower.svid(id)
    expect(chain).toHaveLength(3)
    expect(judge(chain, [root])).toBe(id)
    expect(judge([chain[0]!, chain[2]!, chain[1]!], [root])).toBe(id)
  })

  it('does not lead anywhere without what is in between', () => {
    expect(judge(middle.svid(id).chain.slice(0, 1), [root])).toBe('untrusted_domain_key')
  })

  it('ends at an authority of the bundle, never at one that the peer brings', () => {
    const { chain } = stranger.svid(id)
    expect(judge([...chain, stranger.der], [root])).toBe('untrusted_domain_key')
    expect(judge(chain, [])).toBe('untrusted_domain_key')
    expect(judge(chain, [stranger])).toBe(id)
  })

  it('does not end at a leaf that trusts itself', () => {
    const self = root.svid(id, { issuer: named('leaf') })
    expect(judge(self.chain, [{ ...root, der: self.der }])).toBe('untrusted_domain_key')
  })

  it('is bounded in length, and by the path length of each authority', () => {
    let last = root
    const verdicts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => {
      last = last.authority(name)
      return of(last.svid(id))
    })
    expect(verdicts).toEqual([id, id, id, id, 'path_too_long', 'path_too_long'])
    const short = root.authority('short', { extensions: [authority(0), keyUsage.authority] })
    expect(of(short.svid(id))).toBe(id)
    expect(of(short.authority('below').svid(id))).toBe('path_too_long')
    expect(of(short.authority('short').svid(id))).toBe('path_too_long')
  })

  it('is found among many authorities of one name, or given up', () => {
    const many = Array.from({ length: 20 }, () => createRoot('acme root'))
    expect(judge(root.svid(id).chain, [...many, root])).toBe(id)
    const more = Array.from({ length: 40 }, () => createRoot('acme root'))
    expect(judge(root.svid(id).chain, [...more, root])).toBe('path_too_long')
  })

  it('does not go round between authorities that issued each other', () => {
    const one = createRoot('one')
    const two = one.authority('two')
    const crossed = two.authority('one', { pair: one.pair })
    expect(judge([...two.svid(id).chain, crossed.der], [root])).toBe('untrusted_domain_key')
  })

  const broken: readonly (readonly [string, Wanted, string])[] = [
    ['is no authority', { extensions: [keyUsage.authority] }, 'certificate_profile'],
    [
      'may not sign certificates',
      { extensions: [authority(), keyUsage.leaf] },
      'certificate_profile',
    ],
    ['has no key usage', { extensions: [authority()] }, 'certificate_profile'],
    [
      'has an unknown critical extension',
      { extensions: [authority(), keyUsage.authority, extension('1.2.3', Buffer.of(5, 0), true)] },
      'certificate_constraint',
    ],
    ...(
      [
        ['is a workload itself', 'spiffe://acme.example/ca'],
        ['is of another trust domain', 'spiffe://other.example'],
        ['has an ID that is none', 'spiffe://acme.example/'],
      ] as const
    ).map(
      ([what, own]) =>
        [
          what,
          { extensions: [authority(), keyUsage.authority, alternativeNames(uri(own))] },
          'bad_identifier',
        ] as const,
    ),
  ]
  it.each(broken)('does not lead through one that %s', (_what, wanted, failure) => {
    expect(of(root.authority('broken', wanted).svid(id))).toBe(failure)
  })

  it('may lead through one that has the ID of the trust domain', () => {
    const own = [authority(), keyUsage.authority, alternativeNames(uri('spiffe://acme.example'))]
    expect(of(root.authority('own', { extensions: own }).svid(id))).toBe(id)
  })
})

describe('name constraints of an authority', () => {
  const under = (constraints: Buffer): TestAuthority =>
    root.authority('constrained', { extensions: [authority(), keyUsage.authority, constraints] })
  const table: readonly (readonly [string, Buffer, string])[] = [
    ['permit the trust domain', nameConstraints([[6, 'acme.example']]), id],
    ['permit domains below one', nameConstraints([[6, '.example']]), id],
    ['permit another domain', nameConstraints([[6, 'other.example']]), 'certificate_constraint'],
    [
      'permit only what is below',
      nameConstraints([[6, '.acme.example']]),
      'certificate_constraint',
    ],
    [
      'permit a host above, and not what is below it',
      nameConstraints([[6, 'example']]),
      'certificate_constraint',
    ],
    [
      'exclude the trust domain',
      nameConstraints([], [[6, 'acme.example']]),
      'certificate_constraint',
    ],
    ['exclude what it is below', nameConstraints([], [[6, 'example']]), 'certificate_constraint'],
    ['exclude another domain', nameConstraints([], [[6, 'other.example']]), id],
    [
      'permit it and exclude it',
      nameConstraints([[6, 'acme.example']], [[6, 'acme.example']]),
      'certificate_constraint',
    ],
    ['permit domains, of which it has none', nameConstraints([[2, 'other.example']]), id],
    [
      'permit directory names, and it has another',
      nameConstraints([[4, Buffer.of(0x30, 0)]]),
      'certificate_constraint',
    ],
    ['exclude every address, and it has none', nameConstraints([], [[7, Buffer.alloc(8)]]), id],
  ]
  it.each(table)('that %s', (_what, constraints, verdict) => {
    expect(of(under(constraints).svid(id))).toBe(verdict)
  })

  const named1 = (...more: readonly (readonly [number, Buffer | string])[]): Wanted => ({
    extensions: [keyUsage.leaf, alternativeNames(uri(id), ...more)],
  })
  it.each([
    ['a domain that is permitted', [[2, 'acme.example']], domain('ops.acme.example'), id],
    [
      'a domain that is not',
      [[2, 'acme.example']],
      domain('ops.other.example'),
      'certificate_constraint',
    ],
    ['a wildcard of its domain', [[2, 'acme.example']], domain('*.acme.example'), id],
    [
      'a kind that is not compared',
      [[7, Buffer.alloc(8)]],
      [7, Buffer.alloc(4)],
      'certificate_constraint',
    ],
    ['a mail address', [[1, 'acme.example']], [1, 'ops@acme.example'], 'certificate_constraint'],
  ] as const)('bind %s', (_what, permitted, name, verdict) => {
    expect(of(under(nameConstraints(permitted)).svid(id, named1(name)))).toBe(verdict)
  })

  it('that exclude a name are not slipped past by a wildcard for it', () => {
    const excluding = under(nameConstraints([], [[2, 'ops.acme.example']]))
    expect(of(excluding.svid(id, named1(domain('*.acme.example'))))).toBe('certificate_constraint')
  })

  it('bind the authorities below as well', () => {
    const own = [authority(), keyUsage.authority, alternativeNames(uri('spiffe://acme.example'))]
    const below = under(nameConstraints([[6, 'other.example']])).authority('own', {
      extensions: own,
    })
    expect(of(below.svid(id))).toBe('certificate_constraint')
  })
})

describe('the certificates of go-spiffe', () => {
  const read = (name: string): Certificate[] =>
    (
      readFileSync(join(import.meta.dirname, '../fixtures/spiffe', name), 'utf8').match(
        /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
      ) ?? []
    ).map((one) => certificate(new X509Certificate(one).raw))

  test.each([
    ['good-leaf-only.pem', 'spiffe://example.org/workload-1'],
    ['good-leaf-and-intermediate.pem', 'spiffe://example.org/workload-1'],
    ['wrong-leaf-ca-true.pem', 'certificate_profile'],
    ['wrong-leaf-cert-sign.pem', 'certificate_profile'],
    ['wrong-leaf-crl-sign.pem', 'certificate_profile'],
    ['wrong-leaf-no-digital-signature.pem', 'certificate_profile'],
    ['wrong-leaf-empty-id.pem', 'bad_identifier'],
  ])('%s: %s', (name, verdict) => {
    const leaf = readSvidLeaf(read(name)[0]!)
    expect(leaf.ok ? leaf.value.id : leaf.failure).toBe(verdict)
  })

  test('a good leaf leads to its authority while both are valid', () => {
    const [leaf, issuer] = read('good-leaf-and-intermediate.pem')
    const search = { between: [], authorities: [issuer!] }
    expect(findPath(leaf!, { ...search, now: leaf!.notBefore })).toMatchObject({ ok: true })
    expect(findPath(leaf!, { ...search, now })).toEqual({ ok: false, failure: 'expired' })
  })

  test.each(['wrong-intermediate-no-ca.pem', 'wrong-intermediate-no-key-cert-sign.pem'])(
    'nothing is issued by %s',
    (name) => {
      const [leaf, issuer] = read(name)
      const issued = { ...leaf!, issuer: issuer!.subject, isSignedBy: () => true }
      const search = { between: [], authorities: [issuer!], now: leaf!.notBefore }
      expect(findPath(issued, search)).toEqual({ ok: false, failure: 'certificate_profile' })
    },
  )
})
