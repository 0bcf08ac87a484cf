/** A quorum counts humans, by what the registry said when they voted and by what it says now. */
import { describe, expect, it } from '@jest/globals'
import { statusOf } from '../../service/approval/approval-status.ts'
import type { Approval, Vote } from '../../service/approval/approval.ts'
import { peopleOf, type People } from '../../service/approval/people.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { digestOfText, pseudonymOf } from '../../service/statement/digest.ts'
import { registry } from '../support/corridor.ts'

const key = new Uint8Array(32)
const iss = 'https://idp'
const named = (sub: string): string => pseudonymOf(key, iss, sub)
const people = (persons: Readonly<Record<string, readonly string[]>>): People =>
  peopleOf(
    {
      ...registry,
      persons: Object.fromEntries(
        Object.entries(persons).map(([name, subs]) => [name, subs.map((sub) => ({ iss, sub }))]),
      ),
    } satisfies Registry,
    key,
  )

const digest = digestOfText('any')
const approval = (votes: readonly Vote[], change: Partial<Approval> = {}): Approval => ({
  ...{ id: 'apr_1', decisionId: 'dec_1', workflowId: 'wf_1', key: digest, actionDigest: digest },
  ...{ shownDigest: digest, demand: { group: 'g', quorum: 2 }, subject: null, actors: [] },
  ...{ authors: [], pep: 'gw', pepIssuer: null },
  ...{
    server: 'ops',
    capability: null,
    purpose: null,
    requestedAt: 0,
    expiresAt: 100,
    asked: 1,
    votes,
  },
  ...{ isCancelled: false, isExpiryLogged: false, uses: [], usedBy: null, told: [], taint: [] },
  ...change,
})
const vote = (sub: string, then: People, verdict: Vote['verdict'] = 'approve'): Vote => ({
  ...{ id: `vot_${sub}`, at: 1, approval_id: 'apr_1', verdict, voter: named(sub) },
  ...{ person: then.personOf(named(sub)), member_by: 'registry', assurance: 'signed_in' },
  ...{ acr: null, shown_digest: digest, evidence: [], client_id: null, pep: 'gw' },
})
const status = (votes: readonly Vote[], now: People): string =>
  statusOf(approval(votes), 1, { stands: () => true, personOf: now.personOf })

const strangers = people({})

describe('a quorum of two', () => {
  it('is two humans of whom the registry says nothing', () => {
    const votes = [vote('a', strangers), vote('b', strangers)]
    expect(status(votes, strangers)).toBe('approved')
  })

  it.each([
    ['once the registry says that they are one', strangers, people({ one: ['a', 'b'] })],
    ['once the registry says so no longer', people({ one: ['a', 'b'] }), strangers],
  ])('is not one human with two accounts: %s', (_when, then, now) => {
    expect(status([vote('a', then), vote('b', then)], now)).toBe('pending')
  })

  it('is not one human whose accounts were put in another order between two votes', () => {
    const [then, now] = [people({ one: ['a', 'b'] }), people({ one: ['b', 'a'] })]
    const votes = [vote('a', then), vote('b', now)]
    expect(status(votes, now)).toBe('pending')
  })

  it('is not one human by an account that stands under two persons', () => {
    for (const persons of [
      { first: ['a', 'x'], second: ['b', 'x'] },
      { first: ['x', 'a'], second: ['b', 'x'] },
      { first: ['a'], second: ['x', 'b'], third: ['a', 'x'] },
    ]) {
      const now = people(persons)
      expect(new Set(['a', 'b', 'x'].map(named).map(now.personOf)).size).toBe(1)
    }
  })
})

it('a refusal stands, though it was taken back or expired at the same moment', () => {
  const votes = [vote('a', strangers, 'deny')]
  const standing = { stands: () => true, personOf: strangers.personOf }
  expect(statusOf(approval(votes, { isCancelled: true }), 1, standing)).toBe('denied')
  expect(statusOf(approval([], { isCancelled: true }), 1, standing)).toBe('cancelled')
})
