/** Taking a token apart: each check before the signature, with its own failure. */
import { describe, expect, it } from '@jest/globals'
import { limits } from '../../service/contract/limits.ts'
import { parseMembers, parseToken } from '../../service/identity/parse-token.ts'
import { peekAudiences, peekIssuer } from '../../service/identity/peek.ts'
import {
  refusedHeaders,
  refusedTyps,
  tokenProfiles,
  type TokenProfile,
} from '../../service/identity/token-profile.ts'
import { forge } from '../support/issuer.ts'

const profile: TokenProfile = tokenProfiles.access_token
const header = { alg: 'ES256', kid: 'k', typ: 'at+jwt' }
const good = forge(header, { iss: 'i' })
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

function outcome(compact: string, row = profile): string {
  const parsed = parseToken(compact, row)
  return parsed.ok ? 'ok' : parsed.failure
}

it('gives the parts, and the bytes that were signed', () => {
  const parsed = parseToken(good, profile)
  if (!parsed.ok) throw new Error(parsed.failure)
  const { signingInput, payload, signature, alg, kid } = parsed.value
  expect([alg, kid, textOf(payload), textOf(signature)]).toEqual([
    'ES256',
    'k',
    '{"iss":"i"}',
    'sig',
  ])
  expect(`${textOf(signingInput)}.c2ln`).toBe(good)
})

describe('size, character set and base64url', () => {
  it.each([
    ['nothing', '', 'malformed'],
    ['one segment', 'abcd', 'malformed'],
    ['two segments', good.split('.').slice(0, 2).join('.'), 'malformed'],
    ['four segments', `${good}.x`, 'malformed'],
    ['a JWE', 'aaaa..aaaa.aaaa.aaaa', 'wrong_type'],
    ['no header', `.${good.split('.').slice(1).join('.')}`, 'malformed'],
    ['no signature', `${good.split('.').slice(0, 2).join('.')}.`, 'malformed'],
    ['padding', `${good}==`, 'malformed'],
    ['a line break inside', good.replace('.', '.\n'), 'malformed'],
    ['a space at the end', `${good} `, 'malformed'],
    ['the standard alphabet', `${good}+/aa`, 'malformed'],
    ['an impossible length', `${good}A`, 'malformed'],
    ['unused bits in the header', good.replace(/^[^.]*/u, 'YR'), 'malformed'],
    ['unused bits in the signature', forge(header, {}, 'c2lnYR'), 'malformed'],
    ['unused bits in the payload', good.replace(/\.[^.]*\./u, '.YR.'), 'malformed'],
    [
      'JSON serialization',
      JSON.stringify({ protected: 'a', payload: 'b', signature: 'c' }),
      'malformed',
    ],
    ['too many bytes', forge(header, { pad: 'x'.repeat(limits.tokenBytes) }), 'too_large'],
    [
      'a header too large',
      forge({ ...header, pad: 'x'.repeat(limits.tokenHeaderBytes) }, {}),
      'too_large',
    ],
  ])('%s', (_name, compact, failure) => {
    expect(outcome(compact)).toBe(failure)
  })
})

describe('the largest that is read', () => {
  const headerOf = (bytes: number): string => {
    const bare = JSON.stringify({ ...header, pad: '' }).length
    return forge({ ...header, pad: 'x'.repeat(bytes - bare) }, {})
  }
  it('token', () => {
    const exact = `${good}${'A'.repeat(limits.tokenBytes - good.length)}`
    expect(exact).toHaveLength(limits.tokenBytes)
    expect(outcome(exact)).not.toBe('too_large')
    expect(outcome(`${exact}A`)).toBe('too_large')
  })
  it('header', () => {
    expect(outcome(headerOf(limits.tokenHeaderBytes))).toBe('ok')
    expect(outcome(headerOf(limits.tokenHeaderBytes + 1))).toBe('too_large')
  })
  it('kid', () => {
    expect(outcome(forge({ ...header, kid: 'k'.repeat(limits.kidCharacters) }, {}))).toBe('ok')
  })
})

describe('the header', () => {
  const bare = '{"alg":"ES256","kid":"k","typ":"at+jwt"'
  it.each([
    ['unknown members are ignored', { ...header, x5t: 'a', 'x5t#S256': 'b' }, 'ok'],
    ['the long form of typ', { ...header, typ: 'application/at+jwt' }, 'ok'],
    ['not an object', [header], 'malformed'],
    ['not JSON', 'x', 'malformed'],
    [
      'too deep',
      { ...header, x: JSON.parse('['.repeat(20) + ']'.repeat(20)) as unknown },
      'malformed',
    ],
    ['alg twice', `${bare},"alg":"none"}`, 'duplicate_member'],
    ['kid twice, escaped', `${bare},"\\u006bid":"other"}`, 'duplicate_member'],
    ['a prototype', `${bare},"__proto__":{}}`, 'malformed'],
    ['no typ', { ...header, typ: undefined }, 'wrong_type'],
    ['typ in capitals', { ...header, typ: 'AT+JWT' }, 'wrong_type'],
    ['typ null', { ...header, typ: null }, 'wrong_type'],
    ['typ a list', { ...header, typ: ['at+jwt'] }, 'wrong_type'],
    ['alg none', { ...header, alg: 'none' }, 'alg_refused'],
    ['alg nOnE', { ...header, alg: 'nOnE' }, 'alg_refused'],
    ['alg HS256', { ...header, alg: 'HS256' }, 'alg_refused'],
    ['alg in lower case', { ...header, alg: 'es256' }, 'alg_refused'],
    ['no alg', { ...header, alg: undefined }, 'alg_refused'],
    ['alg a list', { ...header, alg: ['ES256'] }, 'alg_refused'],
    ['no kid', { ...header, kid: undefined }, 'kid_missing'],
    ['kid a number', { ...header, kid: 5 }, 'header_refused'],
    ['kid empty', { ...header, kid: '' }, 'header_refused'],
    ['kid with NUL', { ...header, kid: 'k\u0000' }, 'header_refused'],
    ['kid with a line break', { ...header, kid: 'a\nb' }, 'header_refused'],
    ['kid outside ASCII', { ...header, kid: 'ключ' }, 'header_refused'],
    ['kid as a path is only a name', { ...header, kid: '../../etc/passwd' }, 'ok'],
    ['kid as SQL', { ...header, kid: "'--" }, 'ok'],
    ['kid too long', { ...header, kid: 'k'.repeat(limits.kidCharacters + 1) }, 'header_refused'],
  ])('%s', (_name, value, failure) => {
    expect(outcome(forge(value, {}))).toBe(failure)
  })

  it.each(refusedHeaders)('%s is refused, whatever its value', (name) => {
    for (const value of [null, false, {}, [], 'x']) {
      expect(outcome(forge({ ...header, [name]: value }, {}))).toBe('header_refused')
    }
  })

  it('a closed header has no other member', () => {
    const { jwt_svid: svid, purpose_grant: grant } = tokenProfiles
    expect(outcome(forge({ alg: 'ES256', kid: 'k' }, {}), svid)).toBe('ok')
    expect(outcome(forge({ alg: 'ES256', kid: 'k', typ: null }, {}), svid)).toBe('wrong_type')
    expect(outcome(forge({ alg: 'ES256', kid: 'k', x: 1 }, {}), svid)).toBe('header_refused')
    expect(outcome(forge({ ...header, typ: 'purpose-grant+jwt', x: 1 }, {}), grant)).toBe(
      'header_refused',
    )
  })
})

it('no profile takes a type that is never evidence', () => {
  for (const row of Object.values(tokenProfiles)) {
    for (const typ of refusedTyps)
      expect(outcome(forge({ ...header, typ }, {}), row)).toBe('wrong_type')
  }
})

describe('the payload as members', () => {
  it.each([
    ['{"a":1}', 'ok'],
    ['5', 'malformed'],
    ['"iss"', 'malformed'],
    ['[]', 'malformed'],
    ['null', 'malformed'],
    ['', 'malformed'],
    ['{"sub":1,"sub":2}', 'duplicate_member'],
    ['{"exp":1e400}', 'bad_claim'],
    ['{"exp":9007199254740993}', 'bad_claim'],
    ['{"__proto__":1}', 'malformed'],
    ['{"sub":"\\ud800"}', 'malformed'],
  ])('%s', (text, failure) => {
    const members = parseMembers(new TextEncoder().encode(text))
    expect(members.ok ? 'ok' : members.failure).toBe(failure)
  })
})

describe('looking ahead for the issuer', () => {
  it.each([
    [{ iss: 'https://a' }, 'https://a'],
    [{ iss: '' }, 'bad_claim'],
    [{ iss: ['a'] }, 'bad_claim'],
    [{}, 'bad_claim'],
    [[], 'malformed'],
  ])('%j', (payload, expected) => {
    const issuer = peekIssuer(bytesOf(payload), profile)
    expect(issuer.ok ? issuer.value : issuer.failure).toBe(expected)
  })
  it.each([
    [{ sub: 'spiffe://td/a' }, 'td'],
    [{ sub: 'spiffe://td' }, 'bad_identifier'],
    [{ sub: 'spiffe://TD/a' }, 'bad_identifier'],
    [{ sub: 7 }, 'bad_identifier'],
    [{}, 'bad_identifier'],
  ])('%j', (payload, expected) => {
    const issuer = peekIssuer(bytesOf(payload), tokenProfiles.jwt_svid)
    expect(issuer.ok ? issuer.value : issuer.failure).toBe(expected)
  })
  it('bytes that are no JSON are malformed', () => {
    expect(peekIssuer(Uint8Array.of(0xff), profile)).toEqual({ ok: false, failure: 'malformed' })
  })
})

describe('looking ahead for the tenant', () => {
  it.each([
    [{ aud: 'a' }, ['a']],
    [{ aud: ['a', 5, 'b'] }, ['a', 'b']],
    [{}, []],
    [{ aud: 5 }, []],
    [[], []],
    [
      { aud: Array.from({ length: 20 }, () => 'x') },
      Array.from({ length: limits.audiences }, () => 'x'),
    ],
  ])('%j', (payload, expected) => {
    expect(peekAudiences(forge(header, payload))).toEqual(expected)
  })
  it.each(['', 'a', 'a.?.c', 'a.YR.c', 'x'.repeat(limits.tokenBytes + 1)])(
    'an unreadable token names none',
    (compact) => {
      expect(peekAudiences(compact)).toEqual([])
    },
  )
})
