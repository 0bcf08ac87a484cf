/** What can switch observe on: the signed registry of the activation that judged, and nothing else. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import type { DecisionLeaf } from '../../service/contract/leaf.ts'
import type { Observation } from '../../service/contract/observation.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import { engineFaults } from '../../service/contract/reason-code.ts'
import type { Query } from '../../service/contract/query.ts'
import { decide } from '../../service/flow/decide.ts'
import { setStop } from '../../service/flow/stop.ts'
import type { DecidePorts } from '../../service/flow/tenant.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import type { Evaluation, PolicyEngine } from '../../service/port/policy-engine.ts'
import { digest, engineOf, facts, pep, portsWith, query, registry } from '../support/corridor.ts'

const now = Math.floor(Date.now() / 1000)
const entry = {
  ...{ id: 'e', owner: 'team', reason: 'r', not_before: now - 60, expires_at: now + 600 },
}
const wholeTenant: Observation = { scope: 'tenant', ...entry }
const found = { code: 'a.b', rule: 'a.b', effect: 'deny', severity: 'high', params: {} } as const
const denial: PolicyResult = {
  ...{ effect: 'deny', findings: [found], grounds: [], obligations: [] },
}
const denies: Evaluation = { ok: true, result: JSON.stringify(denial) }

async function judged(
  observe: readonly Observation[] | undefined,
  options: {
    readonly evaluation?: Evaluation
    readonly asked?: Query
    readonly ports?: Partial<DecidePorts>
  } = {},
): Promise<DecisionLeaf> {
  const { evaluation = denies, asked = query, ports = {} } = options
  const signed = { ...registry, ...(observe === undefined ? {} : { observe: [...observe] }) }
  const engine = { ...engineOf(() => Promise.resolve(evaluation)), registry: signed }
  const audit = new MemoryLog('test')
  return (await decide(asked, pep, portsWith({ policy: () => engine, audit, ...ports }))).leaf
}

describe('the corridor', () => {
  it('observes what the registry of the same activation observes', async () => {
    const leaf = await judged([wholeTenant])
    expect(leaf).toMatchObject({ effect: 'deny', observed: { answered_effect: 'permit' } })
    expect(leaf.binding.single_use).toBe(true)
  })

  it.each(engineFaults)('never observes the fault %s', async (fault) => {
    const leaf = await judged([wholeTenant], { evaluation: { ok: false, fault } })
    expect(leaf).toMatchObject({ effect: 'deny', verdict_source: 'engine_fault' })
    expect(leaf.observed).toBeUndefined()
  })

  it.each([
    ['a permit without a ground', { ...denial, effect: 'permit', findings: [] }],
    ['a permit beside a finding', { ...denial, effect: 'permit' }],
    ['no result at all', null],
  ])('never observes %s', async (_what, result) => {
    const evaluation = { ok: true, result: JSON.stringify(result) } as const
    expect((await judged([wholeTenant], { evaluation })).observed).toBeUndefined()
  })

  it('never observes without an engine, or on a policy that is stale', async () => {
    for (const ports of [{ policy: () => null }, { isStale: () => true }]) {
      const leaf = await judged([wholeTenant], { ports })
      expect(leaf.effect).toBe('deny')
      expect(leaf.observed).toBeUndefined()
    }
  })

  it('never observes what is stopped, nor what a stop overtakes on its way to the log', async () => {
    const audit = new MemoryLog('test')
    const stop = (): Promise<unknown> =>
      setStop(
        { scope: { kind: 'server', server: 'ops' }, reason: 'r', by: 'b' },
        { tenant: 't', audit, clock: systemClock, pseudonymKey: audit.pseudonymKey },
      )
    const registered = { ...registry, observe: [wholeTenant] }
    const evaluate = async (): Promise<Evaluation> => {
      await stop()
      return denies
    }
    const policy = (): PolicyEngine => ({ ...engineOf(evaluate), registry: registered })
    const ports = portsWith({ policy, audit })
    for (const code of ['stop.meanwhile', 'stop.server']) {
      const { leaf } = await decide(query, pep, ports)
      expect(leaf).toMatchObject({ effect: 'deny', verdict_source: 'gap', reasons: [{ code }] })
      expect(leaf.observed).toBeUndefined()
    }
  })

  it.each(['access_token', 'jwt_svid', 'purpose_grant'])(
    'never observes a broken %s',
    async (refused) => {
      const verify = ((kind: keyof typeof facts) =>
        kind === refused
          ? { ok: false, failure: 'expired' }
          : { ok: true, facts: facts[kind], digest }) as unknown as VerifyToken
      const leaf = await judged([wholeTenant], { ports: { verify } })
      expect(leaf).toMatchObject({ effect: 'deny', verdict_source: 'gap' })
      expect(leaf.observed).toBeUndefined()
    },
  )

  it('never observes what does not fit a leaf', async () => {
    const obligations = Array.from({ length: 64 }, (_, i) => ({
      ...{ id: String(i), type: 't', properties: { text: 'x'.repeat(700) } },
    }))
    const evaluation = { ok: true, result: JSON.stringify({ ...denial, obligations }) } as const
    const leaf = await judged([wholeTenant], { evaluation })
    expect(leaf).toMatchObject({ effect: 'deny', reasons: [{ code: 'leaf.too_large' }] })
    expect(leaf.observed).toBeUndefined()
  })

  it('asks of an observed permit what policy asks of any, and lets none outlive the entry', async () => {
    const obligations = [{ id: 'o', type: 't', properties: {} }]
    const result = { ...denial, obligations, valid_seconds: 3600 }
    const evaluation = { ok: true, result: JSON.stringify(result) } as const
    const short: Observation = { ...wholeTenant, expires_at: Math.floor(Date.now() / 1000) + 20 }
    const leaf = await judged([short], { evaluation })
    expect(leaf.obligations).toEqual(obligations)
    expect(Date.parse(leaf.binding.valid_until) / 1000).toBeLessThanOrEqual(short.expires_at)
  })

  it('asks nobody to approve what goes ahead', async () => {
    const hold = { kind: 'approval', group: 'g', quorum: 2 }
    const held = { ...denial, effect: 'hold', hold, findings: [{ ...found, effect: 'hold' }] }
    const evaluation = { ok: true, result: JSON.stringify(held) } as const
    const leaf = await judged([wholeTenant], { evaluation })
    expect(leaf).toMatchObject({ effect: 'hold', observed: { judged_effect: 'hold', hold } })
    expect(leaf.hold).toBeUndefined()
    expect((await judged([], { evaluation })).hold).toMatchObject(hold)
  })
})

describe('nothing that is asserted', () => {
  const text = fc.oneof(fc.constantFrom('observe', 'tenant', 'ops', 'e', 'a.b'), fc.string())
  const claims = fc.record({
    annotations: fc.dictionary(text, fc.jsonValue()),
    code: fc.string({ minLength: 1, maxLength: 20 }),
    clientInfo: fc.jsonValue(),
    args: fc.dictionary(text, fc.jsonValue()),
    workflow: fc.string({ minLength: 1, maxLength: 20 }),
  })
  const notThese: readonly Observation[] = [
    { ...wholeTenant, expires_at: now },
    { ...wholeTenant, not_before: now + 300 },
    { ...entry, scope: 'server', server: 'other' },
    { ...entry, scope: 'rule', code: 'c.d' },
    { ...entry, scope: 'rule', code: 'a.b', server: 'other' },
  ]

  it('switches it on, whatever else is in the registry', async () => {
    await fc.assert(
      fc.asyncProperty(claims, fc.subarray([...notThese]), async (said, entries) => {
        const asked: Query = {
          ...query,
          capability: {
            ...{ kind: 'tool', name: 'x', arguments: said.args },
            definition: { name: 'x', annotations: said.annotations, observe: entries },
          },
          purpose: { ...query.purpose, code: 'c' },
          protocol: { ...query.protocol, client_info: { observe: said.clientInfo } },
          workflow: { id: said.workflow },
        }
        const leaf = await judged(entries, { asked })
        expect(leaf.effect).toBe('deny')
        expect(leaf.observed).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})
