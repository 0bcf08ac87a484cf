/** What the verifier says of grants, from leaves alone. */
import { describe, expect, it } from '@jest/globals'
import { Grants } from '../../../scripts/log/verify/grants.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'

type Told = Readonly<Record<string, unknown>>

const permit = (jti: string, purpose: string | null = null, kind = 'grant'): Told => ({
  ...{ kind: 'decision', jti, effect: 'permit', capability: { kind } },
  purpose: purpose === null ? null : { code: 'c', grant_id: purpose },
})
const issue = (id: string, decision: string, parent: string | null = null): Told => ({
  kind: 'grant_issued',
  event: {
    ...{ grant_id: id, decision_id: decision, not_before: 1, expires_at: 2 },
    parent: parent === null ? null : { iss: 'i', grant_id: parent },
  },
})
const revoke = (id: string): Told => ({ kind: 'grant_revoked', event: { grant_id: id } })
const used = (id: string): Told => permit('dec_use', id, 'tool')

function faultOf(told: readonly Told[]): unknown {
  const grants = new Grants()
  try {
    for (const [index, leaf] of told.entries()) grants.check({ ...leaf, index } as unknown as Leaf)
    return null
  } catch (error) {
    return (error as { place: { check: string; index: number; found: string } }).place
  }
}

const chain = [permit('dec_1'), issue('a', 'dec_1'), permit('dec_2', 'a'), issue('b', 'dec_2', 'a')]

describe('the verifier', () => {
  it('takes grants that decisions permitted, and what was permitted by them', () => {
    expect(faultOf([...chain, used('b'), revoke('b'), used('a'), revoke('a')])).toBe(null)
  })

  it.each<[string, readonly Told[], number, string]>([
    ['a grant that no decision permits', [issue('a', 'dec_1')], 0, 'dec_1'],
    ['two grants of one decision', [...chain, issue('c', 'dec_1')], 4, 'dec_1'],
    [
      'a grant of a permitted call',
      [permit('dec_1', null, 'tool'), issue('a', 'dec_1')],
      1,
      'dec_1',
    ],
    ['the end of no grant', [...chain, revoke('c')], 4, 'c'],
    ['an end twice', [...chain, revoke('a'), revoke('a')], 5, 'a'],
    ['a permit by what was revoked', [...chain, revoke('b'), used('b')], 5, 'b'],
    ['a permit by what was narrowed from it', [...chain, revoke('a'), used('b')], 5, 'b'],
    [
      'a grant that is narrowed from what was revoked',
      [...chain, permit('dec_3', 'a'), revoke('a'), issue('c', 'dec_3', 'a')],
      ...([6, 'a'] as const),
    ],
  ])('refuses %s', (_what, told, index, found) => {
    expect(faultOf(told)).toMatchObject({ check: 'grant', index, found })
  })
})
