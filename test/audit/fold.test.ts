/** Whatever is saved after any number of leaves and resumed goes on as if it had never been saved. */
import { describe, expect, it } from '@jest/globals'
import { resumeFolds, saveFolds, startFolds, type SavedFold } from '../../service/audit/fold.ts'
import { logFoldKinds } from '../../service/audit/log-folds.ts'
import type { Leaf } from '../../service/contract/leaf.ts'
import { digestOfText } from '../../service/statement/digest.ts'

const digest = digestOfText('any')
const gateway = { issuer: 'https://idp', client_id: 'gw' }
const subject = `hmac:${'a'.repeat(64)}`

const events: readonly (readonly [string, Record<string, unknown>])[] = [
  ['kill_switch', { scope: { kind: 'tenant' }, by: 'x', reason: 'r' }],
  ['session_opened', { handle: digest, server: 's', gateway, expires_at: 500, evidence: [] }],
  ['revocation', { subject, at: 5 }],
  ['proof_spent', { replay_keys: [{ digest, until: 300 }] }],
  ['kill_switch', { scope: { kind: 'pep', client_id: 'gw' }, by: 'x', reason: 'r' }],
  ['kill_switch_lifted', { id: 'evt_1' }],
  ['session_opened', { handle: digestOfText('2'), server: 's', gateway, expires_at: 500 }],
  ['session_ended', { id: 'evt_7' }],
  ['start', {}],
  ['approval_vote', { approval_id: 'hold', verdict: 'approve' }],
  ['erasure', { subject, by: 'x', reason: 'r' }],
  ['key_rotation', started('k1', 100)],
  ['key_rotation', started('k2', 112)],
  ['key_rotation', { change: 'start', use: 'note', vkey: 'log+1+key', nbf: 100 }],
  ['key_rotation', { change: 'end', use: 'decision', kid: 'k1', exp: 115 }],
  ['erasure', { kind: 'retention', class: 'names', before: 50, keep_days: 1 }],
  ['erasure', { kind: 'retention', class: 'names', before: 40, keep_days: 1 }],
  ['log_pruned', { minimum: 9, base: digest }],
  [
    'grant_issued',
    {
      grant_id: 'pg_1',
      decision_id: 'dec_1',
      parent: null,
      budgets: { calls: 2 },
      expires_at: 900,
    },
  ],
  ['grant_revoked', { grant_id: 'pg_1', by: 'x', reason: 'r' }],
  ['key_revocation', { kid: 'k2', compromised_at: 113, reason: 'r', by: 'x' }],
  ['passkey_enrolled', passkeyed('cred-1')],
  ['passkey_enrolled', passkeyed('cred-2')],
  ['passkey_removed', { account: subject, credential_id: 'cred-1' }],
]

function passkeyed(credential: string): Record<string, unknown> {
  const key = { public_key: 'AQ', sign_count: 0, rp_id: 'h', origin: 'o', device: 'singleDevice' }
  return { account: subject, credential_id: credential, ...key }
}

function started(kid: string, from: number): Record<string, unknown> {
  const times = { nbf: from, signs_from: from, exp: 900 }
  return { change: 'start', use: 'decision', key: { kid }, ...times }
}

/** The request for an approval, which an event votes on. */
const held = {
  ...{ kind: 'decision', phase: 'request', binding: { action_digest: digest }, actors: [] },
  ...{ sub: subject, aud: 'gw', capability: { server: 's', key: null }, workflow: { id: 'wf' } },
  ...{ hold: { id: 'hold', group: 'g', quorum: 1, shown_digest: digest, exp: 900 } },
  ...{ replay_keys: [] },
}

/** What a server was permitted to ask back. */
const asked = {
  ...{ kind: 'decision', phase: 'input_request', effect: 'permit', actors: [], replay_keys: [] },
  ...{ sub: subject, aud: 'gw', workflow: { id: 'wf' }, binding: { definition_digest: digest } },
  capability: { server: 's', kind: 'elicitation', key: null },
}

const leaves = [held, ...events.map(([kind, event]) => ({ kind, event })), asked].map(
  (leaf, index) => ({ ...leaf, index, jti: `evt_${index}`, iat: 100 + index }) as unknown as Leaf,
)

function folded(from: readonly SavedFold[] | null, rest: readonly Leaf[]): readonly SavedFold[] {
  const folds = from === null ? startFolds(logFoldKinds) : resumeFolds(logFoldKinds, from)!
  for (const leaf of rest) for (const fold of Object.values(folds)) fold.follow(leaf)
  // As it comes back from a file.
  return JSON.parse(JSON.stringify(saveFolds(logFoldKinds, folds))) as SavedFold[]
}

describe('the folds of a log', () => {
  const whole = folded(null, leaves)

  it('hold something of each kind', () => {
    expect(whole.map(({ state }) => JSON.stringify(state))).toEqual([
      expect.stringContaining('"changedAt":20'),
      expect.stringMatching(/evt_5.*"epoch":3/u),
      expect.stringMatching(/"id":"evt_2".*"id":"evt_7".*"isEnded":true/u),
      expect.stringMatching(/"votes":\[\{.*"changedAt":10/u),
      expect.stringMatching(/^\[\{"id":"evt_\d+".*"cred-2"[^{]*\}\]$/u),
      expect.stringMatching(/"questions":\[\[.*"answeredBy":null.*"lanes":\[\[/u),
      JSON.stringify({ subjects: [[subject, 11]], classes: [['names', 50]] }),
      expect.stringMatching(/"pg_1".*"revoked":\{"grant_id":"pg_1".*"changedAt":20/u),
      expect.stringMatching(
        /"k1".*"exp":115,"isOver":true.*"k2".*"compromisedAt":113.*log\+1\+key/u,
      ),
      expect.stringMatching(/"minimum":9.*"index":18/u),
      expect.stringContaining('300'),
    ])
  })

  it('go on from wherever they were saved', () => {
    for (let at = 0; at <= leaves.length; at += 1) {
      expect(folded(folded(null, leaves.slice(0, at)), leaves.slice(at))).toEqual(whole)
    }
  })

  it('are saved for good: what comes later does not change what was saved', () => {
    const folds = startFolds(logFoldKinds)
    const saved = saveFolds(logFoldKinds, folds)
    const before = JSON.stringify(saved)
    for (const leaf of leaves) for (const fold of Object.values(folds)) fold.follow(leaf)
    expect(JSON.stringify(saved)).toBe(before)
  })

  it('are not resumed when one is missing, one is more, or one is of another version', () => {
    const [first, ...others] = whole as [SavedFold, ...SavedFold[]]
    expect(resumeFolds(logFoldKinds, others)).toBeNull()
    expect(resumeFolds(logFoldKinds, [...whole, { ...first, name: 'other' }])).toBeNull()
    expect(resumeFolds(logFoldKinds, [{ ...first, version: 2 }, ...others])).toBeNull()
  })
})
