import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { call, callIn, query } from '../call.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const ed25519 = generateKeyPairSync('ed25519')

const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' })
const jwk = (key: KeyObject, more = {}): string =>
  JSON.stringify({ ...key.export({ format: 'jwk' }), ...more })
const text = (value: unknown): string => JSON.stringify(value)
const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')

/** Signed by whatever `signature` makes of the two sections. */
function token(header: unknown, payload: unknown, signature: (signed: string) => Buffer): string {
  const signed = `${encode(header)}.${encode(payload)}`
  return `${signed}.${signature(signed).toString('base64url')}`
}
const mac =
  (secret: string) =>
  (signed: string): Buffer =>
    createHmac('sha256', secret).update(signed).digest()
const rs256 = (signed: string): Buffer => sign('sha256', Buffer.from(signed), rsa.privateKey)
const es256 =
  (key: KeyObject) =>
  (signed: string): Buffer =>
    sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })

const no = '[false,{},{}]'

describe('a key verifies what it is for and nothing else', () => {
  const claims = { sub: 'someone' }
  const good = token({ alg: 'RS256' }, claims, rs256)

  test.each([
    ['a PEM public key', pem(rsa.publicKey)],
    ['a JWK', jwk(rsa.publicKey)],
    ['a set of JWKs', `{"keys":[${jwk(p256.publicKey)},${jwk(rsa.publicKey)}]}`],
  ])('%s verifies what its private key signed', async (_what, cert) => {
    expect(await call('io.jwt.decode_verify', text(good), text({ cert }))).toBe(
      '[true,{"alg":"RS256"},{"sub":"someone"}]',
    )
    expect(await call('io.jwt.verify_rs256', text(good), text(cert))).toBe('true')
  })

  test.each([
    [
      'the PEM of a public key as HMAC secret',
      token({ alg: 'HS256' }, claims, mac(pem(rsa.publicKey))),
    ],
    [
      'the JWK of a public key as HMAC secret',
      token({ alg: 'HS256' }, claims, mac(jwk(rsa.publicKey))),
    ],
    ['no algorithm', token({ alg: 'none' }, claims, () => Buffer.alloc(0))],
    ['an algorithm of another spelling', token({ alg: 'rs256' }, claims, rs256)],
    [
      'an algorithm that is a property of every object',
      token({ alg: 'constructor' }, claims, rs256),
    ],
    ['the algorithm of another scheme', token({ alg: 'PS256' }, claims, rs256)],
    ['another key', token({ alg: 'ES256' }, claims, es256(p256.privateKey))],
    ['no signature', `${good.slice(0, good.lastIndexOf('.'))}.`],
  ])('a token with %s is not verified', async (_what, forged) => {
    for (const cert of [pem(rsa.publicKey), jwk(rsa.publicKey)])
      expect(await call('io.jwt.decode_verify', text(forged), text({ cert }))).toBe(no)
    expect(await call('io.jwt.verify_hs256', text(forged), text('other'))).toBe('false')
  })

  test('a secret verifies no asymmetric signature', async () => {
    const secret = pem(rsa.publicKey)
    expect(await call('io.jwt.decode_verify', text(good), text({ secret }))).toBe(no)
  })

  test('a key of a set that says its algorithm is for that alone', async () => {
    const keys = `{"keys":[${jwk(rsa.publicKey, { alg: 'RS512' })}]}`
    expect(await call('io.jwt.verify_rs256', text(good), text(keys))).toBe('false')
    expect(await call('io.jwt.decode_verify', text(good), text({ cert: keys }))).toBe(no)
  })

  test('the key that the header names is asked alone', async () => {
    const named = token({ alg: 'RS256', kid: 'b' }, claims, rs256)
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    const set = (a: KeyObject, b: KeyObject): string =>
      text(`{"keys":[${jwk(a, { kid: 'a' })},${jwk(b, { kid: 'b' })}]}`)
    expect(await call('io.jwt.verify_rs256', text(named), set(other, rsa.publicKey))).toBe('true')
    expect(await call('io.jwt.verify_rs256', text(named), set(rsa.publicKey, other))).toBe('false')
  })

  test.each([
    ['verify_es256', text(pem(k256.publicKey)), 'a curve that OPA does not know'],
    ['verify_es256', text(jwk(k256.publicKey)), 'a JWK on a curve that OPA does not know'],
    ['verify_rs256', text('{}'), 'a JWK without a kind'],
    ['verify_rs256', text('[]'), 'a list'],
    ['verify_rs256', text('{"keys":{}}'), 'keys that are no list'],
    ['verify_rs256', text('nonsense'), 'nonsense'],
    ['verify_rs256', text(`${pem(rsa.publicKey)}\nmore`), 'more behind the key'],
    ['verify_rs256', '1', 'a number'],
    ['verify_hs256', 'null', 'no secret'],
  ])('%s with %s is undefined: %s', async (name, key) => {
    const made = token({ alg: 'ES256' }, claims, es256(k256.privateKey))
    expect(await call(`io.jwt.${name}`, text(made), key)).toBe('undefined')
  })

  test('a private key verifies nothing where OPA wants a public one', async () => {
    expect(await call('io.jwt.verify_rs256', text(good), text(jwk(rsa.privateKey)))).toBe('false')
  })

  test('a key too short for the algorithm verifies nothing', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 512 })
    const made = token({ alg: 'RS256' }, claims, (signed) =>
      sign('sha256', Buffer.from(signed), short.privateKey),
    )
    expect(await call('io.jwt.verify_rs256', text(made), text(pem(short.publicKey)))).toBe('false')
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
    expect(await call('io.jwt.verify_ps512', text(made), text(pem(small.publicKey)))).toBe('false')
  })
})

describe('what a token says is held against constraints', () => {
  const secret = 'secret'
  const seconds = Number(query.nowNs() / 1_000_000_000n)
  const made = (payload: unknown, header = {}): string =>
    text(token({ alg: 'HS256', ...header }, payload, mac(secret)))

  test.each([
    ['is not yet too late', { exp: seconds + 1 }, {}, true],
    ['is too late from that moment on', { exp: seconds }, {}, false],
    ['is in time from that moment on', { nbf: seconds }, {}, true],
    ['is too early', { nbf: seconds + 0.5 }, {}, false],
    ['is too late at the time of the constraint', { exp: 5 }, { time: 5e9 }, false],
    ['is in time at the time of the constraint', { exp: 5 }, { time: 4_999_999_999 }, true],
    ['is for an audience that nobody claims to be', { aud: 'me' }, {}, false],
    ['is for no audience', {}, { aud: 'me' }, false],
    ['is for several audiences', { aud: ['you', 'me'] }, { aud: 'me' }, true],
    ['has an audience that is no text', { aud: { me: 'me' } }, { aud: 'me' }, false],
    ['is of nobody', {}, { iss: 'me' }, false],
    ['is of another', { iss: 'you' }, { iss: 'me' }, false],
    ['is of another algorithm', {}, { alg: 'HS512' }, false],
  ])('a token that %s: %j under %j is %s', async (_what, claims, constraints, valid) => {
    const result = await call(
      'io.jwt.decode_verify',
      made(claims),
      text({ secret, ...constraints }),
    )
    expect(result.startsWith(`[${String(valid)},`)).toBe(true)
  })

  test('time is that of the query, not of the clock', async () => {
    const later = { ...query, nowNs: () => query.nowNs() + 1_000_000_000n }
    const jwt = made({ exp: seconds + 1 })
    expect(await call('io.jwt.decode_verify', jwt, text({ secret }))).not.toBe(no)
    expect(await callIn(later, 'io.jwt.decode_verify', jwt, text({ secret }))).toBe(no)
  })

  test.each([
    ['exp', { exp: 'tomorrow' }, { secret }],
    ['nbf', { nbf: null }, { secret }],
    ['iss', { iss: 1 }, { secret, iss: 'me' }],
    ['an unknown constraint', {}, { secret, jti: '1' }],
    ['no key', {}, {}],
    ['an empty secret', {}, { secret: '' }],
    ['two keys', {}, { secret, cert: pem(rsa.publicKey) }],
    ['a time that is none', {}, { secret, time: '5' }],
    ['a time before time', {}, { secret, time: -1 }],
  ])('wrong: %s makes the call undefined', async (_what, claims, constraints) => {
    expect(await call('io.jwt.decode_verify', made(claims), text(constraints))).toBe('undefined')
  })

  test.each([
    ['a critical parameter that nobody knows', { crit: ['b64'], b64: false }, no],
    ['critical parameters that are no list', { crit: 'b64' }, 'undefined'],
    ['no critical parameters', { crit: [] }, 'undefined'],
    ['a kid that is no text', { kid: 1 }, 'undefined'],
    ['encryption', { enc: 'A128GCM' }, 'undefined'],
  ])('a header with %s is not accepted', async (_what, header, result) => {
    expect(await call('io.jwt.decode_verify', made({}, header), text({ secret }))).toBe(result)
  })
})

describe('malformed tokens', () => {
  const header = encode({ alg: 'HS256' })
  test.each([
    ['', 'nothing'],
    ['..', 'empty sections'],
    [`${header}.e30`, 'two sections'],
    [`${header}.e30.AA.AA`, 'four sections'],
    [`${header}.e30.A`, 'a signature of one character'],
    [`${header}.e30==.AA`, 'wrong padding'],
    [`${header}.e30.A A`, 'a blank'],
    [`${header}.W10.AA`, 'a payload that is no object'],
    [`${encode([])}.e30.AA`, 'a header that is no object'],
    [`${Buffer.from('{1:2}').toString('base64url')}.e30.AA`, 'a header that is Rego but no JSON'],
    [`${header}.${Buffer.from('{"a":1e99999999}').toString('base64url')}.AA`, 'an endless number'],
  ])('%j, %s, is undefined', async (jwt) => {
    expect(await call('io.jwt.decode', text(jwt))).toBe('undefined')
  })

  test('great integers stay exact, and of two members with one name the last one stands', async () => {
    const payload = Buffer.from('{"n":1,"n":12345678901234567890}').toString('base64url')
    expect(await call('io.jwt.decode', text(`${header}.${payload}.AA`))).toBe(
      '[{"alg":"HS256"},{"n":12345678901234567890},"00"]',
    )
  })
})

describe('what is signed', () => {
  test.each([
    ['RS256', rsa, 'verify_rs256'],
    ['PS256', rsa, 'verify_ps256'],
    ['PS512', rsa, 'verify_ps512'],
    ['ES256', p256, 'verify_es256'],
    ['EdDSA', ed25519, 'verify_eddsa'],
  ] as const)('by %s is verified, and signed alike again', async (alg, pair, verifier) => {
    const operands = [text({ alg }), '{"aud":{"b","a"}}', jwk(pair.privateKey)] as const
    const jwt = await call('io.jwt.encode_sign', ...operands)
    expect(await call(`io.jwt.${verifier}`, jwt, text(pem(pair.publicKey)))).toBe('true')
    expect(await call('io.jwt.encode_sign', ...operands)).toBe(jwt)
    expect(await call('io.jwt.decode', jwt)).toContain('{"aud":["a","b"]}')
  })

  test('is the JSON that Go writes', async () => {
    const key = '{"kty":"oct","k":"AA"}'
    const jwt = JSON.parse(
      await call('io.jwt.encode_sign', '{"alg":"HS256"}', '{"a":"<&>"}', key),
    ) as string
    expect(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()).toBe(
      '{"a":"\\u003c\\u0026\\u003e"}',
    )
  })

  test.each([
    ['{"alg":"none"}', '{}', '{"kty":"oct","k":"AA"}'],
    ['{"alg":"HS256"}', '{}', jwk(rsa.publicKey)],
    ['{"alg":"RS256"}', '{}', jwk(rsa.publicKey)],
    ['{"alg":"RS256"}', '{}', '{"kty":"oct","k":"AA"}'],
    ['{"alg":"HS256"}', '{}', '{"kty":"oct","k":""}'],
    ['{"alg":"HS256"}', '{}', '{"keys":[]}'],
    ['null', '{}', '{"kty":"oct","k":"AA"}'],
  ])('not at all with header %s and payload %s by %s', async (...operands) => {
    expect(await call('io.jwt.encode_sign', ...operands)).toBe('undefined')
    const raw = operands.map((operand) => text(operand))
    expect(await call('io.jwt.encode_sign_raw', ...raw)).toBe('undefined')
  })
})
