/** Proof sessions as the log tells them: whose they are, when they are over, and how many of them are remembered. */
import { describe, expect, it } from '@jest/globals'
import { Sessions } from '../../service/audit/sessions.ts'
import type { EventKind, EventLeaf } from '../../service/contract/leaf.ts'
import { limits } from '../../service/contract/limits.ts'
import type { StopScope } from '../../service/contract/stop.ts'
import { digestOfText } from '../../service/statement/digest.ts'

const gateway = { issuer: 'https://idp', client_id: 'gw' }
const quoted = (name: string) => ({ handle: digestOfText(name), server: 'ops', gateway })

function leaf(kind: EventKind, event: Record<string, unknown>, iat = 100, jti = 'evt'): EventLeaf {
  return { v: 1, iss: 'log', jti, iat, index: 0, kind, tenant: 't', event }
}

function open(sessions: Sessions, name: string, iat = 100, changes: object = {}): void {
  const opening = {
    ...{ server: 'ops', gateway, workload: 'spiffe://t/ops', trust_domain: 't' },
    ...{ expires_at: iat + 100, handle: digestOfText(name), evidence: [], replay_keys: [] },
  }
  sessions.follow(leaf('session_opened', { ...opening, ...changes }, iat, name))
}

const opened = (...names: readonly string[]): Sessions => {
  const sessions = new Sessions()
  for (const name of names) open(sessions, name)
  return sessions
}

const failure = (sessions: Sessions, of: Parameters<Sessions['find']>[0], now = 150): string => {
  const found = sessions.find(of, now)
  return found.ok ? 'ok' : found.failure
}

describe('a session', () => {
  it('stands until it expires, and not a second longer', () => {
    const sessions = opened('a')
    expect([199, 200].map((now) => failure(sessions, quoted('a'), now))).toEqual(['ok', 'expired'])
    expect(sessions.standing(199)).toEqual([
      {
        ...{ id: 'a', server: 'ops', gateway, workload: 'spiffe://t/ops', trust_domain: 't' },
        ...{ expires_at: 200, opened_at: 100 },
      },
    ])
    expect(sessions.standing(200)).toEqual([])
  })

  it.each([
    ['another handle', quoted('b')],
    ['another server', { ...quoted('a'), server: 'crm' }],
    ['another gateway', { ...quoted('a'), gateway: { ...gateway, client_id: 'other' } }],
    [
      'a gateway of that name of another issuer',
      { ...quoted('a'), gateway: { ...gateway, issuer: 'x' } },
    ],
  ])('is unknown to %s, also after its end', (_who, of) => {
    const sessions = opened('a')
    expect([150, 300].map((now) => failure(sessions, of, now))).toEqual(
      Array(2).fill('session_unknown'),
    )
    sessions.follow(leaf('session_ended', { id: 'a' }))
    expect(failure(sessions, of)).toBe('session_unknown')
  })

  it('is ended by its id, and no other with it', () => {
    const sessions = opened('a', 'b')
    sessions.follow(leaf('session_ended', { id: 'a' }))
    expect(['a', 'b'].map((name) => failure(sessions, quoted(name)))).toEqual([
      'session_ended',
      'ok',
    ])
  })

  it.each<[StopScope, boolean]>([
    [{ kind: 'tenant' }, true],
    [{ kind: 'server', server: 'ops' }, true],
    [{ kind: 'server', server: 'crm' }, false],
    [{ kind: 'pep', client_id: 'gw' }, true],
    [{ kind: 'pep', client_id: 'other' }, false],
    [{ kind: 'capability', server: 'ops', capability: 'tool:x' }, false],
    [{ kind: 'agent', client_id: 'gw' }, false],
  ])('by the stop %j: %s; lifting it brings nothing back', (scope, isEnded) => {
    const sessions = opened('a')
    sessions.follow(leaf('kill_switch', { scope, by: 'o', reason: 'r' }))
    sessions.follow(leaf('kill_switch_lifted', { id: 'evt' }))
    expect(failure(sessions, quoted('a'))).toBe(isEnded ? 'session_ended' : 'ok')
  })
})

describe('sessions', () => {
  it('of one server are bounded while they stand, those of another are not touched', () => {
    const sessions = new Sessions()
    for (let n = 0; n < limits.sessionsPerServer; n += 1) {
      expect(sessions.hasRoom('ops', 150)).toBe(true)
      open(sessions, String(n))
    }
    expect([sessions.hasRoom('ops', 150), sessions.hasRoom('crm', 150)]).toEqual([false, true])
    expect(sessions.hasRoom('ops', 200)).toBe(true)
    sessions.follow(leaf('session_ended', { id: '3' }))
    expect(sessions.hasRoom('ops', 150)).toBe(true)
  })

  it('that are over are forgotten one day, the oldest first, and none that stands', () => {
    const sessions = new Sessions()
    open(sessions, 'stands', 100, { expires_at: 10_000 })
    for (let n = 0; n < 200; n += 1) {
      open(sessions, String(n), 100 + n)
      sessions.follow(leaf('session_ended', { id: String(n) }, 100 + n))
    }
    const ends = Array.from({ length: 200 }, (_, n) => failure(sessions, quoted(String(n)), 300))
    expect(ends.filter((end) => end === 'session_ended').length).toBeLessThanOrEqual(
      limits.endedSessionsPerServer + 1,
    )
    expect([ends[0], ends[199]]).toEqual(['session_unknown', 'session_ended'])
    expect(failure(sessions, quoted('stands'), 300)).toBe('ok')
  })
})
