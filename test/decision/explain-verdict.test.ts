import { describe, expect, it, test } from '@jest/globals'
import type { Finding, PolicyResult } from '../../service/contract/policy-result.ts'
import { explainVerdict } from '../../service/decision/explain-verdict.ts'
import { faultVerdict, gapVerdict } from '../../service/decision/verdict.ts'

const finding = (code: string, effect: Finding['effect'], waivedBy?: string): Finding => ({
  ...{ code, effect, severity: 'high', rule: code, params: {} },
  ...(waivedBy === undefined ? {} : { waived_by: waivedBy }),
})
const ground = { code: 'g.one', rule: 'g.one' }
const rules = {
  'a.deny': {
    kind: 'rule',
    rule: 'a.deny',
    file: 'a.rego',
    lines: [3],
    reads: ['x/y', 'x/gone', ''],
  },
  'g.one': { kind: 'ground', rule: 'g.one', file: 'g.rego', lines: [1], reads: ['z'] },
} as const
const policy = { revision: 'r', digest: `sha256:${'0'.repeat(64)}` } as const

function explained(findings: readonly Finding[], grounds = [ground]) {
  const result: PolicyResult = { effect: 'deny', findings: [...findings], grounds, obligations: [] }
  const map = Object.fromEntries(
    Object.entries(rules).map(([code, entry]) => [
      code,
      { ...entry, lines: [...entry.lines], reads: [...entry.reads] },
    ]),
  )
  const input = { x: { y: [1] }, z: null }
  return explainVerdict({ verdict: { source: 'policy', result }, input, rules: map, policy })
}

describe('what the effect would be without a finding', () => {
  const deny = finding('a.deny', 'deny')
  const hold = finding('a.hold', 'hold')
  it.each([
    ['a lone denial', [deny], [ground], ['permit']],
    ['a lone denial that no ground would follow', [deny], [], ['deny']],
    ['a denial beside a hold', [deny, hold], [ground], ['hold', 'deny']],
    ['two denials', [deny, finding('b', 'deny')], [ground], ['deny', 'deny']],
    [
      'a denial beside one that is waived',
      [deny, finding('b', 'deny', 'x')],
      [ground],
      ['permit', 'deny'],
    ],
  ])('%s', (_name, findings, grounds, wanted) => {
    expect(explained(findings, grounds).findings.map(({ without }) => without)).toEqual(wanted)
  })
})

test('a finding has its place and its facts; what is missing in the input is missing in the facts', () => {
  const { findings, facts } = explained([finding('a.deny', 'deny')])
  expect(findings).toMatchObject([{ file: 'a.rego', lines: [3], reads: ['x/y', 'x/gone', ''] }])
  expect(facts).toEqual({ 'x/y': [1], z: null })
})

test('a finding of a rule that the map does not know has no place', () => {
  expect(explained([finding('toString', 'deny')]).findings[0]).not.toHaveProperty('file')
})

test('the grounds that did not speak are named only when none did', () => {
  expect(explained([]).missing_grounds).toEqual([])
  expect(explained([], []).missing_grounds).toMatchObject([{ code: 'g.one', file: 'g.rego' }])
})

test('a gap and a fault deny, and are told as they are', () => {
  const of = (verdict: Parameters<typeof explainVerdict>[0]['verdict']) =>
    explainVerdict({ verdict, input: {}, rules: {}, policy: null })
  expect(of(gapVerdict([{ code: 'policy.stale', params: {} }]))).toMatchObject({
    effect: 'deny',
    gaps: [{ code: 'policy.stale' }],
  })
  expect(of(faultVerdict('engine.timeout'))).toMatchObject({
    effect: 'deny',
    source: 'engine_fault',
    gaps: [{ code: 'engine.timeout' }],
  })
})
