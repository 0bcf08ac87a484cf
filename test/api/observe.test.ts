/** A running service whose signed registry observes a server: what the gateway, the token, the log and the operator see. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { importJWK, jwtVerify, type JWK } from 'jose'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { DecisionLeaf } from '../../service/contract/leaf.ts'
import { answeredEffect, type Observation } from '../../service/contract/observation.ts'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { registryCopy, releasedBundles } from '../support/released-bundles.ts'
import { ruleOn } from '../../scripts/demo/pep/ruling.ts'

const now = Math.floor(Date.now() / 1000)
const entry: Observation = {
  ...{ scope: 'server', server: 'ops', id: 'first-week', owner: 'platform-team' },
  ...{ reason: 'rollout', not_before: now - 60, expires_at: now + 3600 },
}

let service: DevelopmentService
let queries: Awaited<ReturnType<typeof queriesByEffect>>

beforeAll(async () => {
  const { directory } = releasedBundles({ ...registryCopy(), observe: [entry] })
  service = await startDevelopmentService({ bundles: directory })
  queries = await queriesByEffect(service.keys)
})
afterAll(async () => {
  await service.stop()
})

async function claimsOf({ token }: DecisionAnswer): Promise<DecisionLeaf> {
  const { body } = await service.get('/.well-known/jwks.json')
  const { payload } = await jwtVerify(token, async ({ kid }) => {
    const key = (body['keys'] as JWK[]).find((one) => one.kid === kid)
    if (key === undefined) throw new Error('no published key signed it')
    return importJWK(key, 'ES256')
  })
  return payload as unknown as DecisionLeaf
}

describe('a denial and a hold of an observed server', () => {
  it.each(['deny', 'hold'] as const)(
    'is answered with permit and signed as judged: %s',
    async (effect) => {
      const answer = await service.ask(queries[effect])
      const claims = await claimsOf(answer)
      expect(answer).toMatchObject({
        effect: 'permit',
        observed: {
          judged_effect: effect,
          answered_effect: 'permit',
          by: [{ id: 'first-week', scope: 'server', owner: 'platform-team' }],
        },
        binding: { single_use: true },
        authority: { rules: [] },
        verdict_source: 'policy',
      })
      expect(answer.reasons.length).toBeGreaterThan(0)
      expect([answer.hold, answer.mcp]).toEqual([undefined, undefined])
      expect(claims.effect).toBe(effect)
      expect(claims.observed).toEqual(answer.observed)
      expect(claims.hold).toBeUndefined()
    },
  )

  it.each(['permit', 'deny', 'hold'] as const)(
    'is enforced alike by who reads the body and by who reads the token: %s',
    async (effect) => {
      const answer = await service.ask(queries[effect])
      const claims = await claimsOf(answer)
      expect(answeredEffect(claims)).toBe(answer.effect)
      expect(answeredEffect(answer)).toBe(answer.effect)
      expect(ruleOn(answer, {}, Date.now()).pass).toBe(true)
    },
  )

  it('is given back from the record as it was answered, and its outcome says both', async () => {
    const answer = await service.ask({ ...queries.deny, request_id: 'again' })
    expect(await service.ask({ ...queries.deny, request_id: 'again' })).toEqual(answer)
    const { body } = await service.get(`/v1/decisions/${answer.decision_id}`)
    expect(body).toMatchObject({ decision: answer, leaf: { effect: 'deny' } })
    const outcome = await service.post(`/v1/decisions/${answer.decision_id}/outcome`, {
      status: 'executed',
    })
    const said = JSON.parse(
      Buffer.from(String(outcome.body['token']).split('.')[1] ?? '', 'base64url').toString(),
    ) as unknown
    expect(said).toMatchObject({ event: { effect: 'deny', observed: answer.observed } })
  })

  it('is told to AuthZEN clients in the context', async () => {
    const { body } = await service.post('/access/v1/evaluation', {
      subject: { type: 'identity', id: 'alice' },
      action: { name: 'tools/call' },
      resource: { type: 'tool', id: queries.deny.capability.name },
      context: { countersign: queries.deny },
    })
    expect(body).toMatchObject({
      decision: true,
      context: { observed: { judged_effect: 'deny' }, countersign: { effect: 'permit' } },
    })
  })
})

describe('what is never observed', () => {
  const withoutProof = ({ server, ...query }: Query): Query => ({
    ...query,
    server: { id: server.id },
  })

  it('is a server that has not proven itself', async () => {
    const answer = await service.ask(withoutProof(queries.deny))
    expect(answer).toMatchObject({ effect: 'deny' })
    expect(answer.observed).toBeUndefined()
  })

  it('is broken evidence', async () => {
    const server = { ...queries.permit.server, proof: { jwt_svid: 'a.b.c' } }
    const answer = await service.ask({ ...queries.permit, server })
    expect(answer).toMatchObject({ effect: 'deny', verdict_source: 'gap' })
    expect(answer.observed).toBeUndefined()
  })

  it('is what an operator has stopped, retries of what was observed before too', async () => {
    const retried = { ...queries.deny, request_id: 'before the stop' }
    expect(await service.ask(retried)).toMatchObject({ effect: 'permit' })
    const scope = { kind: 'server', server: 'ops' }
    const { body } = await service.post('/v1/stops', { scope, reason: 'an incident' })
    expect((await service.post('/v1/decisions', retried)).status).toBe(409)
    for (const query of [queries.deny, queries.hold, queries.permit]) {
      const answer = await service.ask(query)
      expect(answer).toMatchObject({ effect: 'deny', reasons: [{ code: 'stop.server' }] })
      expect(answer.observed).toBeUndefined()
      expect(answeredEffect(await claimsOf(answer))).toBe('deny')
    }
    await service.post(`/v1/stops/${String(body['id'])}/lift`, { reason: 'it is over' })
    expect((await service.ask(retried)).effect).toBe('permit')
  })

  it('is another server', async () => {
    const answer = await service.ask({ ...queries.deny, server: { id: 'mail' } })
    expect(answer).toMatchObject({ effect: 'deny' })
    expect(answer.observed).toBeUndefined()
  })

  it('is what policy permits', async () => {
    const answer = await service.ask(queries.permit)
    expect(answer).toMatchObject({ effect: 'permit' })
    expect(answer.observed).toBeUndefined()
  })
})

describe('an operator', () => {
  it('sees that it is on, and for whom', async () => {
    expect(await service.get('/readyz')).toMatchObject({
      status: 200,
      body: {
        notices: { dev: [expect.stringMatching(/first-week is on for server ops.*permit/u)] },
      },
    })
    expect((await service.get('/v1/policy')).body).toMatchObject({ observing: [entry] })
    const { body } = await service.get('/metrics')
    expect(body['text']).toMatch(/^countersign_observe_entries\{tenant="dev"\} 1$/mu)
    expect(body['text']).toMatch(
      /^countersign_observed_decisions_total\{tenant="dev",effect="deny",entry="first-week"\} [1-9]/mu,
    )
  })

  it('sees that it is off by default', async () => {
    const plain = await startDevelopmentService()
    const { body } = await plain.get('/metrics')
    expect(body['text']).toMatch(/^countersign_observe_entries\{tenant="dev"\} 0$/mu)
    expect((await plain.get('/readyz')).body['notices']).toEqual({ dev: [] })
    expect((await plain.ask(queries.deny)).observed).toBeUndefined()
    await plain.stop()
  })
})

describe('an explanation of what is observed', () => {
  it.each(['deny', 'hold'] as const)(
    'says what was judged, and what is answered: %s',
    async (effect) => {
      const told = { effect, observed: { answered_effect: 'permit', by: [{ id: 'first-week' }] } }
      const { decision_id: id } = await service.ask(queries[effect])
      const asked = await service.post('/v1/explanations', queries[effect])
      expect(asked.body).toMatchObject(told)
      const recorded = await service.get(`/v1/decisions/${id}/explanation`)
      expect(recorded.body).toMatchObject({ ...told, recorded: { effect } })
    },
  )
})
