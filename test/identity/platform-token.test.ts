/** Tokens of platforms: whose, for whom, of what; and what a job for somebody else's change may not be. */
import { describe, expect, it } from '@jest/globals'
import {
  acceptPlatformToken,
  isSharedIssuer,
  readPlatformToken,
} from '../../service/identity/platform-token.ts'
import { moment, platformClaims, tenantAudience } from '../support/issuer.ts'

const judge = (changes: object, demands: Readonly<Record<string, string>> | null = {}) => {
  const claims = readPlatformToken({ ...platformClaims, ...changes })
  if (!claims.ok) return claims
  const expected = { now: moment, audience: tenantAudience, demands: () => demands }
  return acceptPlatformToken(claims.value, expected)
}

const kubernetes = {
  sub: 'system:serviceaccount:ops:mcp',
  'kubernetes.io': {
    namespace: 'ops',
    serviceaccount: { name: 'mcp', uid: 'u-1' },
    pod: { name: 'mcp-0', uid: 'u-2' },
    warnafter: moment + 100,
  },
}

describe('a platform token', () => {
  it('says what it says as texts, members of members under their names', () => {
    expect(judge(kubernetes)).toMatchObject({
      ok: true,
      value: {
        subject: 'system:serviceaccount:ops:mcp',
        platform: {
          issuer: platformClaims.iss,
          claims: {
            'kubernetes.io/namespace': 'ops',
            'kubernetes.io/serviceaccount/uid': 'u-1',
            'kubernetes.io/warnafter': String(moment + 100),
          },
        },
      },
    })
  })

  it.each([
    ['another owner', { repository_owner_id: '13' }, 'issuer_scope'],
    ['no owner', { repository_owner_id: undefined }, 'issuer_scope'],
    ['an owner as a list', { repository_owner_id: ['12'] }, 'issuer_scope'],
    ['a pull request', { event_name: 'pull_request' }, 'issuer_scope'],
    [
      'a pull request with the rights of its target',
      { event_name: 'pull_request_target' },
      'issuer_scope',
    ],
    [
      'a merge request',
      { event_name: undefined, pipeline_source: 'merge_request_event' },
      'issuer_scope',
    ],
    ['another audience', { aud: 'https://github.com/acme' }, 'audience'],
    ['two audiences', { aud: [tenantAudience, 'https://x.example'] }, 'audience_many'],
    ['no audience', { aud: undefined }, 'audience'],
    [
      'a year to live',
      { iat: moment - 1, nbf: undefined, exp: moment + 365 * 24 * 3600 },
      'lifetime',
    ],
    ['no time of issue', { iat: undefined }, 'bad_claim'],
    ['no subject', { sub: undefined }, 'bad_claim'],
    ['the marks of an ID token', { nonce: 'n' }, 'id_token'],
    ['the marks of an access token', { client_id: 'c' }, 'wrong_type'],
    ['a key that nobody proved', { cnf: { jkt: 'x' } }, 'wrong_type'],
    ['events', { events: {} }, 'wrong_type'],
  ])('with %s is refused', (_name, changes, failure) => {
    expect(judge(changes, { repository_owner_id: '12' })).toEqual({ ok: false, failure })
  })

  it('of a change that the tenant means is taken', () => {
    const demands = { event_name: 'pull_request', repository_id: '34' }
    expect(judge({ event_name: 'pull_request' }, demands)).toMatchObject({ ok: true })
    expect(judge({ event_name: 'push' }, demands)).toEqual({ ok: false, failure: 'issuer_scope' })
  })

  it('of an issuer that is no platform of the tenant is refused', () => {
    expect(judge({}, null)).toEqual({ ok: false, failure: 'issuer_unknown' })
  })

  it.each([
    ['https://token.actions.githubusercontent.com', true],
    ['https://gitlab.com', true],
    ['https://login.microsoftonline.com/11/v2.0', true],
    ['https://gitlab.acme.example', false],
    ['https://kubernetes.default.svc', false],
  ])('%s serves everybody: %s', (issuer, expected) => {
    expect(isSharedIssuer(issuer)).toBe(expected)
  })
})
