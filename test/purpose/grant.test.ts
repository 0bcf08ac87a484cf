/** What a signed purpose grant says, and what it must say; its moment and audience are tested with the other tokens. */
import { describe, expect, it } from '@jest/globals'
import { acceptPurposeGrant, readPurposeGrant } from '../../service/purpose/grant.ts'
import { grantClaims, idp, moment, tenantAudience } from '../support/issuer.ts'

function judge(changes: Record<string, unknown>): unknown {
  const claims = readPurposeGrant({ ...grantClaims, ...changes })
  const expected = { now: moment, audience: tenantAudience }
  return claims.ok ? acceptPurposeGrant(claims.value, expected) : claims
}

describe('the purpose grant', () => {
  const bounds = {
    capabilities: ['ops/tool:deploy'],
    ...grantClaims.data,
    sampling: null,
    clarification: false,
  }
  const facts = {
    grant_id: 'pg-1',
    iss: grantClaims.iss,
    code: 'incident.restore',
    ref: 'INC-4711',
    initiator: { iss: idp, sub: 'alice' },
    not_before: moment - 60,
    expires_at: moment + 3600,
    bounds,
    ...{ agent: null, parent: null, budgets: {}, left: { calls: null, model_calls: null } },
  }
  const sampling = { include_context: ['none'], models: ['m'], max_tokens: 10, max_rounds: 1 }
  it.each([
    ['leaves out what it does not give', {}, facts],
    ['has no reference', { purpose: { code: 'x' } }, { ...facts, code: 'x', ref: null }],
    ['begins later', { nbf: moment - 10 }, { ...facts, not_before: moment - 10 }],
    [
      'gives sampling and clarification',
      { sampling, clarification: true },
      { ...facts, bounds: { ...bounds, sampling, clarification: true } },
    ],
    [
      'is for one client, so often, and narrowed from another',
      { agent: 'a', budgets: { calls: 3 }, parent: 'pg_0' },
      { ...facts, agent: 'a', budgets: { calls: 3 }, parent: 'pg_0' },
    ],
    ['has members that we do not know', { extra: 1 }, facts],
  ])('%s', (_name, changes, value) => {
    expect(judge(changes)).toEqual({ ok: true, value })
  })
  it.each([
    ['no jti', { jti: undefined }, 'bad_claim'],
    ['no iat', { iat: undefined }, 'bad_claim'],
    ['no initiator', { initiator: undefined }, 'bad_claim'],
    ['an initiator that is a text', { initiator: 'alice' }, 'bad_claim'],
    ['no capability', { capabilities: [] }, 'bad_claim'],
    ['no data bounds', { data: undefined }, 'bad_claim'],
    [
      'a direction that is none',
      { data: { ...grantClaims.data, directions: ['up'] } },
      'bad_claim',
    ],
    ['sampling without a cap', { sampling: { ...sampling, max_tokens: undefined } }, 'bad_claim'],
    ['a budget of nothing', { budgets: { calls: 0 } }, 'bad_claim'],
    ['bound to a key', { cnf: {} }, 'pop_missing'],
    ['an event token', { events: {} }, 'wrong_type'],
  ])('%s', (_name, changes, failure) => {
    expect(judge(changes)).toEqual({ ok: false, failure })
  })
})
