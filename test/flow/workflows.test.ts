/** Workflows in the corridor, over a log in memory: which one a query belongs to, and what two at once may do. */
import { describe, expect, it } from '@jest/globals'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import { limits } from '../../service/contract/limits.ts'
import type { PolicyInput } from '../../service/contract/policy-input.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Registry } from '../../service/contract/registry.ts'
import type { Pep } from '../../service/decision/facts.ts'
import { answerOf } from '../../service/flow/answer.ts'
import { decide } from '../../service/flow/decide.ts'
import { recordOutcome } from '../../service/flow/record-outcome.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import {
  digest,
  engineOf,
  facts,
  pep,
  permit,
  portsWith,
  query,
  registry,
} from '../support/corridor.ts'

const deny: PolicyResult = {
  ...{ effect: 'deny', grounds: permit.grounds, obligations: [] },
  findings: [{ code: 'x.y', effect: 'deny', severity: 'high', rule: 'x.y', params: {} }],
}
const tool = (effects: Registry['servers'][string]['capabilities'][string]['effects']) => ({
  ...{ kind: 'tool' as const, effects, groups: [] },
})
const registered: Registry = {
  ...registry,
  servers: {
    ops: {
      ...registry.servers['ops']!,
      capabilities: {
        'tool:read': tool(['reads_private']),
        'tool:fetch': tool(['reads_untrusted']),
        'tool:send': { ...tool(['calls_external']), cost: 7 },
      },
    },
    web: {
      ...registry.servers['ops']!,
      workload: { spiffe_id: 'spiffe://t/web' },
      capabilities: { 'tool:fetch': tool(['reads_untrusted']) },
    },
  },
  parameters: { ...registry.parameters, workflow: { budgets: { calls: 5 } } },
}

type Judge = (input: PolicyInput) => PolicyResult

/** @param judge the policy; what it was told is kept */
function world(judge: Judge = () => permit) {
  const audit = new MemoryLog('test')
  const clock = { at: Date.now() }
  const told: PolicyInput[] = []
  const who = { sub: 's' }
  const engine = engineOf(async (text) => {
    const input = JSON.parse(text) as PolicyInput
    told.push(input)
    const result = JSON.stringify(judge(input))
    // Others are asked meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
    return { ok: true, result }
  })
  const verify = ((kind: keyof typeof facts) => ({
    ok: true,
    facts: kind === 'access_token' ? { ...facts[kind], sub: who.sub } : facts[kind],
    digest,
  })) as unknown as VerifyToken
  const ports = portsWith({
    ...{ audit, verify, policy: () => ({ ...engine, registry: registered }) },
    clock: { now: () => clock.at, uuid: () => crypto.randomUUID() },
  })
  const ask = async (
    name: string,
    workflow?: Query['workflow'],
    change: Partial<Query> = {},
    from: Pep = pep,
  ): Promise<DecisionAnswer> => {
    const asked: Query = { ...query, ...change, capability: { ...query.capability, name } }
    const given = workflow === undefined ? asked : { ...asked, workflow }
    return answerOf(await decide(given, from, ports))
  }
  return {
    ...{ audit, ask, told, who },
    last: () => told.at(-1)!.verified.workflow,
    report: async (id: string, status: 'executed' | 'suppressed') => {
      const decision = await audit.find(id)
      await recordOutcome(decision as Parameters<typeof recordOutcome>[0], { status }, ports)
    },
    pass: (seconds: number) => (clock.at += seconds * 1000),
  }
}

const facetsOf = ({ verified }: PolicyInput): readonly string[] =>
  verified.workflow.taint.map(({ facet }) => facet)

describe('a workflow id', () => {
  it('is minted for a query without one, and known when it comes back', async () => {
    const { ask, last } = world()
    const { workflow } = await ask('read')
    expect(last()).toMatchObject({ basis: 'inferred', taint: [], position: 0 })
    expect((await ask('fetch', { id: workflow.id })).workflow).toEqual(workflow)
    expect(last()).toMatchObject({
      ...{ id: workflow.id, basis: 'known', position: 1, unreported: 1 },
      taint: [{ facet: 'private_read', inferred: false }],
      first_purpose: { code: 'c' },
      spent: { calls: 1 },
      reaches: { calls: 2 },
    })
  })

  it.each([
    ['another initiator', ({ who }: ReturnType<typeof world>) => (who.sub = 'mallory')],
    ['nobody', () => undefined],
  ])('says the same of one that was given to %s', async (_who, change) => {
    const made = world()
    const { workflow } = await made.ask('read')
    change(made)
    const id = made.who.sub === 's' ? `wf_${crypto.randomUUID()}` : workflow.id
    made.who.sub = 'mallory'
    const answer = await made.ask('fetch', { id })
    const { id: minted, ...seen } = made.last()
    expect(seen).toEqual({
      ...{ basis: 'unknown', depth: 0, done: [], first_purpose: null, inherited: [] },
      ...{ position: 0, servers: [], unreported: 0 },
      spent: { calls: 0, tokens: 0, rounds: 0, units: 0 },
      reaches: { calls: 1, tokens: 0, rounds: 0, units: 0 },
      taint: ['changed', 'private_read', 'sent', 'untrusted_seen'].map((facet) => ({
        ...{ facet, decisions: [], inferred: true },
      })),
    })
    expect(minted).not.toBe(id)
    expect(answer.workflow.id).toBe(minted)
    // What it did is not in the other's workflow.
    expect(made.audit.workflows.at(workflow.id)?.spent.calls).toBe(1)
  })

  it('of another project is not known', async () => {
    const { ask, last } = world()
    const { workflow } = await ask('read')
    await ask('fetch', { id: workflow.id }, {}, { ...pep, project: 'other' })
    expect(last().basis).toBe('unknown')
  })

  it('left out does not lose what was done before, and a new one does not either', async () => {
    const { ask, last } = world()
    const early = await ask('x')
    await ask('read')
    await ask('fetch')
    await ask('send')
    expect(last().taint.map(({ facet }) => facet)).toEqual(['private_read', 'untrusted_seen'])
    await ask('send', { id: early.workflow.id })
    expect(last().taint).toMatchObject([
      { facet: 'private_read', inferred: true },
      { facet: 'sent', inferred: true },
      { facet: 'untrusted_seen', inferred: true },
    ])
  })
})

describe('what was reported', () => {
  it('is joined to its decision: suppressed is not done, executed is', async () => {
    const { ask, last, report } = world()
    const read = await ask('read')
    const fetched = await ask('fetch', { id: read.workflow.id })
    await report(read.decision_id, 'suppressed')
    await report(fetched.decision_id, 'executed')
    await ask('x', { id: read.workflow.id })
    expect(last()).toMatchObject({ taint: [{ facet: 'untrusted_seen' }], unreported: 0 })
  })
})

describe('a call that comes from another', () => {
  const web: Partial<Query> = { server: { id: 'web', proof: { jwt_svid: 'a.b.c' } } }

  it('of the called server shares its taint and its grant', async () => {
    const { ask, last, who, told } = world()
    const first = await ask('read')
    who.sub = 'spiffe://t/ops'
    const answer = await ask('fetch', { parent_decision_id: first.decision_id }, web)
    expect(answer.workflow.id).not.toBe(first.workflow.id)
    expect(last()).toMatchObject({
      ...{ basis: 'child', depth: 1, taint: [{ facet: 'private_read' }], spent: { calls: 1 } },
      inherited: [{ decision_id: first.decision_id, bounds: facts.purpose_grant.bounds }],
    })
    await ask('x', { id: answer.workflow.id }, web)
    expect(last()).toMatchObject({ basis: 'known', depth: 1, spent: { calls: 2 } })
    expect(last().inherited).toHaveLength(1)
    who.sub = 's'
    await ask('x', { id: first.workflow.id })
    expect(facetsOf(told.at(-1)!)).toEqual(['private_read', 'untrusted_seen'])
  })

  it('of somebody else, or of no decision, is not known, and touches nothing', async () => {
    const { ask, audit, last, who } = world()
    const first = await ask('read')
    who.sub = 'mallory'
    for (const parent_decision_id of [first.decision_id, 'dec_none']) {
      await ask('fetch', { parent_decision_id }, web)
      expect(last()).toMatchObject({ basis: 'unknown', depth: 0, inherited: [] })
    }
    expect(audit.workflows.at(first.workflow.id)?.spent.calls).toBe(1)
  })

  it('that is a later round of the same call stays in its workflow', async () => {
    const { ask, last } = world()
    const first = await ask('read')
    const round = { parent_decision_id: first.decision_id, round: 1 }
    const answer = await ask('read', round, { phase: 'result', result: {} })
    expect(answer.workflow).toEqual(first.workflow)
    expect(last().basis).toBe('known')
  })
})

describe('two at once', () => {
  const bounded: Judge = ({ verified }) => (verified.workflow.reaches.calls > 5 ? deny : permit)

  it('do not both spend the last of a budget', async () => {
    const { ask, told } = world(bounded)
    const { workflow } = await ask('x')
    const all = await Promise.all(Array.from({ length: 20 }, () => ask('x', { id: workflow.id })))
    expect(all.filter(({ effect }) => effect === 'permit')).toHaveLength(4)
    expect(all.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual(
      Array.from({ length: 16 }, () => 'x.y'),
    )
    // Those that came too late were judged again, and by policy.
    expect(told.length).toBeGreaterThan(21)
  })

  it('do not both spend it without an id either', async () => {
    const { ask } = world(bounded)
    const all = await Promise.all(Array.from({ length: 20 }, () => ask('x')))
    expect(all.filter(({ effect }) => effect === 'permit')).toHaveLength(5)
  })

  it('are judged again when the other brings taint', async () => {
    const judge: Judge = ({ question, verified }) =>
      question.name === 'send' && verified.workflow.taint.some((taint) => taint.facet !== 'sent')
        ? deny
        : permit
    const { ask } = world(judge)
    const { workflow } = await ask('x')
    const { id } = workflow
    const [read, send] = await Promise.all([ask('read', { id }), ask('send', { id })])
    expect([read.effect, send.effect]).toEqual(['permit', 'deny'])
  })

  it('are not judged again for ever: then the answer is no', async () => {
    const { ask, told } = world()
    const { workflow } = await ask('x')
    for (let call = 0; call < 4; call += 1) await ask('x', { id: workflow.id })
    const before = told.length
    expect(await ask('x', { id: workflow.id })).toMatchObject({
      ...{ effect: 'deny', verdict_source: 'gap', reasons: [{ code: 'workflow.meanwhile' }] },
    })
    expect(told.length - before).toBe(limits.judgedAgain + 1)
  })
})
