import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AttestedApproval } from '../../service/contract/approval.ts'
import { limits } from '../../service/contract/limits.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import { noInitiator, noServer, type Facts } from '../../service/decision/facts.ts'
import { reachDecision as reach } from '../../service/decision/reach-decision.ts'
import { readVerdict } from '../../service/decision/read-verdict.ts'
import { indexOf } from '../../service/decision/registry-index.ts'
import { faultVerdict, gapVerdict } from '../../service/decision/verdict.ts'

const facts: Facts = {
  now: 1_700_000_000_000,
  decisionId: 'dec_1',
  workflow: {
    ...{ id: 'wf_1', basis: 'known', root: null, parent: null, depth: 0 },
    ...{ project: 'x', subject: null, inherited: [] },
  },
  workflowSeen: {
    ...{ taint: [], spent: { calls: 0, tokens: 0, rounds: 0, units: 0 }, servers: [] },
    ...{ purpose: null, done: [], leaves: 0, unreported: 0 },
  },
  inputs: { lane: { subject: null, server: 's', kind: 'k' }, find: () => null, lately: 0 },
  pep: {
    tenant: 't',
    id: 'p',
    issuer: 'i',
    project: 'x',
    environment: 'y',
    servers: [],
    scopes: [],
    grade: 'bearer',
    workload: null,
    peer: null,
    proofs: [],
    owner: 'o',
    reviewBy: 4_102_444_800,
  },
  policy: null,
  index: indexOf({
    servers: {},
    purposes: {},
    agents: {},
    groups: {},
    exceptions: [],
    parameters: {
      max_delegation_depth: 0,
      hold_facets: [],
      default_approval: { group: 'g', quorum: 1 },
      valid_seconds: 1,
      max_elicitation_text: 1,
      review_grace_seconds: 0,
      releasable: { input_response: [], result: [] },
    },
  }),
  observations: [],
  initiator: noInitiator,
  server: noServer,
  purpose: null,
  evidence: [],
  replayKeys: [],
  session: null,
  stopEpoch: 0,
  authors: [],
  approvalFor: () => null,
  refusalFor: () => null,
  gaps: [],
}
const reachDecision = (verdict: Parameters<typeof reach>[0], of: Facts): ReturnType<typeof reach> =>
  reach(verdict, of, null)
const ground = { code: 'capability.granted', rule: 'capability.granted' }
const deny = { code: 'a.b', effect: 'deny', severity: 'high', rule: 'a.b', params: {} } as const
const permit: PolicyResult = { effect: 'permit', findings: [], grounds: [ground], obligations: [] }
const read = (value: unknown): ReturnType<typeof readVerdict> => readVerdict(JSON.stringify(value))

describe('reading a verdict', () => {
  it('takes a coherent permit, deny and hold', () => {
    expect(read(permit).source).toBe('policy')
    expect(read({ ...permit, effect: 'deny', findings: [deny] }).source).toBe('policy')
    expect(
      read({ ...permit, effect: 'hold', hold: { kind: 'approval', group: 'g', quorum: 1 } }).source,
    ).toBe('policy')
  })

  it.each([
    ['a permit without a ground', { ...permit, grounds: [] }],
    ['a permit beside a finding that denies', { ...permit, findings: [deny] }],
    [
      'a permit beside a finding that holds',
      { ...permit, findings: [{ ...deny, effect: 'hold' }] },
    ],
    ['a hold that does not say for what', { ...permit, effect: 'hold' }],
    [
      'a hold beside a finding that denies',
      { ...permit, effect: 'hold', hold: { kind: 'review' }, findings: [deny] },
    ],
    ['another effect', { ...permit, effect: 'allow' }],
    ['an unknown member', { ...permit, extra: 1 }],
    ['a missing member', { effect: 'permit' }],
    ['true', true],
    ['null', null],
    ['a list', [permit]],
  ])('takes %s for a fault', (_name, value) => {
    expect(read(value)).toEqual(faultVerdict('engine.malformed'))
  })

  it('takes text that is no JSON for a fault', () => {
    expect(readVerdict('')).toEqual(faultVerdict('engine.malformed'))
  })

  it('takes a waived finding for no hindrance', () => {
    expect(read({ ...permit, findings: [{ ...deny, waived_by: 'ex-1' }] }).source).toBe('policy')
  })
})

describe('reaching a decision', () => {
  it('permits exactly what a coherent policy permits', () => {
    expect(reachDecision(read(permit), facts)).toMatchObject({
      effect: 'permit',
      grounds: ['capability.granted'],
      source: 'policy',
    })
  })

  it('denies on any text that is not a coherent permit', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(reachDecision(readVerdict(text), facts).effect).toBe('deny')
      }),
    )
  })

  it.each([
    ['a fault', faultVerdict('engine.timeout'), 'engine.timeout', 'engine_fault'],
    ['a gap', gapVerdict([{ code: 'initiator.expired', params: {} }]), 'initiator.expired', 'gap'],
  ])('denies on %s, with its reason', (_name, verdict, code, source) => {
    expect(reachDecision(verdict, facts)).toMatchObject({
      effect: 'deny',
      source,
      reasons: [{ code }],
    })
  })

  it('uses up an approval for whatever goes ahead, observed too, and for nothing else', () => {
    const approved = {
      ...{
        id: 'apr_1',
        ...{ group: 'g', quorum: 1, demand: { group: 'g', quorum: 1 }, workloads: [] },
        votes: ['vot_1'],
        taint: [],
        expires_at: facts.now / 1000 + 60,
      },
      status: 'approved',
      assurance: 'signed_in',
    } satisfies AttestedApproval
    const used = { id: 'apr_1', votes: ['vot_1'] }
    const denied = read({ ...permit, effect: 'deny', findings: [deny] })
    const seconds = facts.now / 1000
    const observation = {
      ...{
        id: 'obs-1',
        owner: 'o',
        reason: 'r',
        not_before: seconds - 1,
        expires_at: seconds + 60,
      },
      scope: 'tenant',
    } as const
    expect(reach(read(permit), facts, approved).approval).toEqual(used)
    expect(reach(denied, facts, approved).approval).toBeUndefined()
    const observing = { ...facts, observations: [observation] }
    expect(reach(denied, observing, approved)).toMatchObject({
      ...{ effect: 'deny', observed: { answered_effect: 'permit' }, approval: used },
    })
    expect(reach(denied, observing, { ...approved, status: 'pending' }).approval).toBeUndefined()
  })

  it('denies what would not fit a leaf', () => {
    const drop = Array.from({ length: 2000 }, (_, i) => ({ index: i, name: `tool-${String(i)}` }))
    const verdict = read({
      ...permit,
      obligations: [{ id: 'l', type: 'filter_list', properties: { drop } }],
    })
    expect(reachDecision(verdict, facts)).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'leaf.too_large' }],
    })
  })

  it('lets no permit outlive its evidence', () => {
    const seconds = facts.now / 1000
    const initiator = { ...noInitiator, expires_at: seconds + 5 }
    expect(reachDecision(read(permit), { ...facts, initiator }).validSeconds).toBe(5)
    expect(reachDecision(read(permit), facts).validSeconds).toBe(limits.validSeconds)
  })

  it('takes obligations from a permit alone', () => {
    const obligations = [{ id: 'o', type: 't', properties: {} }]
    expect(reachDecision(read({ ...permit, obligations }), facts).obligations).toEqual(obligations)
    expect(
      reachDecision(read({ ...permit, effect: 'deny', obligations }), facts).obligations,
    ).toEqual([])
  })
})

it('a permit stands no longer than the approval that it rests on', () => {
  const approval: AttestedApproval = {
    ...({ id: 'apr_1', status: 'approved', group: 'g', quorum: 1 } as const),
    ...({ assurance: 'signed_in', expires_at: facts.now / 1000 + 7 } as const),
    taint: [],
    ...{ demand: { group: 'g', quorum: 1 }, workloads: [], votes: ['vot_1'] },
  }
  const { validSeconds } = reach(read({ ...permit, valid_seconds: 60 }), facts, approval)
  expect(validSeconds).toBe(7)
})
