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
  event: { approval_id: 'apr_1', verdict: 'approve', voter: 'v', person: 'v', shown_digest: 's' },
} as unknown as EventLeaf
const use = (claims: Partial<DecisionLeaf>): Leaf =>
  ({ ...decision, index: 2, approval: { id: 'apr_1', votes: ['vot_1'] }, ...claims }) as Leaf

function checked(last: Leaf): void {
  const consents = new Consents()
  for (const leaf of [held, vote, last]) consents.check(leaf)
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
