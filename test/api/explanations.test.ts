/** Explanations say what decisions say, leave no trace, and can be taken for none. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import type { Explanation } from '../../service/contract/explanation.ts'
import type { Query } from '../../service/contract/query.ts'
import type { RecordedDecision } from '../../service/flow/answer.ts'
import { explainDecision } from '../../service/flow/explain.ts'
import { KeptPolicies } from '../../service/flow/kept-policies.ts'
import type { PolicyLife } from '../../service/flow/policy-life.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
  type Reply,
} from '../support/development-service.ts'
import { registryWithout, releasedBundles } from '../support/released-bundles.ts'

const release = releasedBundles()
let service: DevelopmentService
let queries: Record<'permit' | 'deny' | 'hold', Query>

beforeAll(async () => {
  service = await startDevelopmentService({ bundles: release.directory })
  queries = await queriesByEffect(service.keys)
})
afterAll(() => service.stop())

async function explain(query: Query): Promise<Explanation> {
  const { status, body } = await service.post('/v1/explanations', query)
  expect(status).toBe(200)
  return body as Explanation
}

const as = async (scope: string) => ({
  authorization: `Bearer ${await mintPepToken(service.keys, scope)}`,
})

describe('a query that is asked only to be explained', () => {
  it.each(['permit', 'deny', 'hold'] as const)(
    '%s: the effect and the codes of the decision',
    async (effect) => {
      const query = queries[effect]
      const decision = await service.ask(query)
      const explanation = await explain(query)
      expect(explanation).toMatchObject({
        effect,
        source: 'policy',
        policy: decision.binding.policy,
      })
      const codes = explanation.findings.map(({ code }) => code)
      expect(codes).toEqual(decision.reasons.map(({ code }) => code))
      for (const { file, lines, reads, remediation } of explanation.findings) {
        expect(file).toMatch(/\.rego$/u)
        expect([lines?.length, reads?.length].includes(0)).toBe(false)
        expect(remediation).not.toBe('')
      }
      expect(
        explanation.grounds.map(({ rule }) => rule).slice(0, decision.authority.rules.length),
      ).toEqual(decision.authority.rules)
    },
  )

  it('shows the values of the facts that its rules read', async () => {
    const { facts, findings } = await explain(queries.deny)
    const read = findings.flatMap(({ reads = [] }) => reads)
    expect(read).toContain('question/server_id')
    expect(facts['question/server_id']).toBe('ops')
  })

  it('leaves no entry in the log, and has nothing that a gateway could act on', async () => {
    const before = await service.ask(queries.deny)
    const explanation = await explain(queries.permit)
    const after = await service.ask(queries.deny)
    expect(after.log.index).toBe(before.log.index + 1)
    for (const member of ['token', 'decision_id', 'binding', 'log', 'mcp'])
      expect(explanation).not.toHaveProperty(member)
  })

  it('with broken evidence says which, and that policy was not asked', async () => {
    const broken = { ...queries.permit, initiator: { access_token: 'a.b.c' } }
    expect(await explain(broken)).toMatchObject({
      effect: 'deny',
      source: 'gap',
      findings: [],
      gaps: [{ code: 'initiator.malformed' }],
    })
  })

  it('is refused like any query when it is not one, and without the scope', async () => {
    expect((await service.post('/v1/explanations', { phase: 'request' })).status).toBe(400)
    const post = async (scope: string): Promise<Reply> =>
      service.post('/v1/explanations', queries.permit, await as(scope))
    expect(await post('pdp.evaluate pdp.audit.read')).toMatchObject({ status: 403 })
    expect(await post('pdp.policy.manage')).toMatchObject({ status: 200 })
  })
})

describe('a decision of the log', () => {
  const of = (id: string, headers = {}): Promise<Reply> =>
    service.get(`/v1/decisions/${id}/explanation`, headers)

  it.each(['permit', 'deny', 'hold'] as const)(
    '%s is judged again, and is the same',
    async (effect) => {
      const decision = await service.ask(queries[effect])
      const { status, body } = await of(decision.decision_id)
      expect(status).toBe(200)
      const reasons = decision.reasons.map(({ code }) => code)
      expect(body).toMatchObject({
        effect,
        recorded: { decision_id: decision.decision_id, effect, reasons },
      })
      expect((body as Explanation).findings.map(({ code }) => code)).toEqual(reasons)
    },
  )

  it('that broken evidence denied is explained by its record', async () => {
    const { decision_id: id } = await service.ask({
      ...queries.permit,
      initiator: { access_token: 'a.b.c' },
    })
    expect((await of(id)).body).toMatchObject({
      effect: 'deny',
      source: 'gap',
      gaps: [{ code: 'initiator.malformed' }],
    })
  })

  it('may be read by who may read audit, and by the gateway that asked; another scope may read none', async () => {
    const { decision_id: id } = await service.ask(queries.deny)
    expect((await of(id, await as('pdp.audit.read'))).status).toBe(200)
    expect((await of(id, await as('pdp.evaluate'))).status).toBe(200)
    expect((await of(id, await as('pdp.policy.manage'))).status).toBe(403)
    expect((await of('dec_0193b3f0-7c1e-7000-8000-00000000ffff')).status).toBe(404)
  })

  it('is judged by the bundles that decided, when others have come since', async () => {
    const before = await service.ask(queries.permit)
    release.release(registryWithout('tool:status'), 11)
    for (let i = 0; i < 2000 && (await service.ask(queries.permit)).effect === 'permit'; i += 1)
      await pause(50)
    expect(await explain(queries.permit)).toMatchObject({ effect: 'deny' })
    const answers = await Promise.all([of(before.decision_id), of(before.decision_id)])
    for (const { body } of answers)
      expect(body).toMatchObject({
        effect: 'permit',
        policy: before.binding.policy,
        recorded: { effect: 'permit' },
      })
  })
})

describe('what can no longer be judged again is not found', () => {
  it('a decision whose bundles are no longer kept', async () => {
    const own = releasedBundles()
    const small = await startDevelopmentService({ bundles: own.directory, keep: 1 })
    try {
      const { permit } = await queriesByEffect(small.keys)
      const { decision_id: id } = await small.ask(permit)
      own.release(registryWithout('tool:status'), 11)
      for (let i = 0; i < 2000 && (await small.ask(permit)).effect === 'permit'; i += 1)
        await pause(50)
      const { status, body } = await small.get(`/v1/decisions/${id}/explanation`)
      expect(status).toBe(404)
      expect(body['detail']).toMatch(/no longer kept/u)
    } finally {
      await small.stop()
    }
  })

  it('a decision whose input was erased', async () => {
    const erased = { disclosed: null, ended: ['other'] as readonly string[] } as RecordedDecision
    const keptPolicies = new KeptPolicies(Object.create(null) as PolicyLife)
    await expect(explainDecision(erased, keptPolicies)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
