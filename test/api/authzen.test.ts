import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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

const around = (query: Query, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  subject: { type: 'identity', id: 'alice' },
  action: { name: query.protocol.method },
  resource: { type: 'tool', id: query.capability.name },
  context: { countersign: query },
  ...change,
})
const evaluation = '/access/v1/evaluation'
const evaluations = '/access/v1/evaluations'

describe('an evaluation with the native query in its context', () => {
  it.each(['permit', 'deny', 'hold'] as const)(
    'gives the effect and the action digest of the native API: %s',
    async (effect) => {
      const native = await service.ask(queries[effect])
      const { status, body } = await service.post(evaluation, around(queries[effect]))
      const answer = (body['context'] as Record<string, unknown>)['countersign'] as DecisionAnswer
      expect(status).toBe(200)
      expect(body['decision']).toBe(effect === 'permit')
      expect(answer.effect).toBe(native.effect)
      expect(answer.binding.action_digest).toBe(native.binding.action_digest)
    },
  )

  it.each([
    ['subject', { subject: { type: 'identity', id: 'mallory' } }],
    ['action', { action: { name: 'resources/read' } }],
    ['resource', { resource: { type: 'tool', id: 'other' } }],
    ['type of resource', { resource: { type: 'file', id: 'status' } }],
    ['kind of resource', { resource: { type: 'tool', id: 'ops' } }],
  ])('denies when its %s contradicts it', async (_member, change) => {
    const { body } = await service.post(evaluation, around(queries.permit, change))
    expect(body['decision']).toBe(false)
    expect(JSON.stringify(body)).toContain('initiator.claim_mismatch')
  })

  it('refuses a native query that is not valid, by its pointer', async () => {
    const bad = around(queries.permit, {
      context: { countersign: { ...queries.permit, phase: 'x' } },
    })
    const { status, body } = await service.post(evaluation, bad)
    expect(status).toBe(400)
    expect(body['errors']).toMatchObject([{ pointer: '/context/countersign/phase' }])
  })
})

describe('a bare evaluation', () => {
  it('is denied by a policy that is not marked for it, and says no more', async () => {
    const bare = {
      subject: { type: 'user', id: 'a' },
      action: { name: 'read' },
      resource: { type: 'r', id: '1' },
    }
    const reply = await service.post(evaluation, bare, { 'x-request-id': 'r1' })
    expect(reply).toMatchObject({ status: 200, body: { decision: false } })
    expect(Object.keys(reply.body)).toEqual(['decision'])
    expect(reply.headers.get('x-decision-id')).toMatch(/^dec_/u)
    expect(reply.headers.get('x-request-id')).toBe('r1')
  })
})

describe('the protocol (Authorization API 1.0 and its certification scenario)', () => {
  const whole = {
    subject: { type: 'user', id: 'a' },
    action: { name: 'read' },
    resource: { type: 'r', id: '1' },
  }

  it.each([
    ['no subject', { ...whole, subject: undefined }],
    ['no action', { ...whole, action: undefined }],
    ['no resource', { ...whole, resource: undefined }],
    ['a subject without a type', { ...whole, subject: { id: 'a' } }],
    ['a subject that is a string', { ...whole, subject: 'alice' }],
    ['an action name that is a number', { ...whole, action: { name: 123 } }],
  ])('refuses %s with 400', async (_name, body) => {
    expect(await service.post(evaluation, body)).toMatchObject({ status: 400 })
  })

  it.each([
    ['broken JSON', '{'],
    ['an empty body', ''],
    ['a list', '[]'],
  ])('refuses %s with 400', async (_name, body) => {
    expect(await service.post(evaluation, body)).toMatchObject({ status: 400 })
  })

  it('refuses another media type with 400, takes a charset, and ignores unknown members', async () => {
    expect(await service.post(evaluation, whole, { 'content-type': 'text/plain' })).toMatchObject({
      status: 400,
    })
    const typed = await service.post(
      evaluation,
      { ...whole, extra: 1, page: {} },
      { 'content-type': 'application/json; charset=utf-8' },
    )
    expect(typed).toMatchObject({ status: 200, body: { decision: false } })
  })

  it('answers a batch in order, an entry that is not valid being false in its slot', async () => {
    const { body } = await service.post(evaluations, {
      ...around(queries.permit),
      resource: { type: 'tool', id: 'status' },
      evaluations: [{}, { resource: {} }, {}],
    })
    expect((body['evaluations'] as { decision: boolean }[]).map((slot) => slot.decision)).toEqual([
      true,
      false,
      true,
    ])
  })

  it('replaces whole entities by defaults and never merges into them', async () => {
    const { body } = await service.post(evaluations, {
      ...whole,
      resource: { type: 'r' },
      evaluations: [{ resource: { id: '1' } }],
    })
    expect(body).toMatchObject({
      evaluations: [{ decision: false, context: { error: { status: 400 } } }],
    })
  })

  it.each([
    ['deny_on_first_deny', ['permit', 'deny', 'permit'], [true, false]],
    ['permit_on_first_permit', ['deny', 'permit', 'deny'], [false, true]],
    ['execute_all', ['permit', 'deny', 'permit'], [true, false, true]],
  ] as const)('%s', async (semantic, effects, expected) => {
    const { body } = await service.post(evaluations, {
      options: { evaluations_semantic: semantic },
      evaluations: effects.map((effect) => around(queries[effect])),
    })
    expect((body['evaluations'] as { decision: boolean }[]).map((slot) => slot.decision)).toEqual(
      expected,
    )
  })

  it('refuses an unknown semantic with 400', async () => {
    const { status, body } = await service.post(evaluations, {
      ...whole,
      options: { evaluations_semantic: 'bogus' },
      evaluations: [{}],
    })
    expect(status).toBe(400)
    expect(body['errors']).toMatchObject([{ pointer: '/options/evaluations_semantic' }])
  })

  it.each([[{}], [{ evaluations: [] }]])(
    'answers like a single evaluation when there are none: %j',
    async (more) => {
      expect((await service.post(evaluations, { ...whole, ...more })).body).toEqual({
        decision: false,
      })
    },
  )

  it('describes itself', async () => {
    const { body } = await service.get('/.well-known/authzen-configuration')
    expect(body).toMatchObject({
      access_evaluation_endpoint: expect.stringMatching(/evaluation$/u) as unknown,
    })
    expect(Object.values(body).every((value) => typeof value === 'string' && value !== '')).toBe(
      true,
    )
  })

  it.each([evaluation, evaluations])('answers other methods on %s with 405', async (path) => {
    expect(await service.get(path)).toMatchObject({ status: 405 })
  })
})
