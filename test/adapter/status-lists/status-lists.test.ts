/** Status lists from a real server: what they say, how long they count, and all that makes one count no more. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync } from 'node:zlib'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createKeySets } from '../../../service/adapter/key-sets/key-sets.ts'
import {
  createStatusLists,
  type StatusListNotice,
} from '../../../service/adapter/status-lists/status-lists.ts'
import type { Issuer } from '../../../service/contract/config.ts'
import type { KeySets } from '../../../service/port/key-sets.ts'
import type { StatusLists } from '../../../service/port/status-lists.ts'
import { createTestIssuer, idp, moment, type TestIssuer } from '../../support/issuer.ts'

let [key, stranger]: TestIssuer[] = []
let server: Server
let canary: Server
let origin: string
let canaryVisits: number
let visits: number
let answer: RequestListener
let now: number
let notices: StatusListNotice[]
let keySets: KeySets
let lists: StatusLists

/** Places 0 to 3 of two bits: valid, revoked, suspended, another. */
const packed = deflateSync(Buffer.of(0b11_10_01_00)).toString('base64url')

const listen = async (listener: RequestListener): Promise<[Server, string]> => {
  const listening = createServer(listener)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return [listening, `http://127.0.0.1:${String(port)}`]
}

beforeAll(async () => {
  key = await createTestIssuer('ES256', 'status', 'statuslist+jwt')
  stranger = await createTestIssuer('ES256', 'status', 'statuslist+jwt')
})
beforeEach(async () => {
  ;[visits, canaryVisits, now, notices] = [0, 0, moment, []]
  ;[server, origin] = await listen((request, response) => {
    visits += 1
    answer(request, response)
  })
  ;[canary] = await listen((_request, response) => {
    canaryVisits += 1
    response.end()
  })
  await open()
  serve()
})
afterEach(async () => {
  await keySets.close()
  for (const one of [server, canary]) {
    one.closeAllConnections()
    one.close()
  }
})

async function open(status: Partial<Issuer['status']> = {}): Promise<void> {
  const issuer: Issuer = {
    ...{ issuer: idp, kinds: ['initiator', 'status'], algorithms: ['ES256'] },
    keys: { inline: { keys: [key!.jwk] } },
    status: { origins: [origin], internal: true, ...status },
  }
  const tenants = [{ id: 'acme', issuers: [issuer], trust_domains: [] }]
  const clock = { now: () => now * 1000, uuid: () => '' }
  keySets = await createKeySets(tenants, { clock })
  lists = createStatusLists(tenants, {
    ...{ keySets, clock, observe: (notice) => notices.push(notice) },
  })
}

/** Serves a list token with these changes; undefined members are left out. */
function serve(claims: object = {}, header: Record<string, unknown> = {}, by = key!): void {
  answer = (request, response) => {
    const uri = `${origin}${request.url ?? ''}`
    const payload = { sub: uri, iat: now, ttl: 600, status_list: { bits: 2, lst: packed } }
    void by.sign({ ...payload, ...claims }, header).then((token) => {
      response.setHeader('content-type', 'application/statuslist+jwt').end(token)
    })
  }
}

const ask = async (index = 0, changes: object = {}): Promise<string> =>
  await lists.statusOf({ tenant: 'acme', issuer: idp, uri: `${origin}/1`, index, ...changes })

describe('a list', () => {
  it('says of each place whether it counts', async () => {
    const said = await Promise.all([0, 1, 2, 3, 4, 1e15].map((index) => ask(index)))
    expect(said).toEqual([
      ...['valid', 'revoked', 'suspended', 'revoked'],
      ...['status_unavailable', 'status_unavailable'],
    ])
    expect(visits).toBe(1)
  })

  it('answers at once while it is fresh', async () => {
    await ask()
    const { statusOf } = lists
    expect(statusOf({ tenant: 'acme', issuer: idp, uri: `${origin}/1`, index: 1 })).toBe('revoked')
  })

  it('that changes takes effect once it is fetched anew, beside the questions', async () => {
    await ask()
    serve({ status_list: { bits: 2, lst: deflateSync(Buffer.of(0b01)).toString('base64url') } })
    now += 299
    expect([await ask(), visits]).toEqual(['valid', 1])
    now += 1
    expect(await ask()).toBe('valid')
    while (notices.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    expect([await ask(), visits]).toEqual(['revoked', 2])
  })

  it.each([
    ['its ttl', { ttl: 60 }, 60],
    ['its exp', { exp: moment + 90 }, 90],
    ['an hour, whatever its ttl', { ttl: 1e6 }, 3600],
    ['five minutes without ttl and exp', { ttl: undefined }, 300],
  ])(
    'that cannot be fetched any more counts until %s, and then denies',
    async (_name, claims, s) => {
      serve(claims)
      await ask()
      answer = (_request, response) => response.writeHead(503).end()
      now += s - 1
      expect(await ask()).toBe('valid')
      now += 1
      expect(await ask()).toBe('status_unavailable')
    },
  )

  it('may be looked at more often than its publisher says', async () => {
    await open({ refresh_seconds: 5 })
    await ask()
    now += 5
    await ask()
    while (notices.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(visits).toBe(2)
  })

  it('that is older than the one before is refused', async () => {
    await ask()
    serve({ iat: moment - 10, ttl: 600, status_list: { bits: 8, lst: packed } })
    now += 700
    expect(await ask()).toBe('status_unavailable')
    expect(notices.at(-1)?.detail).toBe('an older list is served')
  })
})

describe('what does not count', () => {
  const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url')
  it.each([
    ['a list for another URI', { sub: 'https://status.example/other' }, {}, 'not a status list'],
    ['a list that has expired', { exp: moment - 30 }, {}, 'has expired'],
    ['a list of the future', { iat: moment + 31 }, {}, 'in the future'],
    ['an access token', {}, { typ: 'at+jwt' }, 'wrong_type'],
    ['a token of no type', {}, { typ: undefined }, 'wrong_type'],
    ['a key of nobody', {}, { kid: 'nobody' }, 'key_not_found'],
    ['a header that names keys', {}, { jku: 'https://attacker.example' }, 'header_refused'],
    ['bytes that are not ZLIB', { status_list: { bits: 1, lst: 'AAAA' } }, {}, 'compression'],
    ['64 MiB in a few bytes', { status_list: { bits: 1, lst: bomb } }, {}, 'larger than'],
  ])('%s', async (_name, claims, header, detail) => {
    serve(claims, header)
    expect(await ask()).toBe('status_unavailable')
    expect(notices.at(-1)?.detail).toContain(detail)
  })

  it('a list by the key of a stranger with the same kid', async () => {
    serve({}, {}, stranger)
    expect(await ask()).toBe('status_unavailable')
    expect(notices.at(-1)?.detail).toBe('its signature is bad')
  })

  it.each<[string, RequestListener, string]>([
    ['a web page', (_request, response) => response.end('<html>'), 'served as'],
    ['no list', (_request, response) => response.writeHead(404).end(), '404'],
    [
      'an answer without an end',
      (_request, response) => {
        response.setHeader('content-type', 'application/statuslist+jwt')
        response.end('x'.repeat(3 * 1024 * 1024))
      },
      'more than',
    ],
  ])('%s', async (_name, listener, detail) => {
    answer = listener
    expect(await ask()).toBe('status_unavailable')
    expect(notices.at(-1)?.detail).toContain(detail)
  })

  it('a redirect is not followed', async () => {
    const { port } = canary.address() as AddressInfo
    answer = (_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${String(port)}/` }).end()
    expect([await ask(), canaryVisits]).toEqual(['status_unavailable', 0])
  })
})

describe('nobody is asked', () => {
  it.each([
    ['of an issuer without lists', { issuer: 'https://other.example' }],
    ['of another tenant', { tenant: 'beta' }],
    ['at another origin', {}],
    ['at an origin that begins like it', {}],
    ['with a user before it', {}],
    ['at no URL', { uri: 'status' }],
    ['in a file', { uri: 'file:///etc/passwd' }],
  ])('%s', async (name, changes) => {
    const { port } = canary.address() as AddressInfo
    const elsewhere: Record<string, string> = {
      'at another origin': `http://127.0.0.1:${String(port)}/1`,
      'at an origin that begins like it': `${origin}.attacker.example/1`,
      'with a user before it': `${origin.replace('//', '//u:p@')}/1`,
    }
    const uri = elsewhere[name] ?? `${origin}/1`
    expect(await ask(0, { uri, ...changes })).toBe('status_unavailable')
    expect([visits, canaryVisits]).toEqual([0, 0])
  })

  it('twice at a time, however many ask', async () => {
    await Promise.all(Array.from({ length: 100 }, () => ask()))
    expect(visits).toBe(1)
  })

  it('again soon after a failure, however many ask', async () => {
    answer = (_request, response) => response.writeHead(503).end()
    for (let i = 0; i < 20; i += 1) expect(await ask()).toBe('status_unavailable')
    expect(visits).toBe(1)
    now += 10
    serve()
    expect([await ask(), visits]).toEqual(['valid', 2])
  })
})
