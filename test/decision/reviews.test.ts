import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import type { PolicyInput } from '../../service/contract/policy-input.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { reviewLine, reviewsOf, type Review } from '../../service/decision/reviews.ts'
import { startJudging, type Judged } from '../support/policy-engine.ts'
import { registryCopy } from '../support/released-bundles.ts'

const now = 1_795_000_000
const grace = 1000
const far = 4_102_444_800
const pep: PepRegistration = {
  ...{ client_id: 'gw', issuer: 'https://idp', project: 'p', environment: 'e', servers: [] },
  ...{ owner: 'gateway-team', review_by: far },
}

function registryWith(change: (registry: Registry) => void = () => undefined): Registry {
  const registry = registryCopy()
  registry.parameters.review_grace_seconds = grace
  change(registry)
  return registry
}

const late = (reviews: readonly Review[]): readonly Review[] =>
  reviews.filter(({ state }) => state !== 'current')

const exception = {
  ...{ id: 'exc-1', code: 'capability.argument_unlisted', server: 'ops', owner: 'ops-team' },
  ...{ capability: 'tool:status', reason: 'r', not_before: 0, expires_at: far },
}

describe('an entry is', () => {
  test.each([
    [now, 'current'],
    [now - 1, 'due'],
    [now - grace, 'due'],
    [now - grace - 1, 'overdue'],
  ])('with the date %d %s', (review_by, state) => {
    const registry = registryWith(({ servers, agents, purposes, exceptions }) => {
      for (const entries of [servers, agents, purposes])
        for (const entry of Object.values(entries)) entry.review_by = review_by
      exceptions.push({ ...exception, review_by })
    })
    const reviews = reviewsOf(registry, [{ ...pep, review_by }], now)
    expect(new Set(reviews.map((review) => review.state))).toEqual(new Set([state]))
    expect(new Set(reviews.map(({ entry }) => entry))).toEqual(
      new Set(['server', 'agent', 'purpose', 'exception', 'pep']),
    )
  })
})

test('those come first whose date is first, each with its owner', () => {
  const registry = registryWith(({ servers, purposes }) => {
    servers['ops']!.review_by = now - 5
    purposes['incident.restore']!.review_by = now - grace - 5
  })
  expect(late(reviewsOf(registry, [{ ...pep, review_by: now - 7 }], now))).toEqual([
    {
      ...{ entry: 'purpose', name: 'incident.restore', owner: 'platform-team' },
      ...{ review_by: now - grace - 5, denied_after: now - 5, state: 'overdue' },
    },
    {
      ...{ entry: 'pep', name: 'gw', owner: 'gateway-team' },
      ...{ review_by: now - 7, denied_after: now + grace - 7, state: 'due' },
    },
    {
      ...{ entry: 'server', name: 'ops', owner: 'platform-team' },
      ...{ review_by: now - 5, denied_after: now + grace - 5, state: 'due' },
    },
  ])
})

test.each<[Partial<Review>, string]>([
  [{}, 'server ops (owner o) was to be reviewed by 2026-11-18: past 2026-11-19 it is denied'],
  [
    { state: 'overdue', entry: 'exception', name: 'exc-1' },
    'exception exc-1 (owner o) was to be reviewed by 2026-11-18: since 2026-11-19 it waives nothing',
  ],
  [
    { state: 'current', entry: 'pep', name: 'gw' },
    'gateway gw (owner o) is to be reviewed by 2026-11-18',
  ],
  [
    { state: 'current', review_by: 253_402_300_799 },
    'server ops (owner o) is to be reviewed by 9999-12-31',
  ],
])('%j reads as a line', (change, line) => {
  const review: Review = {
    ...{ entry: 'server', name: 'ops', owner: 'o', state: 'due' },
    ...{ review_by: now, denied_after: now + 86_400 },
    ...change,
  }
  expect(reviewLine(review)).toBe(line)
})

describe('policy draws the same line', () => {
  let judged: Judged
  let input: PolicyInput

  beforeAll(async () => {
    judged = await startJudging()
    input = await judged.inputOf(judged.queries.permit)
  })
  afterAll(async () => {
    await judged.close()
  })

  test.each([now, now - 1, now - grace, now - grace - 1])('at %d', async (review_by) => {
    const registry = registryWith(({ servers }) => {
      servers['ops']!.review_by = review_by
    })
    const [review] = reviewsOf(registry, [], now).filter(({ name }) => name === 'ops')
    const { server } = input.registry
    const { effect } = await judged.judge({
      ...input,
      now,
      attested: {
        ...input.attested,
        purpose: { ...input.attested.purpose, not_before: 0, expires_at: far },
      },
      registry: {
        ...input.registry,
        parameters: registry.parameters,
        server: { ...server, review_by },
      },
    })
    expect(effect).toBe(review?.state === 'overdue' ? 'deny' : 'permit')
  })
})
