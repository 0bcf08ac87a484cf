import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { limits } from '../../service/contract/limits.ts'
import type { Observation } from '../../service/contract/observation.ts'
import type { Finding, PolicyResult } from '../../service/contract/policy-result.ts'
import { Registry } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { isObservable, observationsFor, observe } from '../../service/decision/observe.ts'
import { registryCopy } from '../support/released-bundles.ts'

const now = 1_700_000_000
const entry = { id: 'e', owner: 'team', reason: 'r', not_before: now - 10, expires_at: now + 10 }
const tenant: Observation = { scope: 'tenant', ...entry }
const server: Observation = { scope: 'server', server: 'ops', ...entry }
const rule = (code: string): Observation => ({ scope: 'rule', code, ...entry, id: code })

const finding = (code: string, more: Partial<Finding> = {}): Finding => ({
  ...{ code, rule: code, effect: 'deny', severity: 'high', params: {} },
  ...more,
})
const ground = { code: 'capability.granted', rule: 'capability.granted' }
const denied = (...findings: Finding[]): PolicyResult => ({
  ...{ effect: 'deny', findings, grounds: [ground], obligations: [] },
})
const inForce = (observations: Observation[], id = 'ops'): readonly Observation[] =>
  observationsFor({ ...registryCopy(), observe: observations }, { server: id, kind: 'tool' }, now)

describe('an entry is in force', () => {
  it.each<[string, Observation]>([
    ['for the tenant', tenant],
    ['for its server', server],
    ['for a rule at every server', rule('a.b')],
    ['for a rule at its server', { ...rule('a.b'), scope: 'rule', code: 'a.b', server: 'ops' }],
    ['from its first second', { ...tenant, not_before: now }],
  ])('%s', (_what, observation) => {
    expect(inForce([observation])).toEqual([observation])
  })

  it.each<[string, Observation]>([
    ['when it has expired', { ...tenant, expires_at: now }],
    ['before it begins', { ...tenant, not_before: now + 1 }],
    ['for another server', { ...server, server: 'other' }],
    ['for a server whose name only begins so', { ...server, server: 'op' }],
    ['for a rule at another server', { ...entry, scope: 'rule', code: 'a.b', server: 'other' }],
    ['for longer than it may last', { ...tenant, expires_at: now + limits.observationSeconds }],
    ['when its end is no number', { ...tenant, expires_at: Number.NaN }],
    ['when it ends before it begins', { ...tenant, expires_at: now - 20 }],
  ])('and not %s', (_what, observation) => {
    expect(inForce([observation])).toEqual([])
  })

  it.each<[string, Observation]>([
    ['the tenant', tenant],
    ['the server', server],
    ['a rule', rule('a.b')],
  ])('and never for a grant, whatever is observed: %s', (_what, observation) => {
    const observing = { ...registryCopy(), observe: [observation] }
    expect(observationsFor(observing, { server: 'ops', kind: 'grant' }, now)).toEqual([])
  })

  it('and never without one in the registry', () => {
    expect(observationsFor(registryCopy(), { server: 'ops', kind: 'tool' }, now)).toEqual([])
  })
})

describe('the registry takes no entry', () => {
  const check = compileChecker(Registry, { allErrors: true })
  it.each<[string, object, string]>([
    ['without an owner', { ...tenant, owner: '' }, '/observe/0/owner'],
    ['without an end', { ...tenant, expires_at: undefined }, '/observe/0/expires_at'],
    ['without a reason', { ...tenant, reason: undefined }, '/observe/0/reason'],
    ['of a server that is not named', { ...server, server: undefined }, '/observe/0/server'],
    ['of a rule that is not named', { ...entry, scope: 'rule' }, '/observe/0/code'],
    ['of another scope', { ...tenant, scope: 'world' }, '/observe/0/scope'],
    ['of a tenant with a server', { ...tenant, server: 'ops' }, '/observe/0/server'],
    ['with a member of another name', { ...rule('a.b'), sever: 'ops' }, '/observe/0/sever'],
  ])('%s, and says where', (_what, observation, pointer) => {
    const registry = JSON.parse(
      JSON.stringify({ ...registryCopy(), observe: [observation] }),
    ) as unknown
    const checked = check(registry)
    expect(checked.ok ? [] : checked.faults.map((fault) => fault.pointer)).toEqual([pointer])
  })
})

describe('what policy denied', () => {
  const found = finding('a.b')

  it.each([
    ['its tenant', [tenant], 'e'],
    ['its server', [server], 'e'],
    ['the one rule that spoke', [rule('a.b')], 'a.b'],
  ])('is observed with %s', (_what, entries, id) => {
    expect(observe(denied(found), entries)).toEqual({
      judged_effect: 'deny',
      answered_effect: 'permit',
      expires_at: new Date((now + 10) * 1000).toISOString(),
      by: [{ id, scope: entries[0]?.scope, owner: 'team' }],
    })
  })

  it('is observed by several rules together, and names them all and the earliest end', () => {
    const early: Observation = { ...rule('a.b'), expires_at: now + 5 }
    const observed = observe(denied(found, finding('c.d'), found), [early, rule('c.d')])
    expect(observed?.by.map(({ id }) => id)).toEqual(['a.b', 'c.d'])
    expect(observed?.expires_at).toBe(new Date((now + 5) * 1000).toISOString())
  })

  it('is observed by the server before the tenant, and by either before a rule', () => {
    const both = observe(denied(found), [rule('a.b'), tenant, { ...server, id: 'narrow' }])
    expect(both?.by.map(({ id }) => id)).toEqual(['narrow'])
  })

  it.each<[string, PolicyResult, Observation[]]>([
    ['nothing is in force', denied(found), []],
    ['another rule is observed', denied(found), [rule('a.c')]],
    ['another rule spoke too', denied(found, finding('c.d')), [rule('a.b')]],
    ['another rule holds', denied(found, finding('c.d', { effect: 'hold' })), [rule('a.b')]],
    ['a rule is observed but no ground is left', { ...denied(found), grounds: [] }, [rule('a.b')]],
    ['it has no finding', denied(), [tenant]],
    ['it has none that denies', denied(finding('a.b', { effect: 'hold' })), [tenant, server]],
    ['all its findings are waived', denied(finding('a.b', { waived_by: 'x' })), [tenant]],
    ['it is of identity', denied(finding('identity.server_unproven')), [tenant]],
    ['it is of identity beside another', denied(found, finding('identity.pep_outside')), [server]],
    ['its rule is of identity', denied(finding('a.b', { rule: 'identity.x' })), [rule('a.b')]],
    ['it is a stop', denied(finding('stop.server')), [tenant, rule('stop.server')]],
    ['it is of tenant isolation', denied(finding('tenant.other')), [tenant]],
    ['it is critical', denied(finding('a.b', { severity: 'critical' })), [tenant, rule('a.b')]],
    ['its rule says never', denied(finding('a.b', { observable: false })), [tenant, rule('a.b')]],
  ])('stays denied when %s', (_what, result, entries) => {
    expect(observe(result, entries)).toBeNull()
  })

  it('needs no ground where everything is observed', () => {
    expect(observe({ ...denied(found), grounds: [] }, [server])).not.toBeNull()
  })
})

describe('what policy held', () => {
  it('is observed, and says what it would have waited for', () => {
    const hold = { kind: 'approval', group: 'g', quorum: 2 } as const
    const result = { ...denied(finding('a.b', { effect: 'hold' })), effect: 'hold', hold } as const
    expect(observe(result, [rule('a.b')])).toMatchObject({ judged_effect: 'hold', hold })
  })
})

describe('what policy permitted', () => {
  it('is never observed', () => {
    expect(observe({ ...denied(), effect: 'permit' }, [tenant])).toBeNull()
  })
})

describe('whatever the findings and the entries', () => {
  const codes = ['a.b', 'c.d', 'identity.x', 'stop.x']
  const findings = fc.array(
    fc.record({
      code: fc.constantFrom(...codes),
      rule: fc.constantFrom(...codes),
      effect: fc.constantFrom('deny' as const, 'hold' as const),
      severity: fc.constantFrom('low' as const, 'high' as const, 'critical' as const),
      params: fc.constant({}),
      observable: fc.constantFrom(true, false),
    }),
    { maxLength: 4 },
  )
  const entries = fc.subarray<Observation>([tenant, server, ...codes.map(rule)])

  it('an observed answer rests on entries in force that cover every finding, all of which may be observed and one of which denies', () => {
    fc.assert(
      fc.property(findings, entries, fc.boolean(), (found, watched, isGrounded) => {
        const result = { ...denied(...found), grounds: isGrounded ? [ground] : [] }
        const observed = observe(result, watched)
        const wide = watched.some(({ scope }) => scope !== 'rule')
        const covered = found.every(({ code }) => watched.some(({ id }) => id === code))
        const may = found.some(({ effect }) => effect === 'deny') && found.every(isObservable)
        expect(observed !== null).toBe(may && (wide || (covered && isGrounded)))
      }),
      { numRuns: 2000 },
    )
  })
})
