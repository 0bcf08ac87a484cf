/** Kill switches and security events at a real service: in force for the next question, and after a restart. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { JWTPayload } from 'jose'
import type { Query } from '../../service/contract/query.ts'
import type { StopScope } from '../../service/contract/stop.ts'
import { mintAccessToken } from '../../service/adapter/development/mint.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { pushEvent, sessionRevoked, signEvent } from '../support/security-event.ts'

const agent = 'https://agent.dev.countersign.test/client.json'
let service: DevelopmentService
let permitted: Query

beforeAll(async () => {
  service = await startDevelopmentService()
  permitted = (await queriesByEffect(service.keys)).permit
})
afterAll(async () => {
  await service.stop()
})

async function codes(query: Query): Promise<readonly string[]> {
  const { effect, reasons } = await service.ask(query)
  return [effect, ...reasons.map(({ code }) => code)]
}

async function stop(scope: StopScope, reason = 'an incident'): Promise<string> {
  const { status, body } = await service.post('/v1/stops', { scope, reason })
  expect(status).toBe(200)
  return String(body['id'])
}

const lift = (id: string) => service.post(`/v1/stops/${id}/lift`, { reason: 'it is over' })

describe('a kill switch', () => {
  it.each<StopScope>([
    { kind: 'tenant' },
    { kind: 'server', server: 'ops' },
    { kind: 'agent', client_id: agent },
    { kind: 'initiator', iss: development.identityIssuer, sub: 'alice' },
    { kind: 'capability', server: 'ops', capability: 'tool:status' },
  ])('%j denies the next question, through a restart, until it is lifted', async (scope) => {
    expect(await codes(permitted)).toEqual(['permit'])
    const id = await stop(scope)
    expect(await codes(permitted)).toEqual(['deny', `stop.${scope.kind}`])
    service = await service.restart()
    expect(await codes(permitted)).toEqual(['deny', `stop.${scope.kind}`])
    expect((await lift(id)).status).toBe(200)
    expect(await codes(permitted)).toEqual(['permit'])
  })

  it.each<StopScope>([
    { kind: 'server', server: 'crm' },
    { kind: 'agent', client_id: 'another' },
    { kind: 'initiator', iss: development.identityIssuer, sub: 'bob' },
    { kind: 'initiator', iss: 'https://another.example', sub: 'alice' },
    { kind: 'capability', server: 'crm', capability: 'tool:status' },
    { kind: 'capability', server: 'ops', capability: 'tool:statu' },
  ])('%j stops nobody else', async (scope) => {
    const id = await stop(scope)
    expect(await codes(permitted)).toEqual(['permit'])
    await lift(id)
  })

  it('answers no retry with what was permitted before it, through a restart', async () => {
    const retried = { ...permitted, request_id: 'before the stop' }
    const { decision_id: before } = await service.ask(retried)
    expect((await service.ask(retried)).decision_id).toBe(before)
    const id = await stop({ kind: 'tenant' })
    const refused = { status: 409, body: { code: 'request_id_reused' } }
    expect(await service.post('/v1/decisions', retried)).toMatchObject(refused)
    service = await service.restart()
    expect(await service.post('/v1/decisions', retried)).toMatchObject(refused)
    await lift(id)
    const after = await service.ask(retried)
    expect([after.effect, after.decision_id === before]).toEqual(['permit', false])
  })

  it('meets an agent that stands further back in the chain', async () => {
    const person = { sub: 'alice', groups: ['staff', 'sre'], client: agent }
    const act = { iss: development.identityIssuer, sub: 'sub-agent' }
    const audience = audienceOf(permitted)
    const token = await mintAccessToken(service.keys, person, audience, { act })
    const id = await stop({ kind: 'agent', client_id: 'sub-agent' })
    expect(await codes({ ...permitted, initiator: { access_token: token } })).toContain(
      'stop.agent',
    )
    await lift(id)
  })

  it('of a person names nobody in the log or in the list', async () => {
    const id = await stop({ kind: 'initiator', iss: development.identityIssuer, sub: 'carol' })
    const { body } = await service.get('/v1/stops')
    expect(JSON.stringify(body)).not.toContain('carol')
    expect(body['stops']).toMatchObject([
      {
        id,
        by: 'dev-gateway',
        reason: 'an incident',
        scope: { subject: expect.stringMatching(/^hmac:/u) },
      },
    ])
    await lift(id)
  })

  it('is not set without a reason, nor for what nobody knows, and lifted once', async () => {
    const scope = { kind: 'tenant' }
    expect((await service.post('/v1/stops', { scope })).status).toBe(400)
    expect(
      (await service.post('/v1/stops', { scope: { kind: 'world' }, reason: 'x' })).status,
    ).toBe(400)
    expect(
      (await service.post('/v1/stops', { scope: { kind: 'tenant', id: 'beta' }, reason: 'x' }))
        .status,
    ).toBe(400)
    expect((await lift('evt_unknown')).status).toBe(404)
    expect(await codes(permitted)).toEqual(['permit'])
  })

  it('set while a question is judged denies it, or it was answered before', async () => {
    const asked = Array.from({ length: 50 }, () => service.ask(permitted))
    const id = await stop({ kind: 'tenant' })
    const { body } = await service.get('/v1/stops')
    const answers = await Promise.all(asked)
    const index = (await service.ask(permitted)).log.index
    expect((body['stops'] as unknown[]).length).toBe(1)
    expect(answers.every(({ effect, log }) => effect === 'deny' || log.index < index)).toBe(true)
    await lift(id)
  })
})

describe('a security event', () => {
  const now = (): number => Math.floor(Date.now() / 1000)
  const claims = sessionRevoked
  const sign = (payload: JWTPayload, header?: object) => signEvent(service.keys, payload, header)
  const push = (token: string, type?: string) => pushEvent(service, token, type)

  it('voids what was issued before, through a restart, and nothing that is issued after', async () => {
    const person = { sub: 'dave', groups: ['staff', 'sre'], client: agent }
    const audience = audienceOf(permitted)
    const times = { iat: now() - 5, exp: now() + 600 }
    const early = await mintAccessToken(service.keys, person, audience, times)
    const query = { ...permitted, initiator: { access_token: early } }
    expect(await codes(query)).not.toContain('initiator.revoked')
    expect((await push(await sign({ ...claims('dave'), iat: now() - 1 }))).status).toBe(202)
    expect(await codes(query)).toContain('initiator.revoked')
    service = await service.restart()
    expect(await codes(query)).toContain('initiator.revoked')
    const late = await mintAccessToken(service.keys, person, audience)
    expect(await codes({ ...query, initiator: { access_token: late } })).not.toContain(
      'initiator.revoked',
    )
    expect(await codes(permitted)).toEqual(['permit'])
  })

  it('twice is one, and another of the same name is refused', async () => {
    const payload = claims('erin')
    expect((await push(await sign(payload))).status).toBe(202)
    expect((await push(await sign(payload))).status).toBe(400)
    const token = await sign({ ...payload, jti: 'once' })
    expect([(await push(token)).status, (await push(token)).status]).toEqual([202, 202])
  })

  it.each([
    ['no event', () => Promise.resolve('x.y.z'), 'invalid_audience'],
    [
      'another tenant',
      () => sign({ ...claims('x'), aud: 'https://other.example' }),
      'invalid_audience',
    ],
    [
      'an unknown issuer',
      () => sign({ ...claims('x'), iss: 'https://evil.example' }),
      'invalid_issuer',
    ],
    [
      'the subject of another issuer',
      () =>
        sign({
          ...claims('x'),
          sub_id: { format: 'iss_sub', iss: 'https://other.example', sub: 'x' },
        }),
      'invalid_issuer',
    ],
    ['an unknown key', () => sign(claims('x'), { kid: 'other' }), 'invalid_key'],
    [
      'a changed signature',
      async () => `${(await sign(claims('x'))).slice(0, -8)}AAAAAAAA`,
      'authentication_failed',
    ],
    ['an access token', () => sign(claims('x'), { typ: 'at+jwt' }), 'invalid_request'],
    [
      'an e-mail address',
      () => sign({ ...claims('x'), sub_id: { format: 'email', email: 'a@b' } }),
      'invalid_request',
    ],
  ])('of %s is refused', async (_name, token, err) => {
    const { status, body } = await push(await token())
    expect([status, body['err']]).toEqual([400, err])
  })

  it('has its own media type', async () => {
    expect((await push(await sign(claims('x')), 'application/json')).status).toBe(415)
  })
})

function audienceOf(query: Query): string {
  const payload = Buffer.from(query.initiator?.access_token?.split('.')[1] ?? '', 'base64url')
  return (JSON.parse(payload.toString()) as { aud: string }).aud
}
