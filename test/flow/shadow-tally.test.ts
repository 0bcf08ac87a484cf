/** How a candidate differs is counted by effect and by rule, within bounds, whatever it says. */
import { describe, expect, it } from '@jest/globals'
import type { Decision, Reason } from '../../service/contract/decision.ts'
import { limits } from '../../service/contract/limits.ts'
import { ShadowTally } from '../../service/flow/shadow-tally.ts'

type Judged = Pick<Decision, 'decisionId' | 'effect' | 'reasons'>

const reason = (code: string, params: Reason['params'] = {}): Reason => ({ code, params })
const judged = (
  effect: Judged['effect'],
  codes: readonly (string | Reason)[] = [],
  id = 'dec_1',
): Judged => ({
  decisionId: id,
  effect,
  reasons: codes.map((code) => (typeof code === 'string' ? reason(code) : code)),
})
const tally = (): ShadowTally => new ShadowTally(null, 0)

describe('one query', () => {
  it.each<[string, Judged, Judged, object]>([
    [
      'alike',
      judged('deny', ['a.b']),
      judged('deny', ['a.b']),
      { changed: 0, effects: [], rules: [] },
    ],
    [
      'another effect, for a rule that is new',
      judged('permit'),
      judged('deny', ['a.b']),
      {
        changed: 1,
        effects: [{ from: 'permit', to: 'deny', queries: 1, decisions: ['dec_1'] }],
        rules: [{ code: 'a.b', added: 1, removed: 0, decisions: ['dec_1'] }],
      },
    ],
    [
      'another effect, for a rule that is gone',
      judged('hold', ['a.b', 'c.d']),
      judged('permit', ['c.d']),
      {
        changed: 1,
        effects: [{ from: 'hold', to: 'permit', queries: 1, decisions: ['dec_1'] }],
        rules: [{ code: 'a.b', added: 0, removed: 1, decisions: ['dec_1'] }],
      },
    ],
    [
      'the same effect for another reason',
      judged('deny', ['a.b']),
      judged('deny', ['c.d']),
      {
        changed: 1,
        effects: [],
        rules: [
          { code: 'c.d', added: 1, removed: 0 },
          { code: 'a.b', added: 0, removed: 1 },
        ],
      },
    ],
    [
      'a finding that is waived there',
      judged('deny', ['a.b']),
      judged('permit', [reason('a.b', { waived_by: 'e' })]),
      {
        changed: 1,
        rules: [
          { code: 'a.b (waived)', added: 1 },
          { code: 'a.b', removed: 1 },
        ],
      },
    ],
    [
      'one code that is found twice is one change',
      judged('permit'),
      judged('deny', ['a.b', 'a.b']),
      { rules: [{ code: 'a.b', added: 1 }] },
    ],
  ])('%s', (_name, decided, candidate, said) => {
    const counted = tally()
    counted.add(decided, candidate)
    expect(counted.comparison()).toMatchObject({ queries: 1, dropped: 0, ...said })
  })
})

describe('many queries', () => {
  it('name their newest decisions, and the rule that changes most comes first', () => {
    const counted = tally()
    for (let i = 0; i < 20; i += 1) {
      counted.add(
        judged('permit', [], `dec_${String(i)}`),
        judged('deny', i < 3 ? ['rare', 'often'] : ['often']),
      )
    }
    const { effects, rules } = counted.comparison()
    const newest = ['dec_15', 'dec_16', 'dec_17', 'dec_18', 'dec_19']
    expect(effects).toEqual([{ from: 'permit', to: 'deny', queries: 20, decisions: newest }])
    expect(rules.map(({ code, added }) => [code, added])).toEqual([
      ['often', 20],
      ['rare', 3],
    ])
    expect(rules[0]?.decisions).toEqual(newest)
  })

  it('take no more room for a candidate that invents a code for each', () => {
    const counted = tally()
    const many = limits.shadowCodes + 100
    for (let i = 0; i < many; i += 1)
      counted.add(judged('permit'), judged('deny', [`c.${String(i)}`]))
    const { rules, more_rules: more, changed } = counted.comparison()
    expect([rules.length, more, changed]).toEqual([limits.shadowCodes, 100, many])
  })

  it('and what was not compared is told apart', () => {
    const counted = tally()
    counted.drop()
    expect(counted.comparison()).toMatchObject({ queries: 0, changed: 0, dropped: 1 })
  })
})
