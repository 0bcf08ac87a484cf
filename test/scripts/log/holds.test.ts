/** countersign log holds, on leaves of which every figure is known. */
import { describe, expect, it } from '@jest/globals'
import { holdsText } from '../../../scripts/log/holds/holds-text.ts'
import { HoldsTally } from '../../../scripts/log/holds/holds-tally.ts'
import { mostInAnHour, waitsOf } from '../../../scripts/log/holds/waits.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'

const decision = (iat: number, claims: object = {}): Leaf =>
  ({ kind: 'decision', effect: 'permit', iat, ...claims }) as unknown as Leaf
const asks = (id: string, iat: number, group = 'g'): Leaf =>
  decision(iat, { effect: 'hold', hold: { id, group, quorum: 1, shown_digest: 's' } })
const event = (kind: string, iat: number, said: object): Leaf =>
  ({ kind, iat, event: said }) as unknown as Leaf
const votes = (id: string, iat: number, person: string, verdict = 'approve', more: object = {}) =>
  event('approval_vote', iat, { approval_id: id, person, verdict, ...more })

function reportOf(...leaves: readonly Leaf[]) {
  const tally = new HoldsTally()
  for (const leaf of leaves) tally.take(leaf)
  return tally.report()
}

const report = reportOf(
  asks('a', 0),
  asks('a', 1),
  votes('a', 10, 'rita'),
  decision(11, { approval: { id: 'a', votes: [] } }),
  asks('b', 100),
  votes('b', 130, 'rita', 'comment'),
  votes('b', 140, 'engine', 'approve', { workload: 'engine' }),
  votes('b', 150, 'rob', 'deny'),
  asks('c', 5000, 'h'),
  event('approval_expired', 9000, { approval_id: 'c' }),
  asks('d', 9000, 'h'),
  decision(9001, { effect: 'hold', hold: { id: 'rev', kind: 'review' } }),
  decision(9002),
)

describe('the report of holds', () => {
  it('counts what was held of what was decided', () => {
    expect(report).toMatchObject({ decisions: 8, held: 6, held_per_1000: 750 })
    expect(reportOf()).toMatchObject({ decisions: 0, held_per_1000: 0, groups: [] })
  })

  it('says of each group how much it was asked, how long that waited and what became of it', () => {
    expect(report.groups).toEqual([
      {
        ...{ group: 'g', asked: 2, joined: 1, most_asked_in_an_hour: 2, open: 0 },
        ended: { used: 1, denied: 1 },
        waits: { p50: 10, p90: 40, max: 40 },
      },
      {
        ...{ group: 'h', asked: 2, joined: 0, most_asked_in_an_hour: 1, open: 1 },
        ...{ ended: { expired: 1 }, waits: null },
      },
    ])
  })

  it('says of each person how she answers; no workload is one, and no comment an answer', () => {
    expect(report.approvers).toEqual([
      {
        ...{ person: 'rita', votes: 1, approved: 1, approve_rate: 1, most_in_an_hour: 1 },
        waits: { p50: 10, p90: 10, max: 10 },
      },
      {
        ...{ person: 'rob', votes: 1, approved: 0, approve_rate: 0, most_in_an_hour: 1 },
        waits: { p50: 50, p90: 50, max: 50 },
      },
    ])
  })

  it('reads as lines', () => {
    expect(holdsText(report, ['1 entries are not in this log']).split('\n')).toEqual([
      '6 of 8 decisions held: 750 per 1,000',
      '',
      'g',
      '  asked     2, joined by 1 of the same; at most 2 in an hour',
      '  became    1 used, 1 denied, 0 open',
      '  answered  within 10 s (half), 40 s (nine of ten), 40 s (all)',
      '',
      'h',
      '  asked     2, joined by 0 of the same; at most 1 in an hour',
      '  became    1 expired, 1 open',
      '  answered  never',
      '',
      'rita  1 votes, 100 % approved, at most 1 in an hour; within 10 s (half), 10 s (nine of ten), 10 s (all)',
      'rob  1 votes, 0 % approved, at most 1 in an hour; within 50 s (half), 50 s (nine of ten), 50 s (all)',
      '1 entries are not in this log',
    ])
  })
})

it('an hour is any hour', () => {
  expect(mostInAnHour([])).toBe(0)
  expect(mostInAnHour([0, 3599, 3600, 3601, 7199])).toBe(3)
  expect(mostInAnHour([0, 3600, 7200])).toBe(1)
})

it('waits are told by their order', () => {
  expect(waitsOf([])).toBeNull()
  expect(waitsOf([9, 1, 5])).toEqual({ p50: 5, p90: 9, max: 9 })
})
