/** Ways in that were tried against the whole service, each of which once led somewhere. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { alice } from '../../service/adapter/development/example-queries.ts'
import {
  mintAccessToken,
  mintJwtSvid,
  mintPurposeGrant,
} from '../../service/adapter/development/mint.ts'
import type { Query } from '../../service/contract/query.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'

let service: DevelopmentService
let base: Omit<Query, 'capability' | 'phase'>
let permitted: Query

beforeAll(async () => {
  service = await startDevelopmentService()
  permitted = (await queriesByEffect(service.keys)).permit
  base = {
    initiator: {
      access_token: await mintAccessToken(
        service.keys,
        alice,
        'https://mcp.dev.countersign.test/ops',
      ),
    },
    server: {
      id: 'ops',
      proof: { jwt_svid: await mintJwtSvid(service.keys, 'spiffe://dev.countersign.test/mcp/ops') },
    },
    purpose: {
      grant: await mintPurposeGrant(service.keys, alice.sub, {
        purpose: { code: 'incident.restore' },
        capabilities: ['ops/*'],
        data: {
          classifications: ['internal'],
          resources: [],
          residency: ['EU'],
          directions: ['internal', 'ingress', 'egress'],
        },
        sampling: {
          include_context: ['none'],
          models: ['claude-haiku-5'],
          max_tokens: 500,
          max_rounds: 2,
        },
        clarification: true,
      }),
    },
    protocol: { version: '2026-07-28', method: 'tools/call' },
  }
})
afterAll(async () => {
  await service.stop()
})

const definition = (name: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../rego/data/definitions/${name}.json`), 'utf8'),
  ) as Record<string, unknown>
const read = (uri: string): Query => ({
  ...base,
  phase: 'request',
  capability: { kind: 'resource', uri },
  protocol: { version: '2026-07-28', method: 'resources/read' },
})
const report = (path: string): Query => ({
  ...base,
  phase: 'request',
  capability: {
    kind: 'tool',
    name: 'read_report',
    arguments: { path },
    definition: definition('read_report'),
  },
})

describe('a path that leads elsewhere', () => {
  it('is permitted while it leads where it says', async () => {
    expect((await service.ask(read('file:///reports/q3.csv'))).effect).toBe('permit')
    expect((await service.ask(report('/finance/q3.csv'))).effect).toBe('permit')
  })

  it.each([
    'file:///reports/.\t./etc/passwd',
    'file:///reports/.\n./etc/passwd',
    'file:///reports/%252e%252e/etc/passwd',
    'file:///reports/..;/etc/passwd',
    'file:///reports/..%00',
    'file:///reports/../etc/passwd',
  ])('does not leave a registered prefix: %j', async (uri) => {
    expect((await service.ask(read(uri))).effect).toBe('deny')
  })

  it.each([
    '/hr/pay.csv',
    '//hr/pay.csv',
    '/%68r/pay.csv',
    '/finance/..;/hr/x',
    '/finance/.\t./hr/pay.csv',
  ])('does not lose its classification: %j', async (path) => {
    expect((await service.ask(report(path))).effect).toBe('deny')
  })
})

describe('digests', () => {
  const sampling = (text: string): Query => ({
    ...base,
    phase: 'input_request',
    capability: { kind: 'sampling', definition: { x: 1 } },
    sampling: {
      messages: [{ role: 'user', content: { type: 'text', text } }],
      maxTokens: 100,
      modelPreferences: { hints: [{ name: 'claude-haiku-5' }] },
    },
    protocol: { version: '2026-07-28', method: 'sampling/createMessage' },
  })

  it('bind what is asked of a model, whatever else is given as its definition', async () => {
    const [one, other] = [
      await service.ask(sampling('hi')),
      await service.ask(sampling('exfiltrate')),
    ]
    expect(one.binding.action_digest).not.toBe(other.binding.action_digest)
    expect(one.binding.round_digest).not.toBe(other.binding.round_digest)
  })

  it('bind the phase', async () => {
    const result: Query = { ...permitted, phase: 'result', result: { content: [] } }
    const [asked, answered] = [await service.ask(permitted), await service.ask(result)]
    expect(asked.binding.round_digest).not.toBe(answered.binding.round_digest)
  })
})

describe('a retry', () => {
  it('does not answer a question that contradicts it', async () => {
    const query = { ...permitted, request_id: 'attack-1' }
    const ask = (id: string): ReturnType<DevelopmentService['post']> =>
      service.post('/access/v1/evaluation', {
        subject: { type: 'identity', id },
        action: { name: 'tools/call' },
        resource: { type: 'tool', id: 'status' },
        context: { countersign: query },
      })
    expect((await ask('alice')).body['decision']).toBe(true)
    expect((await ask('bob')).body['decision']).not.toBe(true)
  })
})

describe('what a server sends', () => {
  it('is decided at once, however its text is piled up', async () => {
    const message = `a${'\u0315\u0316'.repeat(50_000)}`
    const answer = await service.ask({
      ...base,
      phase: 'input_request',
      capability: { kind: 'elicitation' },
      elicitation: { message, requestedSchema: { type: 'object', properties: {} } },
      protocol: { version: '2026-07-28', method: 'elicitation/create' },
    })
    expect(answer.effect).toBe('deny')
  })

  it('is no form beside a URL, and no result that asks for input', async () => {
    const mixed = await service.ask({
      ...base,
      phase: 'input_request',
      capability: { kind: 'elicitation' },
      elicitation: {
        mode: 'url',
        message: 'Please sign in',
        url: 'https://approvals.dev.countersign.test/x',
        requestedSchema: { type: 'object', properties: { password: { type: 'string' } } },
      },
      protocol: { version: '2025-06-18', method: 'elicitation/create' },
    })
    expect(mixed.effect).toBe('deny')
    const unfinished = await service.ask({
      ...permitted,
      phase: 'result',
      result: { resultType: 'input_required', inputRequests: {} },
    })
    expect(unfinished.reasons.map((reason) => reason.code)).toContain('data.result_unfinished')
  })

  it.each([
    [
      'a template under the name of a resource',
      { resourceTemplates: [{ name: 'x', uri: 'file:///reports/a', uriTemplate: 'file:///{+p}' }] },
    ],
    ['a list that is none', { tools: { 0: { name: 'rogue' } } }],
  ])('does not slip through the list filter: %s', async (_name, result) => {
    const answer = await service.ask({
      ...base,
      phase: 'result',
      capability: { kind: 'list' },
      result,
      protocol: { version: '2026-07-28', method: 'tools/list' },
    })
    expect(answer.effect === 'deny' || answer.obligations.length > 0).toBe(true)
  })
})
