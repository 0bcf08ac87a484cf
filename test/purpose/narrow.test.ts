/** Narrowing is an order, and sound: by the policy that the service loads, not by a model of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { PolicyInput } from '../../service/contract/policy-input.ts'
import { boundsWiderThan, widerThan, type GrantTerms } from '../../service/purpose/narrow.ts'
import { baseQuestions } from '../golden/cases.ts'
import { startJudging, type Judged } from '../support/policy-engine.ts'

const some = <T>(...values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values])
const keys = [
  '*',
  'tool:*',
  'tool:status',
  'tool:*x',
  'prompt:*',
  'sampling',
  'sampling:*',
] as const
const resourceKeys = [
  ...['resource:*', 'resource:file:///reports/*', 'resource:file:///reports/2026/*'],
  ...[
    'resource:file:///reports/2026/47.md',
    'resource:file:///reports/../*',
    'resource:file:///rep*',
  ],
] as const
const patterns = ['ops', 'legacy'].flatMap((server) =>
  [...keys, ...resourceKeys].map((key) => `${server}/${key}`),
)
const prefixes = [
  ...['k8s:prod/', 'k8s:prod/api', 'k8s:prod', 'k8s:', 'file:///reports/', 'file:///reports/2026'],
  ...['file:///reports/../hr', ''],
] as const
const count = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
const budgets = fc
  .record({ calls: count, model_calls: count })
  .map(({ calls, model_calls: loans }) => ({
    ...(calls === undefined ? {} : { calls }),
    ...(loans === undefined ? {} : { model_calls: loans }),
  }))
const sampling = fc
  .record({
    include_context: some('none' as const, 'thisServer' as const),
    models: some('claude-*', 'claude-sonnet-5', '*'),
    ...{ max_tokens: fc.constantFrom(100, 1000), max_rounds: fc.constantFrom(1, 3) },
    bytes: count,
  })
  .map(({ bytes, ...loan }) => ({
    ...loan,
    ...(bytes === undefined ? {} : { max_context_bytes: bytes * 1000 }),
  }))
const terms: fc.Arbitrary<GrantTerms> = fc.record({
  initiator: fc.record({
    iss: fc.constant('https://idp.dev.countersign.test'),
    sub: fc.constantFrom('alice', 'bob'),
  }),
  agent: fc.constantFrom(null, 'https://agent.dev.countersign.test/client.json', 'other'),
  code: fc.constantFrom('incident.restore', 'report.weekly'),
  ref: fc.constantFrom(null, 'INC-1'),
  capabilities: fc.subarray([...patterns], { minLength: 1, maxLength: 3 }),
  data: fc.record({
    classifications: some('public', 'internal'),
    resources: fc.subarray([...prefixes], { maxLength: 2 }),
    residency: some('EU', 'US'),
    directions: some('ingress' as const, 'egress' as const, 'internal' as const),
  }),
  sampling: fc.option(sampling),
  ...{ clarification: fc.boolean(), budgets },
  notBefore: fc.constantFrom(1_794_999_000, 1_795_000_100),
  expiresAt: fc.constantFrom(1_794_999_900, 1_795_003_600),
})

const names = Object.keys({
  ...{ initiator: 0, agent: 0, code: 0, ref: 0, capabilities: 0, data: 0, sampling: 0 },
  ...{ clarification: 0, budgets: 0, notBefore: 0, expiresAt: 0 },
} satisfies Record<keyof GrantTerms, 0>) as (keyof GrantTerms)[]

/** One, and the same with a part or two of another: many of these are narrower. */
const near = (whole: fc.Arbitrary<GrantTerms>): fc.Arbitrary<readonly [GrantTerms, GrantTerms]> =>
  fc
    .tuple(whole, terms, fc.subarray(names, { maxLength: 2 }))
    .map(([wide, other, changed]) => [
      { ...wide, ...Object.fromEntries(changed.map((name) => [name, other[name]])) },
      wide,
    ])

const lies = (narrow: GrantTerms, wide: GrantTerms): boolean => widerThan(narrow, wide).length === 0

const loanOfAll = {
  ...{ include_context: ['none' as const, 'thisServer' as const], models: ['*'] },
  ...{ max_tokens: 1000, max_rounds: 3 },
}
const base: GrantTerms = {
  initiator: { iss: 'https://idp.dev.countersign.test', sub: 'alice' },
  ...{ agent: null, code: 'incident.restore', ref: null, capabilities: ['ops/*'] },
  data: {
    classifications: ['public', 'internal'],
    resources: [],
    residency: ['EU'],
    directions: ['ingress'],
  },
  ...{ sampling: loanOfAll, clarification: true, budgets: {} },
  ...{ notBefore: 1_794_999_000, expiresAt: 1_795_003_600 },
}

/** What permits a base question, but for a part: so that there are permits to compare. */
const generous = fc
  .tuple(terms, fc.subarray(names, { maxLength: 1 }))
  .map(([other, changed]): GrantTerms => ({
    ...base,
    ...Object.fromEntries(changed.map((name) => [name, other[name]])),
  }))

describe('narrowing', () => {
  it('is reflexive', () => {
    fc.assert(fc.property(terms, (one) => lies(one, one)))
  })

  it('is transitive', () => {
    let found = 0
    fc.assert(
      fc.property(near(terms), terms, ([narrow, middle], other) => {
        const capabilities = [...middle.capabilities, ...other.capabilities]
        const wide = { ...middle, capabilities, clarification: true }
        if (!lies(narrow, middle) || !lies(middle, wide)) return true
        found += 1
        return lies(narrow, wide)
      }),
      { numRuns: 400 },
    )
    expect(found).toBeGreaterThan(20)
    // Patterns and prefixes are where an order could break: all triples of them.
    const only = (capabilities: readonly string[], resources: readonly string[]): GrantTerms => ({
      ...base,
      capabilities,
      data: { ...base.data, resources },
    })
    const triples = [
      patterns.map((one) => only([one], [])),
      prefixes.map((one) => only(['ops/*'], [one])),
    ].flatMap((all) =>
      all.flatMap((a) =>
        all.flatMap((b) => (lies(a, b) ? all.filter((c) => lies(b, c)).map((c) => [a, c]) : [])),
      ),
    )
    expect(triples.length).toBeGreaterThan(100)
    expect(triples.filter(([a = base, c = base]) => !lies(a, c))).toEqual([])
  })

  it('says what is wider', () => {
    const wide = { ...base, data: { ...base.data, residency: ['EU'], resources: ['k8s:prod/'] } }
    const narrow = { ...wide, data: { ...wide.data, residency: ['US'], resources: [] } }
    expect(widerThan(narrow, wide)).toEqual(['resources', 'residency'])
    expect(boundsWiderThan({ ...wide, agent: null }, { ...wide, agent: 'x' })).toEqual([])
    expect(widerThan({ ...wide, agent: null }, { ...wide, agent: 'x' })).toEqual(['agent'])
    expect(widerThan(wide, { ...wide, budgets: { calls: 1 } })).toEqual(['budgets'])
    expect(widerThan({ ...wide, expiresAt: wide.expiresAt + 1 }, wide)).toEqual(['times'])
  })
})

describe('what the policy permits by a narrower grant', () => {
  let judged: Judged
  beforeAll(async () => {
    judged = await startJudging()
  })
  afterAll(async () => {
    await judged.close()
  })

  const questions = ['tool', 'resource', 'sampling_request', 'form_request'].map((name) => {
    const question = baseQuestions.get(name)
    if (question === undefined) throw new Error(`there is no base question ${name}`)
    return question as unknown as PolicyInput
  })
  const asked = fc.record({
    question: fc.constantFrom(...questions),
    uri: fc.constantFrom('file:///reports/2026/47.md', 'file:///reports/../hr/pay.md'),
    resources: some('k8s:prod/api', 'k8s:prod/api-admin', 'file:///reports/2026/47.md', 'k8s:x'),
  })

  it('it permits by the wider', async () => {
    let permitted = 0
    const effectBy = async (
      { bounds, ...rest }: NonNullable<PolicyInput['attested']['purpose']>,
      one: PolicyInput,
    ): Promise<string> =>
      (await judged.judge({ ...one, attested: { ...one.attested, purpose: { ...rest, bounds } } }))
        .effect
    await fc.assert(
      fc.asyncProperty(
        near(generous),
        asked,
        async ([narrow, wide], { question, uri, resources }) => {
          if (!lies(narrow, wide)) return
          const one = {
            ...question,
            question: {
              ...question.question,
              data_scope: { ...question.question.data_scope, resources },
              ...(question.question.kind === 'resource' ? { key: `resource:${uri}`, uri } : {}),
            },
          }
          if ((await effectBy(purposeOf(narrow), one)) !== 'permit') return
          permitted += 1
          expect(await effectBy(purposeOf(wide), one)).toBe('permit')
        },
      ),
      { numRuns: 600 },
    )
    expect(permitted).toBeGreaterThan(20)
  })
})

function purposeOf(one: GrantTerms): NonNullable<PolicyInput['attested']['purpose']> {
  const { data, sampling: loan, clarification, capabilities } = one
  return {
    ...{ grant_id: 'pg_1', iss: 'https://localhost/dev', code: one.code, ref: one.ref },
    initiator: one.initiator,
    bounds: { ...data, capabilities: [...capabilities], sampling: loan, clarification } as never,
    ...{ agent: one.agent, budgets: one.budgets, parent: null },
    ...{ left: { calls: null, model_calls: null } },
    ...{ not_before: one.notBefore, expires_at: one.expiresAt },
  }
}
