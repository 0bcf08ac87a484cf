/** What was held, answered by people and used once: at a real service, through a restart. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ApprovalStatement, ApprovalView } from '../../service/contract/approval.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { answer } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
  type Reply,
} from '../support/development-service.ts'

let service: DevelopmentService
let held: Query
let moment = Date.now()
let replicas = 0

beforeAll(async () => {
  service = await startDevelopmentService({
    clock: { now: () => Math.max(moment, Date.now()), uuid: () => crypto.randomUUID() },
  })
  held = (await queriesByEffect(service.keys)).hold
})
afterAll(async () => {
  await service.stop()
})
/** Each test has an action of its own. */
beforeEach(() => {
  replicas += 1
  held = { ...held, capability: { ...held.capability, arguments: { env: 'prod', replicas } } }
})

async function hold(query: Query = held): Promise<string> {
  const { effect, hold: asked } = await service.ask(query)
  expect([effect, asked?.kind]).toEqual(['hold', 'approval'])
  return asked?.id ?? ''
}

async function shown(
  id: string,
): Promise<{ approval: ApprovalView; statement: ApprovalStatement }> {
  const { status, body } = await service.get(`/v1/approvals/${id}`)
  expect(status).toBe(200)
  return body as { approval: ApprovalView; statement: ApprovalStatement }
}

/** Of those that ask while one of them uses it up. */
const codesAtOnce = ['approval.used', 'approval.meanwhile', 'capability.approval_required']

const outcome = ({ effect, reasons }: DecisionAnswer): unknown => [
  effect,
  ...reasons.map(({ code }) => code),
]

describe('an approval', () => {
  it('permits the same question once, and says by whom', async () => {
    const id = await hold()
    expect((await shown(id)).statement).toMatchObject({
      approval_id: id,
      initiator: { sub: 'alice' },
      server: { id: 'ops', grade: 'bearer' },
      question: { name: 'deploy', arguments: { env: 'prod', replicas } },
      purpose: { code: 'incident.restore' },
      reasons: [{ code: 'capability.approval_required' }],
      ...{ group: 'release-managers', quorum: 1 },
    })
    const { status, body } = await answer(service, id, 'rita', { comment: 'in the window' })
    expect([status, body['approval']]).toMatchObject([200, { status: 'approved' }])
    const permit = await service.ask(held)
    expect(outcome(permit)).toEqual(['permit'])
    const { body: record } = await service.get(`/v1/decisions/${permit.decision_id}`)
    expect(record['leaf']).toMatchObject({ approval: { id, votes: [body['vote_id']] } })
    expect((await shown(id)).approval).toMatchObject({
      status: 'used',
      used_by: permit.decision_id,
      votes: [{ verdict: 'approve', assurance: 'signed_in' }],
    })
    const next = await hold()
    expect(next).not.toBe(id)
  })

  it('is used once by a hundred at once', async () => {
    const id = await hold()
    await answer(service, id, 'rita')
    const all = await Promise.all(Array.from({ length: 100 }, () => service.ask(held)))
    const effects = all.map(({ effect }) => effect)
    expect(effects.filter((effect) => effect === 'permit')).toHaveLength(1)
    const codes = new Set(all.flatMap(({ reasons }) => reasons.map(({ code }) => code)))
    for (const code of codes) expect(codesAtOnce).toContain(code)
  })

  it('answers a retry with the permit that used it', async () => {
    const once = { ...held, request_id: `request-${String(replicas)}` }
    const id = await hold(once)
    expect(await hold(once)).toBe(id)
    await answer(service, id, 'rita')
    const permit = await service.ask(once)
    expect(outcome(permit)).toEqual(['permit'])
    await answer(service, await hold({ ...held, request_id: 'another' }), 'rita')
    expect((await service.ask(once)).decision_id).toBe(permit.decision_id)
  })

  it('is of the very action: other arguments wait for their own', async () => {
    await answer(service, await hold(), 'rita')
    const other = { ...held.capability, arguments: { env: 'staging', replicas } }
    await hold({ ...held, capability: other })
    expect(outcome(await service.ask(held))).toEqual(['permit'])
  })

  it('shows as waiting until somebody answers', async () => {
    const read = async (): Promise<Record<string, number>> => {
      const { text } = (await service.get('/metrics')).body as { readonly text: string }
      const found = text.matchAll(
        /^countersign_approvals_(\w+)\{.*group="release-managers"\} (\d+)$/gmu,
      )
      return Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]))
    }
    const before = (await read())['waiting'] ?? 0
    const id = await hold()
    const after = await read()
    expect(after['waiting']).toBe(before + 1)
    expect(after['oldest_waiting_seconds']).toBeGreaterThanOrEqual(0)
    await answer(service, id, 'rita', { verdict: 'comment', comment: 'Which one?' })
    expect((await read())['waiting']).toBe(before + 1)
    await answer(service, id, 'rita')
    expect((await read())['waiting'] ?? 0).toBe(before)
  })

  it('joins the same question, which then waits as long as the first', async () => {
    const first = await service.ask(held)
    const again = await service.ask(held)
    expect(again.hold).toEqual(first.hold)
    expect((await shown(first.hold?.id ?? '')).approval).toMatchObject({
      ...{ asked: 2, decision_id: first.decision_id },
    })
  })

  it('stands after a restart, and so do its votes and its use', async () => {
    const id = await hold()
    await answer(service, id, 'rita')
    service = await service.restart()
    expect((await shown(id)).approval.status).toBe('approved')
    expect(outcome(await service.ask(held))).toEqual(['permit'])
    service = await service.restart()
    expect((await shown(id)).approval.status).toBe('used')
    expect(await hold()).not.toBe(id)
  })
})

describe('a refusal', () => {
  it('denies the question until the request has run out', async () => {
    const id = await hold()
    await answer(service, id, 'rita', { verdict: 'deny', comment: 'not today' })
    const denied = ['deny', 'capability.approval_denied', 'capability.approval_required']
    expect(outcome(await service.ask(held))).toEqual(denied)
    expect(await answer(service, id, 'rob')).toMatchObject({
      ...{ status: 409, body: { code: 'approval_over' } },
    })
  })
})

describe('who asked', () => {
  it('sees how it stands, and may take it back', async () => {
    const id = await hold()
    const cancel = (): Promise<Reply> =>
      service.post(`/v1/approvals/${id}/cancel`, { reason: 'no longer needed' })
    expect((await cancel()).body['approval']).toMatchObject({ status: 'cancelled' })
    expect((await cancel()).status).toBe(409)
    expect((await answer(service, id, 'rita')).status).toBe(409)
    expect(await hold()).not.toBe(id)
  })

  it('does not see what is asked, nor what others asked, and does not answer', async () => {
    const id = await hold()
    const asking = { authorization: `Bearer ${await mintPepToken(service.keys)}` }
    const { body } = await service.get(`/v1/approvals/${id}`, asking)
    expect(body).toMatchObject({ approval: { id, status: 'pending' }, statement: null })
    const vote = await service.post(`/v1/approvals/${id}/votes`, {}, asking)
    expect([vote.status, vote.body['code']]).toEqual([403, 'scope_missing'])
    const unknown = await service.get('/v1/approvals/apr_unknown', asking)
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'not_found'])
  })
})

describe('the list', () => {
  it('is by status and by group, the last asked for first', async () => {
    const id = await hold()
    const ids = async (parameters: string): Promise<readonly string[]> => {
      const { body } = await service.get(`/v1/approvals?${parameters}`)
      return (body['approvals'] as ApprovalView[]).map((approval) => approval.id)
    }
    expect((await ids('status=pending&group=release-managers'))[0]).toBe(id)
    expect(await ids('status=expired')).toEqual([])
    expect(await ids('group=staff')).toEqual([])
    expect((await service.get('/v1/approvals?status=open')).body['code']).toBe('invalid_request')
  })
})

it('what nobody answers runs out, is logged as that, and may be asked anew', async () => {
  const id = await hold()
  moment = Date.now() + 3_601_000
  const logged = async (): Promise<boolean> => {
    const { body } = await service.get('/v1/approvals?status=expired')
    return (body['approvals'] as ApprovalView[]).some((approval) => approval.id === id)
  }
  expect(await logged()).toBe(true)
  expect((await answer(service, id, 'rita')).body['code']).toBe('approval_over')
})
