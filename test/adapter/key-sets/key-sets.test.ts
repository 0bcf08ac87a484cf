/** Trust anchors of tenants: each look-up is by tenant, kind and issuer, and what is not configured costs nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { JWK } from 'jose'
import {
  createKeySets,
  type KeySetNotice,
  type KeySetsOptions,
} from '../../../service/adapter/key-sets/key-sets.ts'
import type { KeySetTenant } from '../../../service/adapter/key-sets/trust-anchor.ts'
import type { KeySetSource } from '../../../service/contract/config.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import type { KeyQuery, KeySets } from '../../../service/port/key-sets.ts'
import { createTestIssuer, idp } from '../../support/issuer.ts'

const directory = mkdtempSync(join(tmpdir(), 'key-sets-'))
const clock = { now: () => Date.now(), uuid: () => '' }
const other = 'https://other.example'
let a: JWK
let b: JWK
let open: KeySets[] = []
let servers: Server[] = []

beforeAll(async () => {
  a = (await createTestIssuer('ES256', 'same')).jwk
  b = (await createTestIssuer('ES256', 'same')).jwk
})
afterEach(async () => {
  await Promise.all(open.map((keySets) => keySets.close()))
  for (const server of servers) server.close()
  ;[open, servers] = [[], []]
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const inline = (...keys: JWK[]): KeySetSource => ({ inline: { keys } })
const tenant = (keys: KeySetSource, changes: Partial<KeySetTenant> = {}): KeySetTenant => ({
  id: 'acme',
  issuers: [{ issuer: idp, kinds: ['initiator'], algorithms: ['ES256', 'ES384'], keys }],
  trust_domains: [],
  ...changes,
})

async function create(
  tenants: readonly KeySetTenant[],
  options: Partial<KeySetsOptions> = {},
): Promise<KeySets> {
  const keySets = await createKeySets(tenants, { clock, ...options })
  open.push(keySets)
  return keySets
}

const query: KeyQuery = {
  tenant: 'acme',
  kind: 'initiator',
  issuer: idp,
  kid: 'same',
  alg: 'ES256',
}
async function find(keySets: KeySets, changes: Partial<KeyQuery> = {}): Promise<string> {
  const found = await keySets.find({ ...query, ...changes })
  return found.ok ? found.key.thumbprint : found.failure
}
async function thumbprintOf(jwk: JWK): Promise<string> {
  return await find(await create([tenant(inline(jwk))]))
}

describe('a look-up', () => {
  it.each([
    ['of another tenant', { tenant: 'nobody' }, 'issuer_unknown'],
    ['of another issuer', { issuer: other }, 'issuer_unknown'],
    ['of another kind', { kind: 'pep' }, 'issuer_unknown'],
    ['of another kind of trust', { kind: 'jwt_svid' }, 'issuer_unknown'],
    ['of an algorithm that the issuer may not use', { alg: 'PS256' }, 'alg_refused'],
    ['of an algorithm that the key is not for', { alg: 'ES384' }, 'alg_refused'],
    ['of another kid', { kid: 'other' }, 'key_not_found'],
    ['of a kid that is a name of Object.prototype', { kid: 'constructor' }, 'key_not_found'],
  ] as const)('%s', async (_name, changes, failure) => {
    expect(await find(await create([tenant(inline(a))]), changes)).toBe(failure)
  })

  it('the list of the issuer binds its keys too', async () => {
    const { jwk } = await createTestIssuer('PS256', 'same')
    expect(await find(await create([tenant(inline(jwk))]), { alg: 'PS256' })).toBe('alg_refused')
  })

  it('the same issuer, trust domain and kid in two tenants are two keys', async () => {
    const [first, second] = [await thumbprintOf(a), await thumbprintOf(b)]
    expect(first).not.toBe(second)
    const keySets = await create([tenant(inline(a)), tenant(inline(b), { id: 'beta' })])
    expect(await find(keySets)).toBe(first)
    expect(await find(keySets, { tenant: 'beta' })).toBe(second)
  })

  it('the same issuer may have other keys for another kind', async () => {
    const issuer = { issuer: idp, algorithms: ['ES256' as const] }
    const issuers: KeySetTenant['issuers'] = [
      { ...issuer, kinds: ['initiator'], keys: inline(a) },
      { ...issuer, kinds: ['pep', 'grant'], keys: inline(b) },
    ]
    const keySets = await create([tenant(inline(a), { issuers })])
    expect(await find(keySets)).toBe(await thumbprintOf(a))
    expect(await find(keySets, { kind: 'pep' })).toBe(await thumbprintOf(b))
    expect(await find(keySets, { kind: 'grant' })).toBe(await thumbprintOf(b))
  })

  it('a trust domain is looked up as such, and its bundle is read as one', async () => {
    const trust_domains = [{ name: 'example.org', bundle: inline({ ...a, use: 'jwt-svid' }) }]
    const keySets = await create([tenant(inline(b), { trust_domains })])
    expect(await find(keySets, { kind: 'jwt_svid', issuer: 'example.org' })).toBe(
      await thumbprintOf(a),
    )
    expect(await find(keySets, { issuer: 'example.org' })).toBe('issuer_unknown')
  })
})

describe('the CAs of a trust domain', () => {
  const bundle = (name: string): KeySetSource => ({ file: `test/fixtures/spiffe/${name}.json` })
  const of = async (keySets: KeySets, ...[id, domain]: [string, string]): Promise<unknown> => {
    const found = await keySets.authorities(id, domain)
    return found.ok ? found.authorities.length : found.failure
  }

  it('are those of its own bundle, in its own tenant', async () => {
    const trust_domains = [
      { name: 'one.example', bundle: bundle('spiffebundle_valid_1') },
      { name: 'none.example', bundle: inline() },
      { name: 'wimse://two.example', bundle: inline() },
    ]
    const keySets = await create([tenant(inline(a), { trust_domains })])
    expect(await of(keySets, 'acme', 'one.example')).toBe(1)
    expect(await of(keySets, 'acme', 'none.example')).toBe(0)
    expect(await of(keySets, 'acme', 'wimse://two.example')).toBe('untrusted_domain')
    expect(await of(keySets, 'acme', 'other.example')).toBe('untrusted_domain')
    expect(await of(keySets, 'nobody', 'one.example')).toBe('untrusted_domain')
  })

  it('are not to be had when the bundle is not', async () => {
    const trust_domains = [{ name: 'down.example', bundle: { url: 'https://down.example' } }]
    const keySets = await create([tenant(inline(a), { trust_domains })], {
      fetch: () => Promise.reject(new Error('down')),
    })
    expect(await of(keySets, 'acme', 'down.example')).toBe('keys_unavailable')
  })
})

describe('configuration that cannot be used', () => {
  const file = (name: string, text: string): KeySetSource => {
    writeFileSync(join(directory, name), text)
    return { file: join(directory, name) }
  }
  it.each([
    ['an inline set without keys', tenant({ inline: {} }), '/tenants/0/issuers/0/keys'],
    [
      'a file that is not there',
      tenant({ file: join(directory, 'none') }),
      '/tenants/0/issuers/0/keys',
    ],
    ['a file that is no JSON', tenant(file('broken', 'x')), '/tenants/0/issuers/0/keys'],
    [
      'http without internal',
      tenant({ url: 'http://idp.example' }),
      '/tenants/0/issuers/0/keys/url',
    ],
    ['a private address', tenant({ url: 'https://10.0.0.1' }), '/tenants/0/issuers/0/keys/url'],
    [
      'a trust domain in capitals',
      tenant(
        { inline: { keys: [] } },
        { trust_domains: [{ name: 'Example', bundle: { inline: { keys: [] } } }] },
      ),
      '/tenants/0/trust_domains/0/bundle',
    ],
  ])('%s', async (_name, value, pointer) => {
    const error: unknown = await create([value]).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(PdpError)
    expect(error).toMatchObject({ code: 'config_invalid', faults: [{ pointer }] })
  })
  it('two entries for one issuer and kind, and all faults at once', async () => {
    const [issuer] = tenant({ inline: {} }).issuers
    const value = tenant({ inline: {} }, { issuers: issuer === undefined ? [] : [issuer, issuer] })
    await expect(create([value])).rejects.toThrow(
      'another entry already has the keys of "https://idp.example"',
    )
    const twoFaults = [tenant({ inline: {} }), tenant({ inline: {} }, { id: 'beta' })]
    await expect(create(twoFaults)).rejects.toMatchObject({
      faults: [{}, { pointer: '/tenants/1/issuers/0/keys' }],
    })
  })
})

it('a file that rotates is read again when a kid is missing', async () => {
  const path = join(directory, 'rotating.json')
  writeFileSync(path, JSON.stringify({ keys: [a] }))
  const keySets = await create([tenant({ file: path })])
  const epoch = keySets.epoch('acme')
  writeFileSync(path, JSON.stringify({ keys: [{ ...b, kid: 'new' }] }))
  expect(await find(keySets, { kid: 'new' })).toBe(await thumbprintOf(b))
  expect(await find(keySets)).toBe('key_not_found')
  expect(keySets.epoch('acme')).toBe(epoch + 1)
})

describe('a key set behind a URL', () => {
  async function serve(
    keys: () => JWK[] | null,
  ): Promise<{ source: KeySetSource; requests: () => number }> {
    let requests = 0
    const server = createServer((_request, response) => {
      requests += 1
      const served = keys()
      if (served === null) response.writeHead(500).end()
      else response.end(JSON.stringify({ keys: served }))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      source: { url: `http://127.0.0.1:${String(port)}/`, internal: true },
      requests: () => requests,
    }
  }

  it('is fetched once at the start, whoever asks first waits for it', async () => {
    const { source, requests } = await serve(() => [a])
    const keySets = await create([tenant(source)])
    const found = await Promise.all(Array.from({ length: 20 }, () => find(keySets)))
    expect(new Set(found)).toEqual(new Set([await thumbprintOf(a)]))
    expect([requests(), keySets.unavailable('acme')]).toEqual([1, []])
  })

  it('what is not in the table costs no request', async () => {
    const { source, requests } = await serve(() => [a])
    const keySets = await create([tenant(source)])
    await find(keySets)
    const hostile = ['https://evil.example', 'http://169.254.169.254/', `${idp}/`, '']
    for (const issuer of hostile) expect(await find(keySets, { issuer })).toBe('issuer_unknown')
    expect(await find(keySets, { alg: 'none' })).toBe('alg_refused')
    expect(requests()).toBe(1)
  })

  it('a new kid appears, and a hundred unknown ones cost one request', async () => {
    let keys = [a]
    const { source, requests } = await serve(() => keys)
    const keySets = await create([tenant(source)])
    await find(keySets)
    keys = [a, { ...b, kid: 'new' }]
    const epoch = keySets.epoch('acme')
    expect(await find(keySets, { kid: 'new' })).toBe(await thumbprintOf(b))
    expect(keySets.epoch('acme')).toBe(epoch + 1)
    const unknown = await Promise.all(
      Array.from({ length: 100 }, (_, i) => find(keySets, { kid: `u${String(i)}` })),
    )
    expect([new Set(unknown), requests()]).toEqual([new Set(['key_not_found']), 2])
  })

  it('a removed kid is revoked by the next fetch', async () => {
    let keys = [a, { ...b, kid: 'new' }]
    const { source } = await serve(() => keys)
    const keySets = await create([tenant(source)])
    expect(await find(keySets)).toBe(await thumbprintOf(a))
    keys = [{ ...b, kid: 'new' }]
    await find(keySets, { kid: 'whatever makes it look again' })
    expect(await find(keySets)).toBe('key_not_found')
  })

  it('an outage at the start is not there yet, and says so to whoever watches', async () => {
    const { source, requests } = await serve(() => null)
    const notices: KeySetNotice[] = []
    const keySets = await create([tenant(source)], { observe: (notice) => notices.push(notice) })
    expect(await find(keySets)).toBe('keys_unavailable')
    expect(await find(keySets)).toBe('keys_unavailable')
    expect([requests(), keySets.unavailable('acme'), keySets.unavailable('nobody')]).toEqual([
      1,
      [idp],
      [],
    ])
    expect(notices).toEqual([
      { tenant: 'acme', issuer: idp, event: 'load_failed', detail: 'the server answered 500' },
    ])
  })
})

it('the epoch moves when a set has become too old, whoever asks', async () => {
  let now = Date.now()
  const fetched = {
    bytes: new TextEncoder().encode(JSON.stringify({ keys: [a] })),
    maxAgeSeconds: null,
  }
  const options = {
    clock: { now: () => now, uuid: () => '' },
    fetch: () => Promise.resolve(fetched),
  }
  const keySets = await create([tenant({ url: 'https://idp.example/keys' })], options)
  await find(keySets)
  const epoch = keySets.epoch('acme')
  now += 3_600_001
  expect(keySets.epoch('acme')).toBe(epoch + 1)
  expect([await find(keySets), keySets.unavailable('acme'), keySets.epoch('nobody')]).toEqual([
    'keys_unavailable',
    [idp],
    0,
  ])
})
