/** What a gateway says of a server that can prove nothing to us: its word, as far as the registry pins it, and no further. */
import { afterAll, describe, expect, it } from '@jest/globals'
import type { Grade } from '../../service/contract/policy-input.ts'
import type { ForwardedTls, ServerProof } from '../../service/contract/query.ts'
import type { TlsPin } from '../../service/contract/workload.ts'
import type { Asked, ProofPorts } from '../../service/flow/proof-ports.ts'
import { proveServer } from '../../service/flow/prove-server.ts'
import {
  alternativeNames,
  authority,
  extension,
  makeCertificate,
  named,
  nameConstraints,
} from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { bits, identifier, sequence } from '../adapter/policy-engine/builtin/x509/der-writer.ts'
import {
  createRoot,
  domain,
  keyPin,
  keyUsage,
  serverCertificate,
  uri,
  valid,
  x5cOf,
  type Issued,
  type TestAuthority,
} from '../support/certificates.ts'
import { idp, moment, resource, tenantAudience } from '../support/issuer.ts'
import { startTokens } from '../support/tokens.ts'

const tokens = await startTokens()
afterAll(tokens.close)
const now = valid(moment - 100, moment + 100)
const name = 'mcp.saas.example'
const root = createRoot('root', now)
const middle = root.authority('middle', valid(moment - 100, moment + 50))
const served = serverCertificate(middle, name, now)
const [leafPin, middlePin, rootPin] = [served.der, middle.der, root.der].map(keyPin)
const whole = [...x5cOf(served), root.der.toString('base64')]
const stranger = `sha256:${'f'.repeat(64)}`

const ports: ProofPorts = {
  ...{ verify: tokens.verify, keySets: tokens.keySets },
  tenant: {
    ...{ id: 'acme', audience: tenantAudience, initiatorIssuers: [idp] },
    agentDocument: () => null,
    platformDemands: () => null,
  },
}
const askedBy = (grade: Grade, tlsPin: TlsPin | null): Asked => ({
  ...{ now: moment, resource, accessToken: null, tlsPin, isRevoked: () => false },
  pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade },
  isRequest: () => true,
  isNonce: () => true,
  session: () => ({ ok: false, failure: 'session_unknown' }),
})
const pinned = (...keys: readonly (string | undefined)[]): TlsPin => ({
  name,
  keys: keys.filter((key) => key !== undefined),
})
const prove = async (
  tls: Partial<ForwardedTls>,
  pin: TlsPin | null = pinned(leafPin),
  grade: Grade = 'pop',
) => await proveServer({ tls: { name, ...tls } }, askedBy(grade, pin), ports)
const failing = (failure: string) => ({ ok: false, failure })
const seen = (key: string | undefined) => ({ ok: true, facts: { tls: { name, key } } })

describe('a server that a gateway reached by TLS is known', () => {
  it.each([
    ['of the server itself', pinned(leafPin), leafPin],
    ['of the authority that issued it', pinned(middlePin), middlePin],
    ['of the root', pinned(rootPin), rootPin],
    ['of the two in a rotation that is in use', pinned(stranger, leafPin), leafPin],
    ['nearest to it, when several are', pinned(rootPin, middlePin, leafPin), leafPin],
  ])('by the pinned key %s', async (_whose, pin, key) => {
    expect(await prove({ x5c: whole }, pin)).toMatchObject(seen(key))
    const keys = [leafPin, middlePin, rootPin].filter((one) => one !== undefined)
    expect(await prove({ keys }, pin)).toMatchObject(seen(key))
  })

  it('as forwarded and no more, until the first certificate of the path ends', async () => {
    expect(await prove({ x5c: whole })).toMatchObject({
      facts: { grade: 'forwarded', expires_at: moment + 50, spiffe_id: null, launch: null },
      digests: [expect.stringMatching(/^sha256:/u)],
      replayKeys: [],
    })
    expect(await prove({ keys: pinned(leafPin).keys })).toMatchObject({
      facts: { grade: 'forwarded', expires_at: null },
      digests: [],
    })
  })

  it('by a certificate that signed itself, when its key is pinned', async () => {
    const pair = served.pair
    const extensions = [alternativeNames(domain(name))]
    const own = makeCertificate({ ...now, pair, subject: named('own'), extensions })
    expect(await prove({ x5c: [own.toString('base64')] })).toMatchObject(seen(leafPin))
  })

  it.each(['pop', 'bearer'] as const)('on the word of a gateway by %s', async (grade) => {
    expect(await prove({ x5c: whole }, pinned(leafPin), grade)).toMatchObject({
      facts: { grade: 'forwarded' },
    })
  })

  it.each(['asserted', 'none', 'forwarded'] as const)(
    'as merely asserted on the word of a gateway of grade %s, which proved less',
    async (grade) => {
      const asserted = { facts: { grade: 'asserted' } }
      expect(await prove({ x5c: whole }, pinned(leafPin), grade)).toMatchObject(asserted)
      const launch = { launch: { digest: stranger } }
      expect(await proveServer(launch, askedBy(grade, null), ports)).toMatchObject(asserted)
    },
  )
})

/** For that key, so that it is the name or the certificate that is wrong. */
const issuedWith = (...extensions: readonly Buffer[]): Issued =>
  root.leaf({ ...now, pair: served.pair, extensions })
const called = (...names: readonly (readonly [number, string])[]): Issued =>
  issuedWith(keyUsage.leaf, alternativeNames(...names))
const more = (...extensions: readonly Buffer[]): Issued =>
  issuedWith(alternativeNames(domain(name)), ...extensions)
const usages = (...ids: readonly string[]): Buffer =>
  extension('2.5.29.37', sequence(...ids.map((id) => identifier(id))))

describe('a certificate is for the name', () => {
  it.each([
    ['one of several', called(domain('x.example'), domain(name))],
    ['in another case', called(domain('MCP.SaaS.example'))],
    ['all of its first label', called(domain('*.saas.example'))],
    ['for servers, among others', more(usages('1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'))],
    ['with nothing said of its key', more()],
  ])('%s', async (_how, shown) => {
    expect(await prove({ x5c: x5cOf(shown) })).toMatchObject(seen(leafPin))
  })

  it('but a wildcard stands for no name of two labels', async () => {
    const tls = { name: 'saas.example', x5c: x5cOf(called(domain('*.example'))) }
    const pin = { ...pinned(leafPin), name: 'saas.example' }
    expect(await prove(tls, pin)).toEqual(failing('certificate_name'))
  })
})

describe('a server that a gateway reached by TLS is not known', () => {
  it.each([
    ['without a pin', null, 'pin_missing'],
    ['by another name', { ...pinned(leafPin), name: 'x.example' }, 'pin_name'],
    ['by other keys', pinned(stranger), 'pin_key'],
  ])('%s in the registry, by its path or by keys', async (_how, pin, failure) => {
    expect(await prove({ x5c: whole }, pin)).toEqual(failing(failure))
    expect(await prove({ keys: pinned(leafPin).keys }, pin)).toEqual(failing(failure))
  })

  const [leaf, between, last] = whole
  it.each([
    ['the order is another', [leaf, last, between], 'path_broken'],
    ['one is left out', [leaf, last], 'path_broken'],
    ['one is there twice', [...whole, last], 'path_broken'],
    ['one has but the right name', [leaf, ...x5cOf(createRoot('middle', now))], 'path_broken'],
    ['one is behind it', [...whole, ...x5cOf(createRoot('x', now))], 'path_broken'],
    ['it begins with an authority', [between, last], 'certificate_profile'],
    ['one is none', [leaf, 'AAAA'], 'malformed'],
    ['one is in another spelling', [`${leaf ?? ''}=`], 'malformed'],
    ['it is longer than any', Array.from({ length: 9 }, () => leaf), 'path_too_long'],
  ])('when %s', async (_how, chain, failure) => {
    const x5c = chain.filter((one) => one !== undefined)
    expect(await prove({ x5c }, pinned(leafPin, middlePin))).toEqual(failing(failure))
  })

  it('by a pinned certificate, which is public, behind the path of somebody else', async () => {
    const other = serverCertificate(createRoot('other', now), name, now)
    const x5c = [...x5cOf(other), between ?? '']
    expect(await prove({ x5c }, pinned(middlePin))).toEqual(failing('path_broken'))
  })

  it('by a path and keys at once, nor by neither', async () => {
    const both = { x5c: whole, keys: pinned(leafPin).keys }
    expect(await prove(both)).toEqual(failing('malformed'))
    expect(await prove({})).toEqual(failing('malformed'))
  })

  const ended = valid(moment - 100, moment - 1)
  const soon = valid(moment + 1, moment + 100)
  const authorityWith = (...extensions: readonly Buffer[]): TestAuthority =>
    root.authority('with', { ...now, extensions: [keyUsage.authority, ...extensions] })
  const constrained = authorityWith(authority(), nameConstraints([domain('other.example')]))
  const short = authorityWith(authority(0))
  const below = makeCertificate({
    ...{ ...now, issuer: named('leaf'), signer: served.pair },
    extensions: [alternativeNames(domain(name))],
  })
  const certificates: readonly (readonly [string, Pick<Issued, 'chain'>, string])[] = [
    ['that has ended', serverCertificate(root, name, ended), 'expired'],
    ['that is not valid yet', serverCertificate(root, name, soon), 'not_yet_valid'],
    ['of an ended authority', serverCertificate(root.authority('m', ended), name, now), 'expired'],
    ['for another name', called(domain('other.example')), 'certificate_name'],
    ['for the end of the name', called(domain('saas.example')), 'certificate_name'],
    ['for names below it', called(domain(`*.${name}`)), 'certificate_name'],
    ['for names two levels up', called(domain('*.example')), 'certificate_name'],
    ['with a wildcard in a label', called(domain('m*.saas.example')), 'certificate_name'],
    ['with the name in a URI', called(uri(`https://${name}`)), 'certificate_name'],
    ['with a common name alone', root.leaf({ ...now, subject: named(name) }), 'certificate_name'],
    ['for clients', more(usages('1.3.6.1.5.5.7.3.2')), 'certificate_profile'],
    ['for any usage', more(usages('2.5.29.37.0')), 'certificate_profile'],
    [
      'whose key may not sign',
      more(extension('2.5.29.15', bits(Buffer.of(0x20), 5), true)),
      'certificate_profile',
    ],
    [
      'with a critical extension that is not known',
      more(extension('1.2.3', Buffer.of(5, 0), true)),
      'certificate_constraint',
    ],
    [
      'outside of the constraints of its authority',
      serverCertificate(constrained, name, now),
      'certificate_constraint',
    ],
    [
      'of an authority that none may have below it',
      serverCertificate(short.authority('b', now), name, now),
      'path_too_long',
    ],
    ['that a leaf issued', { chain: [below, ...served.chain] }, 'certificate_profile'],
  ]
  it.each(certificates)('by a certificate %s', async (_what, { chain }, failure) => {
    const pin = pinned(...chain.map(keyPin))
    expect(await prove({ x5c: x5cOf({ chain }) }, pin)).toEqual(failing(failure))
  })
})

describe('beside another proof', () => {
  const others: Readonly<Record<Exclude<keyof ServerProof, 'tls'>, ServerProof>> = {
    jwt_svid: { jwt_svid: 'a.b.c' },
    wit: { wit: 'a.b.c' },
    wpt: { wpt: 'a.b.c' },
    platform_token: { platform_token: 'a.b.c' },
    x5c: { x5c: whole },
    x5_proof: { x5_proof: 'a.b.c' },
    mtls: { mtls: true },
    launch: { launch: { digest: stranger } },
    session: { session: `ses_${'a'.repeat(43)}` },
  }
  it.each(Object.entries(others))('%s, it is one too many', async (_kind, other) => {
    const proof = { tls: { name, x5c: whole }, ...other }
    const proved = await proveServer(proof, askedBy('pop', pinned(leafPin)), ports)
    expect(proved).toEqual(failing('proof_many'))
  })
})
