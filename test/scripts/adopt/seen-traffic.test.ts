/** What recorded questions show becomes purposes and grants that cover them and nothing more. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { grantOf, purposeOf, questionsOn } from '../../../scripts/adopt/purpose-proposal.ts'
import { seenIn, type SeenPurpose } from '../../../scripts/adopt/seen-traffic.ts'
import { trafficPage } from '../../../scripts/adopt/traffic-page.ts'
import type { PolicyInput } from '../../../service/contract/policy-input.ts'
import { startJudging, type Judged } from '../../support/policy-engine.ts'
import { registryCopy } from '../../support/released-bundles.ts'

let judged: Judged
let asked: PolicyInput
let report: PolicyInput
beforeAll(async () => {
  judged = await startJudging()
  asked = await judged.inputOf(judged.queries.permit)
  report = await reading('/ops/a')
})
afterAll(async () => {
  await judged.close()
})

function reading(path: string): Promise<PolicyInput> {
  const { permit } = judged.queries
  return judged.inputOf({
    ...permit,
    capability: { kind: 'tool', name: 'read_report', arguments: { path } },
  })
}

type Change = (input: PolicyInput) => PolicyInput
const changed = (change: Change): PolicyInput => change(structuredClone(asked))
const only = (inputs: readonly PolicyInput[]): SeenPurpose => {
  const { purposes } = seenIn(inputs)
  expect(purposes).toHaveLength(1)
  return purposes[0]!
}

describe('questions under one purpose', () => {
  it('become what they asked for, counted by who asked', () => {
    const bob = changed((input) => {
      input.verified.initiator.sub = 'bob'
      return input
    })
    const seen = only([asked, asked, bob, report])
    expect(seen).toMatchObject({
      ...{ code: 'incident.restore', questions: 4, issued: 4, initiators: 2 },
      capabilities: [
        { capability: 'ops/tool:read_report', questions: 1, initiators: 1 },
        { capability: 'ops/tool:status', questions: 3, initiators: 2 },
      ],
      ...{ classifications: ['internal'], residency: ['EU'], directions: ['internal'] },
      resources: ['report:/ops/a'],
    })
    expect(grantOf(seen)).toEqual({
      purpose: { code: 'incident.restore' },
      capabilities: ['ops/tool:read_report', 'ops/tool:status'],
      data: {
        ...{ classifications: ['internal'], residency: ['EU'], directions: ['internal'] },
        resources: ['report:/ops/a'],
      },
    })
    expect(purposeOf(seen, { owner: 't', review_by: 1 })).not.toHaveProperty('sampling')
  })

  it('do not widen by what a caller claims of its data', async () => {
    const claims = {
      classifications: ['secret'],
      resources: ['report:'],
      direction: 'egress',
    } as const
    const { permit } = judged.queries
    const input = await judged.inputOf({
      ...permit,
      data_scope: { ...claims, classifications: ['secret'], resources: ['report:'] },
    })
    const seen = only([input])
    expect(seen).toMatchObject({
      classifications: ['internal'],
      resources: [],
      directions: ['internal'],
    })
    expect(questionsOn(seen, registryCopy()).join('\n')).toMatch(
      /claimed to touch "egress", "report:", "secret"/u,
    )
  })

  it('never become a bound that covers what was not seen', async () => {
    const seen = only([report, await reading(''), await reading('/ops')])
    expect(seen.unboundedResources).toEqual(['report:', 'report:/ops'])
    expect(grantOf(seen)?.data.resources).toEqual(['report:/ops/a'])
    const bare = only([await reading('')])
    // An empty list would mean any resource.
    expect(grantOf(bare)).toBeNull()
    expect(questionsOn(bare, registryCopy()).join('\n')).toMatch(/as a bound would cover others/u)
  })

  it('say when only agents named the purpose, and when a registered one does not cover them', () => {
    const self = changed((input) => {
      input.attested.purpose = null
      input.asserted.purpose_code = 'incident.restore'
      return input
    })
    const registry = registryCopy()
    registry.purposes['incident.restore']!.residency = []
    const lines = questionsOn(only([self]), registry).join('\n')
    expect(lines).toMatch(/only ever said by agents \(1 questions\)/u)
    expect(lines).toMatch(/does not cover "EU"/u)
  })
})

describe('nothing is proposed for questions', () => {
  it.each<[string, Change, RegExp]>([
    [
      'without a proven initiator',
      (one) => ({
        ...one,
        verified: { ...one.verified, initiator: { ...one.verified.initiator, grade: 'none' } },
      }),
      /without proof/u,
    ],
    [
      'without a proven server',
      (one) => ({
        ...one,
        verified: { ...one.verified, server: { ...one.verified.server, grade: 'none' } },
      }),
      /without proof/u,
    ],
    [
      'about what is not registered',
      (one) => ({ ...one, registry: { ...one.registry, capability: null } }),
      /not registered, such as "tool:status"/u,
    ],
    [
      'for no purpose',
      (one) => ({
        ...one,
        attested: { approval: null, purpose: null, refusal: null },
        asserted: { ...one.asserted, purpose_code: null },
      }),
      /name no purpose/u,
    ],
    [
      'for a purpose with a terminal code',
      (one) => ({
        ...one,
        attested: { approval: null, purpose: null, refusal: null },
        asserted: { ...one.asserted, purpose_code: 'a\u001b[2J' },
      }),
      /nobody can read, such as "a \?2J"/u,
    ],
    [
      'for a purpose that is no name of an object',
      (one) => ({
        ...one,
        attested: { approval: null, purpose: null, refusal: null },
        asserted: { ...one.asserted, purpose_code: '__proto__' },
      }),
      /nobody can read/u,
    ],
    [
      'for a capability that would stand for all',
      (one) => ({ ...one, question: { ...one.question, key: 'tool:*' } }),
      /a grant cannot name alone/u,
    ],
    [
      'for a server that would stand for all',
      (one) => ({ ...one, question: { ...one.question, server_id: '*' } }),
      /a grant cannot name alone/u,
    ],
  ])('%s, and they are counted', (_what, change, line) => {
    const { purposes, left } = seenIn([changed(change), changed(change)])
    expect(purposes).toEqual([])
    expect(left).toEqual([expect.stringMatching(line)])
    expect(left[0]).toMatch(/^2 questions/u)
  })

  it('whose data scope could not be derived', async () => {
    const unresolved = await judged.inputOf({
      ...judged.queries.permit,
      capability: { kind: 'tool', name: 'read_report', arguments: {} },
    })
    expect(seenIn([unresolved]).left).toEqual([expect.stringMatching(/could not be derived/u)])
  })
})

it('a reviewer sees each capability, by how many it was asked for, and nothing that Markdown obeys', () => {
  const evil = changed((input) => {
    input.question.key = 'resource:x|<img_src=a>`'
    return input
  })
  const page = trafficPage('a\u001b[2J.jsonl', [only([asked, evil])], ['left'])
  expect(page).toMatch(/\| ops\/tool:status \| 1 \| 1 \|/u)
  expect(page.split('\n').slice(1).join(' ')).not.toMatch(/[<>`\p{Cc}]/u)
})
