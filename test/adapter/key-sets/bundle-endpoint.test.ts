/** Trust domains whose bundles are fetched from endpoints that go-spiffe's own code serves, by both profiles. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createKeySets, type KeySetNotice } from '../../../service/adapter/key-sets/key-sets.ts'
import type { SpiffeBundleSource, TrustDomain } from '../../../service/contract/config.ts'
import type { PdpError } from '../../../service/contract/error-code.ts'
import { createVerifyToken } from '../../../service/flow/verify-token.ts'
import type { KeySets } from '../../../service/port/key-sets.ts'
import { startBundleEndpoint, writeBundle, type BundleEndpoint } from '../../support/go-spiffe.ts'
import { svidClaims, tenantAudience } from '../../support/issuer.ts'
import { describeWithParts } from '../../support/parts.ts'

const domain = 'example.org'
const endpointId = `spiffe://${domain}/bundle`
let directory: string
let [web, spiffe]: BundleEndpoint[] = []
/** Added to the real time: certificates and tokens are judged by the real one. */
let later: number
let notices: KeySetNotice[]
let open: KeySets[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'endpoint-'))
  ;[later, notices, open] = [0, [], []]
})
afterEach(async () => {
  for (const keySets of open) await keySets.close()
  rmSync(directory, { recursive: true })
})

async function trust(...trust_domains: TrustDomain[]): Promise<KeySets> {
  const keySets = await createKeySets([{ id: 'acme', issuers: [], trust_domains }], {
    clock: { now: () => Date.now() + later, uuid: () => '' },
    directoryOf: () => directory,
    observe: (notice) => notices.push(notice),
  })
  open.push(keySets)
  return keySets
}

/** What a JWT-SVID is found to be that go-jose signed with that key. */
async function outcome(keySets: KeySets, endpoint: BundleEndpoint, kid = 'k1'): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const token = await endpoint.token(kid, { ...svidClaims, iat: now, exp: now + 300 })
  const expected = { now, audience: tenantAudience }
  const verified = await createVerifyToken(keySets)('jwt_svid', 'acme', token, expected)
  return verified.ok ? (verified.facts.spiffe_id ?? '') : verified.failure
}

/** A kid that nobody knows has the bundle fetched, if it was not just now. */
async function fetchedAnew(keySets: KeySets): Promise<void> {
  const query = { tenant: 'acme', kind: 'jwt_svid', issuer: domain, alg: 'ES256' } as const
  await keySets.find({ ...query, kid: 'unknown' })
}

const failure = (): string | undefined =>
  notices.findLast(({ event }) => event === 'load_failed')?.detail

describeWithParts('https_web', () => {
  let source: SpiffeBundleSource
  beforeAll(async () => {
    web = await startBundleEndpoint(domain, 'https_web')
    await web.addKey('k1')
  })
  beforeEach(() => {
    const file = join(directory, 'ca.pem')
    writeFileSync(file, web?.ca ?? '')
    source = { url: web?.url ?? '', internal: true, ca_file: file }
  })
  afterAll(async () => {
    await web?.stop()
  })

  it('a JWT-SVID verifies, and the CA of the domain is there', async () => {
    const keySets = await trust({ name: domain, bundle: source })
    expect(await outcome(keySets, web!)).toBe(svidClaims.sub)
    expect(await keySets.authorities('acme', domain)).toMatchObject({ authorities: [{}] })
  })

  it('a key that appears is found by the first token that names it', async () => {
    const keySets = await trust({ name: domain, bundle: source })
    await keySets.authorities('acme', domain)
    await web?.addKey('k2')
    expect(await outcome(keySets, web!, 'k2')).toBe(svidClaims.sub)
  })

  it('a key that is removed is revoked by the next fetch', async () => {
    await web?.addKey('k3')
    const keySets = await trust({ name: domain, bundle: source })
    expect(await outcome(keySets, web!, 'k3')).toBe(svidClaims.sub)
    await web?.removeKey('k3')
    await fetchedAnew(keySets)
    expect(await outcome(keySets, web!, 'k3')).toBe('key_not_found')
  })

  it('an older bundle is refused, also by another process', async () => {
    await web?.sequence(5)
    await (await trust({ name: domain, bundle: source })).authorities('acme', domain)
    await open[0]?.close()
    await web?.sequence(4)
    await fetchedAnew(await trust({ name: domain, bundle: source }))
    expect(failure()).toContain('went backwards')
    await web?.sequence(6)
  })

  it('an address that no public authority vouches for is refused without the file', async () => {
    const keySets = await trust({ name: domain, bundle: { url: web?.url ?? '', internal: true } })
    expect(await outcome(keySets, web!)).toBe('keys_unavailable')
  })

  it('its web certificate is no X509-SVID', async () => {
    const bootstrap_file = await writeBundle(web!, join(directory, 'bootstrap.json'))
    const bundle = { url: web?.url ?? '', internal: true, endpoint_spiffe_id: endpointId }
    const keySets = await trust({ name: domain, bundle: { ...bundle, bootstrap_file } })
    expect(await outcome(keySets, web!)).toBe('keys_unavailable')
  })

  it('two trust domains do not share a key', async () => {
    const keySets = await trust(
      { name: domain, bundle: { inline: { keys: [] } } },
      { name: 'other.example', bundle: source },
    )
    expect(await outcome(keySets, web!)).toBe('key_not_found')
  })
})

describeWithParts('https_spiffe', () => {
  let source: SpiffeBundleSource & { bootstrap_file: string }
  beforeEach(async () => {
    spiffe = await startBundleEndpoint(domain, 'https_spiffe')
    await spiffe.addKey('k1')
    source = {
      ...{ url: spiffe.url, internal: true, endpoint_spiffe_id: endpointId },
      bootstrap_file: await writeBundle(spiffe, join(directory, 'bootstrap.json')),
    }
  })
  afterEach(async () => {
    await spiffe?.stop()
  })

  it('the endpoint is known by its X509-SVID, at first by the bootstrap bundle', async () => {
    expect(await outcome(await trust({ name: domain, bundle: source }), spiffe!)).toBe(
      svidClaims.sub,
    )
    expect(await spiffe?.asked()).toBe(1)
  })

  it.each([
    ['the ID of another workload', { path: '/other' }],
    ['an ID of which the configured one is the beginning', { path: '/bundle/x' }],
    ['an ID of another trust domain, by the same authority', { foreign: true }],
    ['a certificate that has ended', { seconds: -1 }],
  ])('an endpoint with %s is not asked', async (_name, svid) => {
    await spiffe?.endpointSvid(svid)
    const keySets = await trust({ name: domain, bundle: source })
    expect(await outcome(keySets, spiffe!)).toBe('keys_unavailable')
    expect(await spiffe?.asked()).toBe(0)
  })

  it('an endpoint of an authority that is not in the bundle is not asked', async () => {
    await spiffe?.renewAuthority()
    const keySets = await trust({ name: domain, bundle: source })
    expect(await outcome(keySets, spiffe!)).toBe('keys_unavailable')
    expect(await spiffe?.asked()).toBe(0)
  })

  it('what was fetched, not the bootstrap bundle, judges the endpoint from then on', async () => {
    const first = await trust({ name: domain, bundle: source })
    expect(await outcome(first, spiffe!)).toBe(svidClaims.sub)
    await first.close()
    writeFileSync(source.bootstrap_file, JSON.stringify({ keys: [] }))
    // Also when it is too old for everything else.
    later = 2 * 3600 * 1000
    expect(await outcome(await trust({ name: domain, bundle: source }), spiffe!)).toBe(
      svidClaims.sub,
    )
  })

  it('a bootstrap bundle without an authority lets nobody in', async () => {
    writeFileSync(source.bootstrap_file, JSON.stringify({ keys: [] }))
    const keySets = await trust({ name: domain, bundle: source })
    expect(await outcome(keySets, spiffe!)).toBe('keys_unavailable')
    expect(failure()).toBe('there is no authority that could vouch for the host')
  })

  it('an endpoint of another trust domain is judged by the bundle of that one', async () => {
    const file = { file: source.bootstrap_file }
    const bundle = { url: spiffe?.url ?? '', internal: true, endpoint_spiffe_id: endpointId }
    const keySets = await trust({ name: domain, bundle: file }, { name: 'partner.example', bundle })
    await keySets.authorities('acme', domain)
    const kid = { kid: 'k1', alg: 'ES256', kind: 'jwt_svid', tenant: 'acme' } as const
    const found = await keySets.find({ ...kid, issuer: 'partner.example' })
    expect(found.ok || found.failure).toBe(true)
  })
})

describe('a bundle endpoint that cannot be configured', () => {
  const bundle = { url: 'https://bundles.example', endpoint_spiffe_id: endpointId }
  it.each([
    ['without a bootstrap bundle for its own domain', bundle, 'bootstrap_file'],
    [
      'with an ID of a domain that is not configured',
      { ...bundle, endpoint_spiffe_id: 'spiffe://elsewhere.example/b' },
      'elsewhere.example',
    ],
    [
      'with an ID that names no workload',
      { ...bundle, endpoint_spiffe_id: 'spiffe://example.org' },
      'spiffe://domain/path',
    ],
    [
      'over plain http',
      { ...bundle, url: 'http://127.0.0.1/', internal: true, bootstrap_file: 'x' },
      'https',
    ],
  ])('%s', async (_name, from, hint) => {
    const error = await trust({ name: domain, bundle: from }).catch((cause: unknown) => cause)
    expect((error as PdpError).faults.map(({ reason }) => reason).join()).toContain(hint)
  })
})
