/** Token Status List at a running service: what a list says denies, what cannot be had denies, and what an operator sees. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { deflateSync } from 'node:zlib'
import { CompactSign, decodeJwt, importJWK } from 'jose'
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../service/contract/query.ts'
import type { StatusListState, TrustState } from '../../service/contract/trust-state.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { createTestIssuer, type TestIssuer } from '../support/issuer.ts'
import { startListener, type Listener } from '../support/listener.ts'
import { until } from '../support/listening-source.ts'

const publisher = 'https://status.example'
let publisherKey: TestIssuer
let server: Listener
let service: DevelopmentService
let query: Query
/** Seconds that have passed for the service beside the real ones. */
let passed = 0

const clock = { now: () => Date.now() + passed * 1000, uuid: () => crypto.randomUUID() }
const uri = (): string => `${server.url}/lists/1`

/** Serves a list whose places, of two bits, say that. */
function publish(...places: readonly number[]): void {
  const byte = places.reduce((value, place, i) => value | (place << (2 * i)), 0)
  const lst = deflateSync(Buffer.of(byte)).toString('base64url')
  server.behave((_request, response) => {
    const iat = Math.floor(clock.now() / 1000)
    void publisherKey
      .sign({ sub: uri(), iat, ttl: 60, status_list: { bits: 2, lst } })
      .then((token) => {
        response.setHeader('content-type', 'application/statuslist+jwt').end(token)
      })
  })
}

beforeAll(async () => {
  publisherKey = await createTestIssuer('ES256', 'status', 'statuslist+jwt')
  server = await startListener((_request, response) => {
    response.writeHead(404).end()
  })
  service = await startDevelopmentService({
    clock,
    tenant: (tenant) => ({
      ...tenant,
      issuers: [
        ...tenant.issuers.map((issuer) =>
          issuer.issuer === development.identityIssuer
            ? {
                ...issuer,
                status: { origins: [server.url], internal: true, signed_by: publisher },
              }
            : issuer,
        ),
        {
          ...{ issuer: publisher, kinds: ['status' as const], algorithms: ['ES256' as const] },
          keys: { inline: { keys: [publisherKey.jwk] } },
        },
      ],
    }),
  })
  query = (await queriesByEffect(service.keys)).permit
})
afterAll(async () => {
  await service.stop()
  await server.stop()
})

/** The permitted question with a token of that place, or the codes that deny it. */
async function ask(index: number): Promise<string> {
  const { kid, privateJwk } = service.keys.identity
  const claims = decodeJwt(query.initiator?.access_token ?? '')
  const payload = {
    ...claims,
    jti: crypto.randomUUID(),
    status: { status_list: { idx: index, uri: uri() } },
  }
  const token = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .sign(await importJWK({ ...privateJwk }, 'ES256'))
  const { effect, reasons } = await service.ask({ ...query, initiator: { access_token: token } })
  const codes = reasons.map(({ code }) => code).filter((code) => code.startsWith('initiator.'))
  return effect === 'permit' ? effect : codes.join(' ')
}

async function shown(): Promise<StatusListState | undefined> {
  const { body } = await service.get('/v1/trust')
  return (body as TrustState).status_lists.find((list) => list.uri === uri())
}

async function metric(name: string): Promise<number> {
  const { body } = await service.get('/metrics')
  const line = String(body['text'])
    .split('\n')
    .find((one) => one.startsWith(`countersign_status_list_${name}{`) && one.includes(uri()))
  return Number(line?.split(' ').at(-1))
}

const notices = async (): Promise<string> => JSON.stringify((await service.get('/readyz')).body)

describe('a list that is served', () => {
  it('is unknown until a token names it', async () => {
    publish(0, 1, 2, 3)
    expect(await shown()).toBeUndefined()
    expect(server.connections()).toBe(0)
  })

  it('permits what is valid, and denies what is revoked, suspended, of another value, or not there', async () => {
    const said = []
    for (const place of [0, 1, 2, 3, 4]) said.push(await ask(place))
    expect(said).toEqual([
      'permit',
      ...['initiator.revoked', 'initiator.suspended', 'initiator.revoked'],
      'initiator.status_unavailable',
    ])
  })

  it('is shown, with how long it counts and without its places', async () => {
    const state = await shown()
    expect(state).toMatchObject({
      ...{ issuer: development.identityIssuer, usable: true, places: 4, failures: 0, error: null },
    })
    const counts = Date.parse(state?.usable_until ?? '') - Date.parse(state?.issued_at ?? '')
    expect(counts).toBe(60_000)
    expect(await metric('usable')).toBe(1)
    expect(await metric('failures')).toBe(0)
    expect((await metric('usable_until_seconds')) * 1000).toBe(
      Date.parse(state?.usable_until ?? ''),
    )
  })

  it('takes a token away that it permitted, and gives it back', async () => {
    publish(2)
    passed += 31
    await until(async () => (await ask(0)) === 'initiator.suspended')
    publish(0)
    passed += 31
    await until(async () => (await ask(0)) === 'permit')
  })
})

describe('a list that cannot be fetched any more', () => {
  it('counts until its time is over, and readiness says until when', async () => {
    server.behave((_request, response) => {
      response.writeHead(503).end()
    })
    passed += 31
    expect(await ask(0)).toBe('permit')
    await until(async () => ((await shown())?.failures ?? 0) > 0)
    expect(await shown()).toMatchObject({ usable: true, error: 'the server answered 503' })
    expect(await ask(0)).toBe('permit')
    expect(await notices()).toContain(
      `the status list ${uri()} cannot be fetched (the server answered 503): it counts until `,
    )
  })

  it('denies then, and says so to whoever looks', async () => {
    passed += 30
    expect(await ask(0)).toBe('initiator.status_unavailable')
    expect(await shown()).toMatchObject({ usable: false, places: 4 })
    expect(await metric('usable')).toBe(0)
    expect(await metric('failures')).toBeGreaterThan(0)
    expect(await notices()).toContain('(the server answered 503): tokens that name it are denied')
  })

  it('counts again when it is served again', async () => {
    publish(0)
    passed += 11
    expect(await ask(0)).toBe('permit')
    expect(await shown()).toMatchObject({ usable: true, failures: 0, error: null })
    expect(await metric('usable')).toBe(1)
    expect(await notices()).not.toContain('status list')
  })

  it('is nothing that a restart makes good: what was fetched is fetched again', async () => {
    server.behave((_request, response) => {
      response.writeHead(503).end()
    })
    service = await service.restart()
    expect(await ask(0)).toBe('initiator.status_unavailable')
    publish(0)
    passed += 11
    expect(await ask(0)).toBe('permit')
  })
})
