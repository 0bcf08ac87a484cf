import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import supertest from 'supertest'
import { mintAccessToken, mintPepToken } from '../../service/adapter/development/mint.ts'
import { alice } from '../../service/adapter/development/example-queries.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'

let service: DevelopmentService

beforeAll(async () => {
  service = await startDevelopmentService()
})
afterAll(async () => {
  await service.stop()
})

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const query = (more: string): string =>
  `{"phase":"request","server":{"id":"ops"},"capability":{"kind":"tool","name":"status"},"protocol":{"version":"v","method":"tools/call"}${more}}`

describe('strict JSON at the edge', () => {
  it.each([
    ['duplicate_member', query(',"phase":"result"'), '/phase'],
    ['duplicate_member', query(String.raw`,"\u0070hase":"result"`), '/phase'],
    ['lone_surrogate', query(String.raw`,"request_id":"\ud800"`), '/request_id'],
    [
      'unsafe_integer',
      query(',"data_scope":{"classifications":[9007199254740993]}'),
      '/data_scope/classifications/0',
    ],
    ['unsafe_integer', query(',"workflow":{"round":1e400}'), '/workflow/round'],
    ['forbidden_member', query(',"__proto__":{}'), '/__proto__'],
    ['too_deep', query(`,"result":{"a":${nested(64)}}`), null],
    ['malformed_json', '{"phase":', null],
    ['malformed_json', '', null],
    ['invalid_request', query(',"purpos":{}'), '/purpos'],
    ['invalid_request', query(',"initiator":{"token":"x"}'), '/initiator/token'],
    ['invalid_request', '[]', ''],
  ])('%s is refused: %s', async (code, body, pointer) => {
    const reply = await service.post('/v1/decisions', body)
    expect(reply).toMatchObject({
      status: 400,
      body: { code, status: 400, type: `urn:countersign:problem:${code}` },
    })
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    if (pointer !== null) expect(reply.body['errors']).toMatchObject([{ pointer }])
  })

  it('refuses another media type, and a body that is too large, without reading it into memory', async () => {
    expect(
      await service.post('/v1/decisions', '{}', { 'content-type': 'text/plain' }),
    ).toMatchObject({ status: 415, body: { code: 'media_type' } })
    const large = `{"a":"${'x'.repeat(300 * 1024)}"}`
    expect(await service.post('/v1/decisions', large)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    })
  })

  it('echoes X-Request-ID, on errors too', async () => {
    const reply = await service.post('/v1/decisions', '[]', { 'x-request-id': 'trace-1' })
    expect(reply.headers.get('x-request-id')).toBe('trace-1')
  })
})

describe('the gateway authenticates', () => {
  const ask = (authorization: Record<string, string>): supertest.Test =>
    supertest(service.url)
      .post('/v1/decisions')
      .set('content-type', 'application/json')
      .set(authorization)
      .send(query(''))

  it('with a bearer token of its issuer, for this tenant, with the scope', async () => {
    const token = await mintPepToken(service.keys)
    await ask({ authorization: `Bearer ${token}` }).expect(200)
  })

  it.each([
    ['nothing', () => Promise.resolve<string | null>(null)],
    ['an unknown key', () => Promise.resolve<string | null>('Bearer nobody')],
    ['another scheme', () => Promise.resolve<string | null>('Basic eDp5')],
    [
      'a token of a person',
      async () => `Bearer ${await mintAccessToken(service.keys, alice, development.audience)}`,
    ],
    [
      'a token of a person who came in through the client of the gateway',
      async () => {
        const through = { ...alice, client: development.pep }
        const scope = { scope: 'pdp.evaluate' }
        return `Bearer ${await mintAccessToken(service.keys, through, development.audience, scope)}`
      },
    ],
    [
      'a token that was tampered with',
      async () => `Bearer ${(await mintPepToken(service.keys)).slice(0, -4)}AAAA`,
    ],
  ])('and with %s gets 401, always the same', async (_name, credential) => {
    const authorization = await credential()
    const reply = await ask(authorization === null ? {} : { authorization }).expect(401)
    expect(reply.headers['www-authenticate']).toMatch(/^Bearer/u)
    expect(reply.body).toMatchObject({ code: 'unauthenticated' })
  })

  it('and without the scope gets 403', async () => {
    const token = await mintPepToken(service.keys, 'pdp.audit.read')
    await ask({ authorization: `Bearer ${token}` }).expect(403)
  })

  it('and with two credentials gets 401', async () => {
    const { hostname, port } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    const header = `Authorization: Bearer ${service.keys.apiKey}\r\n`
    socket.end(
      `GET /v1/decisions/x HTTP/1.1\r\nHost: x\r\n${header}${header}Connection: close\r\n\r\n`,
    )
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1.1 401 /u)
  })
})

describe('routes', () => {
  it('that do not exist are 404, and other methods 405 with Allow', async () => {
    await supertest(service.url).get('/nowhere').expect(404)
    await supertest(service.url).get('/%E0%A4%A').expect(404)
    const reply = await supertest(service.url).put('/v1/decisions').expect(405)
    expect(reply.headers['allow']).toBe('POST, GET')
  })

  it('of the service say how it is', async () => {
    expect(await service.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await service.get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', tenants: { dev: [] } },
    })
    expect((await service.get('/openapi.json')).body['openapi']).toBe('3.1.0')
  })

  it('count decisions in metrics', async () => {
    const { permit } = await queriesByEffect(service.keys)
    await service.ask(permit)
    const { body } = await service.get('/metrics')
    expect(body['text']).toMatch(
      /countersign_decisions_total\{effect="permit",source="policy",phase="request"\} [1-9]/u,
    )
    expect(body['text']).toMatch(/countersign_log_entries\{tenant="dev"\} [1-9]/u)
  })
})
