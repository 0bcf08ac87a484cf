/** What uses an approval up goes ahead: permitted, or denied and only observed. */
import { describe, expect, it } from '@jest/globals'
import { Consents } from '../../../scripts/log/verify/consents.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'

const binding = { action_digest: 'a', round_digest: 'r' }
const decision = { kind: 'decision', phase: 'request', binding, sub: 'alice', actors: [], iat: 1 }
const held = {
  ...decision,
  index: 0,
  hold: { id: 'apr_1', exp: 9, group: 'g', quorum: 1, shown_digest: 's' },
} as unknown as Leaf
const vote = {
  ...{ kind: 'approval_vote', index: 1, jti: 'vot_1', iat: 1 },
  event: {
    ...{ approval_id: 'apr_1', verdict: 'approve', voter: 'v', person: 'v', shown_digest: 's' },
    assurance: 'signed_in',
  },
} as unknown as EventLeaf
const use = (claims: Partial<DecisionLeaf>): Leaf =>
  ({ ...decision, index: 2, approval: { id: 'apr_1', votes: ['vot_1'] }, ...claims }) as Leaf

function checked(last: Leaf, said: readonly Leaf[] = [vote], request: Leaf = held): void {
  const consents = new Consents()
  for (const leaf of [request, ...said, last]) consents.check(leaf)
}

const observed = {
  ...{ judged_effect: 'deny', answered_effect: 'permit', expires_at: '', by: [] },
} as NonNullable<DecisionLeaf['observed']>

describe('a use of an approval', () => {
  it('is of a permit, or of a denial that is only observed', () => {
    expect(() => {
      checked(use({ effect: 'permit' }))
    }).not.toThrow()
    expect(() => {
      checked(use({ effect: 'deny', observed }))
    }).not.toThrow()
  })

  it.each(['deny', 'hold'] as const)('is not of what stands still: %s', (effect) => {
    expect(() => {
      checked(use({ effect }))
    }).toThrow()
  })
})

describe('a use by what was demanded', () => {
  const demanding = (demand: object): Leaf => {
    const { hold } = held as DecisionLeaf
    return { ...held, hold: { ...hold, ...demand } } as Leaf
  }
  const said = (jti: string, event: object): Leaf => {
    return { ...vote, jti, event: { ...vote.event, voter: jti, person: jti, ...event } }
  }
  const by = (...votes: readonly string[]): Leaf =>
    use({ effect: 'permit', approval: { id: 'apr_1', votes: [...votes] } })

  it.each<[string, object, readonly Leaf[], Leaf]>([
    ['a comment', {}, [said('vot_2', { verdict: 'comment' })], by('vot_2')],
    ['a workload for a person', {}, [said('vot_2', { workload: 'w' })], by('vot_2')],
    [
      'too few persons',
      { quorum: 2 },
      [vote, said('vot_2', { workload: 'w' })],
      by('vot_1', 'vot_2'),
    ],
    ['too unsure a consent', { assurance: 'key_bound' }, [vote], by('vot_1')],
    ['no vote of a workload', { workloads: ['w'] }, [vote], by('vot_1')],
  ])('is not by %s', (_what, demand, votes, last) => {
    expect(() => {
      checked(last, votes, demanding(demand))
    }).toThrow(/consent|persons|earlier|workload/u)
  })

  it('is by enough of each', () => {
    const votes = [
      said('vot_0', { verdict: 'comment', voter: 'alice', person: 'alice' }),
      said('vot_1', { assurance: 'passkey' }),
      said('vot_2', { workload: 'w' }),
    ]
    expect(() => {
      checked(by('vot_1', 'vot_2'), votes, demanding({ assurance: 'key_bound', workloads: ['w'] }))
    }).not.toThrow()
  })

  it('is not by the author of the policy that asked', () => {
    const asked = { ...held, policy_authors: ['vot_1'] } as Leaf
    expect(() => {
      checked(by('vot_1'), [said('vot_1', {})], asked)
    }).toThrow()
  })
})
