/** The claims of each kind of token: what a signed payload must say, and when it stands. */
import { describe, expect, it } from '@jest/globals'
import { limits } from '../../service/contract/limits.ts'
import { acceptAccessToken, readAccessToken } from '../../service/identity/access-token.ts'
import { acceptJwtSvid, readJwtSvid } from '../../service/identity/jwt-svid.ts'
import { acceptPepToken, readPepToken } from '../../service/identity/pep-token.ts'
import { acceptPurposeGrant, readPurposeGrant } from '../../service/purpose/grant.ts'
import {
  accessClaims,
  grantClaims,
  idp,
  moment,
  pepClaims,
  resource,
  svidClaims,
  tenantAudience,
} from '../support/issuer.ts'

type Changes = Record<string, unknown>
const actor = (sub: string, more: Changes = {}): Changes => ({ iss: idp, sub, ...more })
const chain = (depth: number): unknown =>
  Array.from({ length: depth }, (_, i) => `actor-${String(i)}`).reduceRight<unknown>(
    (act, sub) => actor(sub, act === undefined ? {} : { act }),
    undefined,
  )

const kinds = {
  access: (changes: Changes, now = moment, issuers = [idp]): unknown => {
    const claims = readAccessToken({ ...accessClaims, ...changes })
    const pep = { issuer: idp, clientId: 'gateway' }
    return claims.ok
      ? acceptAccessToken(claims.value, { now, audience: resource, pep, issuers })
      : claims
  },
  pep: (changes: Changes, now = moment): unknown => {
    const claims = readPepToken({ ...pepClaims, ...changes })
    return claims.ok ? acceptPepToken(claims.value, { now, audience: tenantAudience }) : claims
  },
  svid: (changes: Changes, now = moment): unknown => {
    const claims = readJwtSvid({ ...svidClaims, ...changes })
    return claims.ok ? acceptJwtSvid(claims.value, { now, audience: tenantAudience }) : claims
  },
  grant: (changes: Changes, now = moment): unknown => {
    const claims = readPurposeGrant({ ...grantClaims, ...changes })
    return claims.ok ? acceptPurposeGrant(claims.value, { now, audience: tenantAudience }) : claims
  },
}
type Kind = keyof typeof kinds
const every = Object.keys(kinds) as Kind[]
const failing = (failure: string): unknown => ({ ok: false, failure })
const standing = expect.objectContaining({ ok: true })

describe.each(every)('%s: the moment', (kind) => {
  const judge = kinds[kind]
  const cap = { access: 3600, pep: 3600, svid: 600, grant: 7 * 24 * 3600 }[kind]
  const times = (iat: number, exp: number): Changes => ({ iat: moment + iat, exp: moment + exp })
  it.each([
    ['stands', {}, 'ok'],
    ['is at its end, within the skew', times(-100, 0), 'ok'],
    ['ended 29 s ago', times(-100, -29), 'ok'],
    ['ended 30 s ago', times(-100, -30), 'expired'],
    ['ended 31 s ago', times(-100, -31), 'expired'],
    ['was issued 30 s ahead of us', times(30, 240), 'ok'],
    ['was issued 31 s ahead of us', times(31, 240), 'not_yet_valid'],
    ['begins 30 s from now', { nbf: moment + 30 }, 'ok'],
    ['begins 31 s from now', { nbf: moment + 31 }, 'not_yet_valid'],
    ['lives as long as it may', times(0, cap), 'ok'],
    ['lives too long', times(-1, cap), 'lifetime'],
    ['ends too late by any clock', { iat: moment + 30, exp: moment + 31 + cap }, 'lifetime'],
    ['began with the epoch', { iat: 0 }, 'lifetime'],
    ['never ends', { exp: Number.MAX_SAFE_INTEGER }, 'lifetime'],
    ['ends before it begins', { iat: moment, exp: moment }, 'bad_claim'],
    ['begins when it ends', { nbf: moment + 240, exp: moment + 240 }, 'bad_claim'],
    ['no exp', { exp: undefined }, 'bad_claim'],
    ['exp a text', { exp: String(moment + 240) }, 'bad_claim'],
    ['exp a fraction', { exp: moment + 0.5 }, 'bad_claim'],
    ['exp negative', { exp: -1, iat: undefined }, 'bad_claim'],
    ['exp infinite', { exp: Number.POSITIVE_INFINITY }, 'bad_claim'],
    ['exp null', { exp: null }, 'bad_claim'],
    ['iat a text', { iat: '0' }, 'bad_claim'],
    ['iat null', { iat: null }, 'bad_claim'],
    ['nbf negative', { nbf: -1 }, 'bad_claim'],
  ])('%s', (_name, changes, outcome) => {
    expect(judge(changes)).toEqual(outcome === 'ok' ? standing : failing(outcome))
  })
})

describe.each(every)('%s: the audience', (kind) => {
  const judge = kinds[kind]
  const own = kind === 'access' ? resource : tenantAudience
  it.each([
    ['ours', own, 'ok'],
    ['ours in a list', [own], 'ok'],
    ['another', 'https://elsewhere.example', 'audience'],
    ['a prefix of ours', own.slice(0, -1), 'audience'],
    ['ours with a slash', `${own}/`, 'audience'],
    ['ours in capitals', own.toUpperCase(), 'audience'],
    ['missing', undefined, 'audience'],
    ['an empty list', [], 'audience'],
    ['a number', 5, 'bad_claim'],
    ['an empty text', '', 'bad_claim'],
    ['a list with a number', [own, 5], 'bad_claim'],
    ['an object', { [own]: true }, 'bad_claim'],
    ['nine', Array.from({ length: limits.audiences + 1 }, () => own), 'audience_many'],
  ])('%s', (_name, aud, outcome) => {
    // A schema says of the empty list what the others say of an audience that is not ours.
    const expected =
      kind === 'grant' && Array.isArray(aud) && aud.length === 0 ? 'bad_claim' : outcome
    expect(judge({ aud })).toEqual(expected === 'ok' ? standing : failing(expected))
  })
  it('ours, as often as there may be audiences', () => {
    const aud = Array.from({ length: limits.audiences }, () => own)
    expect(judge({ aud })).toEqual(kind === 'svid' ? failing('audience_many') : standing)
  })
  it('ours among others', () => {
    const expected = kind === 'svid' ? failing('audience_many') : standing
    expect(judge({ aud: ['https://elsewhere.example', own] })).toEqual(expected)
  })
})

describe.each(['access', 'pep'] as const)('%s: RFC 9068', (kind) => {
  const judge = kinds[kind]
  it.each([
    ['no sub', { sub: undefined }, 'bad_claim'],
    ['an empty sub', { sub: '' }, 'bad_claim'],
    ['sub a number', { sub: 7 }, 'bad_claim'],
    ['no client_id', { client_id: undefined }, 'bad_claim'],
    ['no jti', { jti: undefined }, 'bad_claim'],
    ['no iss', { iss: undefined }, 'bad_claim'],
    ['no iat', { iat: undefined }, 'bad_claim'],
    ['scope a list', { scope: ['a'] }, 'bad_claim'],
    ['groups a text', { groups: 'a' }, 'bad_claim'],
    ['groups with a number', { groups: ['a', 1] }, 'bad_claim'],
    ['acr a number', { acr: 1 }, 'bad_claim'],
    ['auth_time a text', { auth_time: '1' }, 'bad_claim'],
    ['an ID token, by its nonce', { nonce: 'n' }, 'id_token'],
    ['an ID token, by at_hash', { at_hash: 'h' }, 'id_token'],
    ['an ID token, by c_hash', { c_hash: null }, 'id_token'],
    ['an ID token, by s_hash', { s_hash: 'h' }, 'id_token'],
    ['an event token', { events: {} }, 'wrong_type'],
    ['bound to a key, without proof of it', { cnf: { jkt: 'x'.repeat(43) } }, 'pop_missing'],
    ['bound to a certificate', { cnf: { 'x5t#S256': 'x'.repeat(43) } }, 'certificate_missing'],
  ])('%s', (_name, changes, failure) => {
    expect(judge(changes)).toEqual(failing(failure))
  })
})

describe('the initiator', () => {
  it('a person, with all that the token says', () => {
    const changes = {
      scope: 'a  b',
      groups: ['oncall'],
      acr: 'mfa',
      auth_time: moment - 100,
      act: actor('planner'),
    }
    expect(kinds.access(changes)).toEqual({
      ok: true,
      value: {
        grade: 'bearer',
        iss: idp,
        sub: 'alice',
        kind: 'person',
        client_id: 'agent-1',
        scopes: ['a', 'b'],
        groups: ['oncall'],
        acr: 'mfa',
        auth_time: moment - 100,
        expires_at: moment + 240,
        delegation: [{ iss: idp, sub: 'planner' }],
      },
    })
  })
  it('a workload is its own client', () => {
    const plain = expect.objectContaining({
      kind: 'workload',
      scopes: [],
      groups: [],
      acr: null,
      auth_time: null,
      delegation: [],
    })
    expect(kinds.access({ sub: 'agent-1' })).toEqual({ ok: true, value: plain })
  })
  it.each([
    ['the gateway itself', { sub: 'gateway', client_id: 'gateway' }, failing('subject_is_pep')],
    ['a person through the gateway', { client_id: 'gateway' }, standing],
    ['a person named like the gateway', { sub: 'gateway' }, standing],
  ])('%s', (_name, changes, expected) => {
    expect(kinds.access(changes)).toEqual(expected)
  })
  it('a namesake of the gateway at another issuer is somebody else', () => {
    const other = { iss: 'https://other.example', sub: 'gateway', client_id: 'gateway' }
    expect(kinds.access(other)).toEqual(standing)
  })
  it('without a gateway there is none to be', () => {
    const claims = readAccessToken({ ...accessClaims, sub: 'gateway', client_id: 'gateway' })
    if (!claims.ok) throw new Error(claims.failure)
    expect(
      acceptAccessToken(claims.value, {
        now: moment,
        audience: resource,
        pep: null,
        issuers: [idp],
      }).ok,
    ).toBe(true)
  })
})

describe('the delegation chain', () => {
  const two = [idp, 'https://agents.example']
  it.each([
    ['eight actors', { act: chain(8) }, [idp], standing],
    ['nine actors', { act: chain(9) }, [idp], failing('chain_too_deep')],
    [
      'an actor twice',
      { act: actor('a', { act: actor('b', { act: actor('a') }) }) },
      [idp],
      failing('chain_loop'),
    ],
    ['the subject as its own actor', { act: actor('alice') }, [idp], failing('chain_loop')],
    ['the subject, its issuer left out', { act: { sub: 'alice' } }, [idp], failing('chain_loop')],
    [
      'the same name at two issuers',
      { act: actor('a', { act: actor('a', { iss: two[1] }) }) },
      two,
      standing,
    ],
    [
      'an unknown issuer',
      { act: actor('a', { iss: 'https://evil.example' }) },
      two,
      failing('chain_issuer'),
    ],
    [
      'an unknown issuer deep inside',
      { act: actor('a', { act: actor('b', { iss: 'https://evil.example' }) }) },
      two,
      failing('chain_issuer'),
    ],
    ['no issuer, and one is trusted', { act: { sub: 'a' } }, [idp], standing],
    ['no issuer, and two are trusted', { act: { sub: 'a' } }, two, failing('chain_issuer')],
    ['the actor that may act', { act: actor('a'), may_act: actor('a') }, [idp], standing],
    [
      'the same, of an issuer that both assume',
      { act: { sub: 'a' }, may_act: { sub: 'a' } },
      [idp],
      standing,
    ],
    [
      'the same, of an issuer that one assumes',
      { act: actor('a'), may_act: { sub: 'a' } },
      two,
      standing,
    ],
    ['nobody, where somebody may act', { may_act: actor('a') }, [idp], standing],
    [
      'another than may act',
      { act: actor('b'), may_act: actor('a') },
      [idp],
      failing('chain_not_allowed'),
    ],
    [
      'the name that may act, at another issuer',
      { act: actor('a', { iss: two[1] }), may_act: { sub: 'a' } },
      two,
      failing('chain_not_allowed'),
    ],
    [
      'who may act, further back, behind somebody else',
      { act: actor('b', { act: actor('a') }), may_act: actor('a') },
      [idp],
      failing('chain_not_allowed'),
    ],
    [
      'a hop that the actor before it allows',
      { act: actor('b', { act: actor('a', { may_act: actor('b') }) }) },
      [idp],
      standing,
    ],
    [
      'a hop that the actor before it does not allow',
      { act: actor('b', { act: actor('a', { may_act: actor('c') }) }) },
      [idp],
      failing('chain_not_allowed'),
    ],
    [
      'an actor of whom more is demanded than is said',
      { act: actor('a'), may_act: actor('a', { client_id: 'x' }) },
      [idp],
      failing('chain_not_allowed'),
    ],
    [
      'an actor of whom all is said that is demanded',
      { act: actor('a', { client_id: 'x' }), may_act: actor('a', { client_id: 'x' }) },
      [idp],
      standing,
    ],
    ['may_act without a subject', { may_act: { iss: idp } }, [idp], failing('bad_claim')],
    ['may_act as a list', { act: actor('a'), may_act: [actor('a')] }, [idp], failing('bad_claim')],
    ['may_act as null', { act: actor('a'), may_act: null }, [idp], failing('bad_claim')],
    [
      'may_act with a chain',
      { may_act: actor('a', { act: actor('b') }) },
      [idp],
      failing('bad_claim'),
    ],
    ['a text', { act: 'a' }, [idp], failing('bad_claim')],
    ['null', { act: null }, [idp], failing('bad_claim')],
    ['a list', { act: [actor('a')] }, [idp], failing('bad_claim')],
    ['no subject', { act: { iss: idp } }, [idp], failing('bad_claim')],
    ['an issuer that is no text', { act: { iss: 5, sub: 'a' } }, [idp], failing('bad_claim')],
    ['an actor that expires', { act: actor('a', { exp: moment }) }, [idp], failing('bad_claim')],
    [
      'an actor with an audience',
      { act: actor('a', { aud: resource }) },
      [idp],
      failing('bad_claim'),
    ],
    ['null inside', { act: actor('a', { act: null }) }, [idp], failing('bad_claim')],
  ])('%s', (_name, changes, issuers, expected) => {
    expect(kinds.access(changes, moment, issuers)).toEqual(expected)
  })
  it('the current actor comes first', () => {
    const value = expect.objectContaining({
      delegation: [actor('actor-0'), actor('actor-1'), actor('actor-2')],
    })
    expect(kinds.access({ act: chain(3) })).toEqual({ ok: true, value })
  })
})

describe('the gateway', () => {
  it('is known by client and issuer, with its scopes', () => {
    const value = {
      iss: idp,
      sub: 'gateway',
      clientId: 'gateway',
      scopes: ['pdp.evaluate', 'pdp.audit.read'],
      expiresAt: moment + 240,
      issuedAt: moment - 60,
      bound: null,
    }
    expect(kinds.pep({})).toEqual({ ok: true, value })
  })
  it('speaks for itself alone', () => {
    expect(kinds.pep({ act: actor('a') })).toEqual(failing('bad_claim'))
  })
})

describe('the server', () => {
  it('is its SPIFFE ID', () => {
    const value = {
      grade: 'bearer',
      launch: null,
      tls: null,
      platform: null,
      spiffe_id: svidClaims.sub,
      trust_domain: 'example.org',
      expires_at: moment + 240,
    }
    expect(kinds.svid({ jti: 'again and again', iss: undefined })).toEqual({ ok: true, value })
    expect(kinds.svid({ iat: undefined })).toEqual({ ok: true, value })
  })
  it.each([
    ['no sub', { sub: undefined }, 'bad_identifier'],
    ['a trust domain alone', { sub: 'spiffe://example.org' }, 'bad_identifier'],
    ['dot segments', { sub: 'spiffe://example.org/a/../b' }, 'bad_identifier'],
    ['a user', { sub: 'alice' }, 'bad_identifier'],
    ['a WIT in disguise', { cnf: { jwk: {} } }, 'pop_missing'],
    ['an event token', { events: {} }, 'wrong_type'],
    ['no iat, and too long', { iat: undefined, exp: moment + 601 }, 'lifetime'],
  ])('%s', (_name, changes, failure) => {
    expect(kinds.svid(changes)).toEqual(failing(failure))
  })
})
