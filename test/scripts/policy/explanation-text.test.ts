/** What an explanation tells people to do: for each thing that stands in the way, and for the ground that is missing. */
import { expect, it } from '@jest/globals'
import { explanationText } from '../../../scripts/policy/explanation-text.ts'
import type { Explanation } from '../../../service/contract/explanation.ts'

const denied: Explanation = {
  ...{ effect: 'deny', source: 'policy', policy: null, obligations: [], facts: {}, gaps: [] },
  ...{ findings: [], grounds: [], missing_grounds: [] },
}
const finding = (code: string, more: Partial<Explanation['findings'][number]> = {}) => ({
  ...{ code, rule: code, effect: 'deny' as const, severity: 'high', params: {} },
  ...{ without: 'deny' as const, remediation: `Mend ${code}.`, ...more },
})
const ground = { code: 'g.one', rule: 'g.one', remediation: 'Send a grant.' }
const gap = { code: 'policy.stale', params: {} }

it.each<[string, Partial<Explanation>, readonly string[]]>([
  ['a missing ground alone', { missing_grounds: [ground] }, ['g.one: Send a grant.']],
  [
    'a finding and a missing ground',
    { findings: [finding('a.b')], missing_grounds: [ground] },
    ['a.b: Mend a.b.', 'g.one: Send a grant.'],
  ],
  [
    'either of two grounds',
    { missing_grounds: [ground, { ...ground, code: 'g.two' }] },
    ['either g.one: Send a grant.', 'or g.two: Send a grant.'],
  ],
  [
    'not what is waived',
    { findings: [finding('a.b'), finding('a.c', { waived_by: 'exc-1' })] },
    ['a.b: Mend a.b.'],
  ],
  [
    'a rule of a bundle that says no remedy',
    { missing_grounds: [{ code: 'g.one', rule: 'g.one' }] },
    ['g.one: its rule names no remedy'],
  ],
  [
    'what policy was not asked for',
    { source: 'gap', gaps: [gap] },
    ['policy.stale: send evidence that is whole, or leave it out'],
  ],
  ['a policy that broke', { source: 'engine_fault' }, ['mend the policy, or what it runs in']],
])('to be permitted: %s', (_what, change, wanted) => {
  const [, remedies = ''] = explanationText({ ...denied, ...change }).split('\nto be permitted\n')
  expect(remedies.split('\n').map((line) => line.trim())).toEqual(wanted)
})

it('a permit needs nothing', () => {
  const text = explanationText({ ...denied, effect: 'permit', grounds: [ground] })
  expect(text).not.toContain('to be permitted')
  expect(text).toMatch(/speaks for it\n {2}g\.one/u)
})
