import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'

let service: DevelopmentService
let queries: Awaited<ReturnType<typeof queriesByEffect>>

beforeAll(async () => {
  service = await startDevelopmentService()
  queries = await queriesByEffect(service.keys)
})
afterAll(async () => {
  await service.stop()
})

const verified = async (answer: DecisionAnswer): Promise<Record<string, unknown>> => {
  const { body } = await service.get('/.well-known/jwks.json')
  const keys = createLocalJWKSet(body as unknown as JSONWebKeySet)
  const { payload, protectedHeader } = await compactVerify(answer.token, keys)
  expect(protectedHeader.typ).toBe('decision+jwt')
  return JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
}

describe('a query', () => {
  it.each(['permit', 'deny', 'hold'] as const)(
    'of the banner answers %s, signed',
    async (effect) => {
      const answer = await service.ask(queries[effect])
      expect(answer).toMatchObject({ effect, verdict_source: 'policy' })
      expect(await verified(answer)).toMatchObject({
        effect,
        jti: answer.decision_id,
        index: answer.log.index,
        binding: answer.binding,
        iss: answer.log.origin,
      })
    },
  )

  it('that is permitted names its authority', async () => {
    const answer = await service.ask(queries.permit)
    expect(answer.authority.rules.length).toBeGreaterThan(0)
    expect(answer.authority.policy?.digest).toMatch(/^sha256:/u)
  })

  it('that is held says who must approve, until when, and what to tell the client', async () => {
    const answer = await service.ask(queries.hold)
    expect(answer.hold?.kind).toBe('approval')
    expect(answer.hold?.quorum).toBeGreaterThan(0)
    expect(answer.hold?.id).toMatch(/^apr_/u)
    expect(answer.mcp?.error).toMatchObject({ code: -32001 })
  })

  it('has the same action digest each time, and another when an argument changes', async () => {
    const [first, second] = [await service.ask(queries.permit), await service.ask(queries.permit)]
    expect(first.binding.action_digest).toBe(second.binding.action_digest)
    const capability = { ...queries.permit.capability, arguments: { service: 'web' } }
    const other = await service.ask({ ...queries.permit, capability })
    expect(other.binding.action_digest).not.toBe(first.binding.action_digest)
  })
})

describe('broken evidence is a signed denial with its own reason', () => {
  const tampered = (token: string): string => `${token.slice(0, -6)}AAAAAA`

  it.each([
    [
      'initiator.bad_signature',
      (q: Query) => ({
        ...q,
        initiator: { access_token: tampered(q.initiator?.access_token ?? '') },
      }),
    ],
    [
      'server.bad_signature',
      (q: Query) => ({
        ...q,
        server: { ...q.server, proof: { jwt_svid: tampered(q.server.proof?.jwt_svid ?? '') } },
      }),
    ],
    [
      'grant.bad_signature',
      (q: Query) => ({ ...q, purpose: { grant: tampered(q.purpose?.grant ?? '') } }),
    ],
    [
      'server.wrong_type',
      (q: Query) => ({
        ...q,
        server: { ...q.server, proof: { jwt_svid: q.initiator?.access_token ?? '' } },
      }),
    ],
    [
      'initiator.wrong_type',
      (q: Query) => ({ ...q, initiator: { access_token: q.purpose?.grant ?? '' } }),
    ],
    ['initiator.malformed', (q: Query) => ({ ...q, initiator: { access_token: 'not a token' } })],
    ['grant.claim_mismatch', (q: Query) => ({ ...q, purpose: { ...q.purpose, code: 'other' } })],
    ['initiator.server_unknown', (q: Query) => ({ ...q, server: { ...q.server, id: 'nobody' } })],
  ])('%s', async (code, change) => {
    const answer = await service.ask(change(queries.permit))
    expect(answer).toMatchObject({ effect: 'deny', verdict_source: 'gap' })
    expect(answer.reasons.map((reason) => reason.code)).toContain(code)
    await verified(answer)
  })

  it.each([
    ['initiator', (q: Query) => ({ ...q, initiator: {} })],
    ['server', (q: Query) => ({ ...q, server: { id: q.server.id } })],
    ['purpose', (q: Query) => ({ ...q, purpose: {} })],
  ])('a query without %s is denied by policy', async (_slot, change) => {
    expect(await service.ask(change(queries.permit))).toMatchObject({
      effect: 'deny',
      verdict_source: 'policy',
    })
  })
})

describe('idempotency', () => {
  it('answers a retry from the record, and refuses the same id for another question', async () => {
    const query = { ...queries.permit, request_id: 'r-1' }
    const first = await service.ask(query)
    expect(await service.ask(query)).toEqual(first)
    const other = { ...query, capability: { ...query.capability, arguments: { service: 'web' } } }
    expect(await service.post('/v1/decisions', other)).toMatchObject({
      status: 409,
      body: { code: 'request_id_reused' },
    })
  })

  it('gives one record to a hundred retries at once', async () => {
    const query = { ...queries.permit, request_id: 'r-many' }
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.ask(query)))
    expect(new Set(answers.map((answer) => answer.decision_id)).size).toBe(1)
  })
})

describe('a batch', () => {
  it('has one answer and one entry for each query', async () => {
    const { status, body } = await service.post('/v1/decisions/batch', {
      queries: [queries.permit, queries.deny, queries.hold],
    })
    const decisions = body['decisions'] as DecisionAnswer[]
    expect(status).toBe(200)
    expect(decisions.map((decision) => decision.effect)).toEqual(['permit', 'deny', 'hold'])
    expect(new Set(decisions.map((decision) => decision.log.index)).size).toBe(3)
  })
})

describe('a record', () => {
  it('is given back, the same after a restart', async () => {
    const answer = await service.ask(queries.hold)
    const before = await service.get(`/v1/decisions/${answer.decision_id}`)
    expect(before.body['decision']).toEqual(answer)
    service = await service.restart()
    const after = await service.get(`/v1/decisions/${answer.decision_id}`)
    expect(after.body).toEqual(before.body)
  })

  it('is not found under an id of nobody', async () => {
    expect(await service.get('/v1/decisions/dec_none')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
  })

  it('takes one outcome: the same again is the same receipt, another is refused', async () => {
    const { decision_id: id, workflow } = await service.ask(queries.permit)
    const path = `/v1/decisions/${id}/outcome`
    const first = await service.post(path, { status: 'executed', is_error: false })
    expect(first).toMatchObject({ status: 200, body: { decision_id: id } })
    expect((await service.post(path, { status: 'executed', is_error: false })).body).toEqual(
      first.body,
    )
    expect(await service.post(path, { status: 'failed' })).toMatchObject({
      status: 409,
      body: { code: 'outcome_conflict' },
    })
    const next = await service.ask({ ...queries.permit, workflow: { id: workflow.id } })
    const { body } = await service.get(`/v1/decisions/${next.decision_id}`)
    expect(body['leaf']).toMatchObject({ workflow: { id: workflow.id, seq: 2 } })
  })
})
