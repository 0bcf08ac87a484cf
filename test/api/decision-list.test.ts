/** `GET /v1/decisions` of a real service: in pages, from a time on, to whoever may read audit. */
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { DecisionList } from '../../service/contract/decision-list.ts'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'

let service: DevelopmentService
let queries: Record<'permit' | 'deny' | 'hold', Query>
beforeAll(async () => {
  service = await startDevelopmentService()
  queries = await queriesByEffect(service.keys)
})
afterAll(async () => {
  await service.stop()
})

async function list(parameters: string): Promise<DecisionList> {
  const { status, body } = await service.get(`/v1/decisions${parameters}`)
  expect(status).toBe(200)
  return body as DecisionList
}

async function all(): Promise<DecisionList['decisions']> {
  const decisions: DecisionList['decisions'] = []
  for (let next: string | null = '', from = ''; next !== null; from = `?after=${next ?? ''}`) {
    const page = await list(from)
    decisions.push(...page.decisions)
    next = page.next
  }
  return decisions
}

async function allIds(): Promise<readonly string[]> {
  return (await all()).map(({ decision_id: id }) => id)
}

describe('the list of decisions', () => {
  it('lists those that were asked for by what their answers said', async () => {
    for (const effect of ['permit', 'deny', 'hold'] as const) await service.ask(queries[effect])
    const denied = await service.ask(queries.deny)
    const code = denied.reasons[0]?.code ?? ''
    const [server, after] = [queries.deny.server.id, denied.log.index - 4]
    const asked = `?effect=deny&server=${server}&code=${code}&after=${after}`
    const { decisions, next } = await list(asked)
    expect(decisions.length).toBeGreaterThan(0)
    expect(decisions.every((one) => one.effect === 'deny' && one.codes.includes(code))).toBe(true)
    expect([decisions.at(-1)?.decision_id, next]).toEqual([denied.decision_id, null])
    expect((await list(`${asked}&until=2020-01-01T00:00:00Z`)).decisions).toEqual([])
    expect((await service.get('/v1/decisions?person=x')).status).toBe(400)
    expect((await service.get('/v1/decisions?until=today')).status).toBe(400)
  })

  it('says who asked for what, for which purpose and by which agent, and what was answered', async () => {
    for (const effect of ['permit', 'deny', 'hold'] as const) {
      const answer = await service.ask(queries[effect])
      const { decisions } = await list('')
      expect(decisions.at(-1)).toMatchObject({
        ...{ decision_id: answer.decision_id, index: answer.log.index, pep: development.pep },
        ...{ effect, judged_effect: effect, codes: answer.reasons.map(({ code }) => code) },
        server: queries[effect].server.id,
      })
    }
    const permitted = (await list('')).decisions.find(({ effect }) => effect === 'permit')
    expect(permitted).toMatchObject({
      purpose: { code: queries.permit.purpose?.code },
      agents: [
        {
          iss: development.identityIssuer,
          client_id: 'https://agent.dev.countersign.test/client.json',
        },
      ],
    })
  })

  it('is the whole log in bounded pages, also after a restart', async () => {
    const answers: DecisionAnswer[] = []
    for (let i = 0; i < 4; i += 1) {
      const { body } = await service.post('/v1/decisions/batch', {
        queries: Array.from({ length: 64 }, () => queries.deny),
      })
      answers.push(...(body['decisions'] as readonly DecisionAnswer[]))
    }
    // Queries of a batch come to the log as each is judged.
    answers.sort((a, b) => a.log.index - b.log.index)
    const asked = answers.map(({ decision_id: id }) => id)
    const first = await list('')
    expect(first.next).not.toBeNull()
    expect(first.decisions.length).toBeLessThanOrEqual(200)
    const ids = await allIds()
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => asked.includes(id))).toEqual(asked)
    service = await service.restart()
    expect((await allIds()).slice(0, ids.length)).toEqual(ids)
  })

  it('begins at a time', async () => {
    // The log counts seconds: what is asked in the next one is what the list begins with.
    await service.ask(queries.deny)
    await setTimeout(1100)
    await service.ask(queries.permit)
    const everything = await all()
    const at = everything.at(-1)?.at ?? ''
    const wanted = everything.filter((one) => one.at >= at)
    const { decisions } = await list(`?since=${at}`)
    expect(decisions.length).toBeGreaterThan(0)
    expect(decisions).toEqual(wanted.slice(0, decisions.length))
    expect(wanted.length).toBeLessThan(everything.length)
    expect(await list('?since=2999-01-01T00:00:00Z')).toMatchObject({ decisions: [], next: null })
  })

  it.each([
    ['a place that is no number', '?after=abc'],
    ['a negative place', '?after=-1'],
    ['a place in another notation', '?after=1e1'],
    ['an empty place', '?after='],
    ['a place that the log has not reached', '?after=100000000'],
    ['a place that no number holds', '?after=99999999999999999999'],
    ['a place twice', '?after=0&after=1'],
    ['a day for an instant', '?since=2026-10-31'],
    ['a date that does not exist', '?since=2026-02-30T00:00:00Z'],
    ['a parameter that there is not', '?before=1'],
    ['a name of every object', '?__proto__=1'],
  ])('refuses %s', async (_name, parameters) => {
    const { status, body } = await service.get(`/v1/decisions${parameters}`)
    expect([status, body['code']]).toEqual([400, 'invalid_request'])
    expect(body['detail']).toMatch(/\S/u)
  })

  it('is for whoever may read audit, and for nobody else', async () => {
    const asked = async (scope: string): Promise<number> => {
      const authorization = `Bearer ${await mintPepToken(service.keys, scope)}`
      return (await service.get('/v1/decisions', { authorization })).status
    }
    expect(await asked('pdp.audit.read')).toBe(200)
    expect(await asked('pdp.evaluate')).toBe(403)
    expect(await asked('pdp.evaluate pdp.policy.manage pdp.stop')).toBe(403)
    expect((await service.get('/v1/decisions', { authorization: 'Bearer x' })).status).toBe(401)
    expect((await fetch(`${service.url}/v1/decisions`)).status).toBe(401)
  })
})
