/** Key sets that somebody else wrote: which are refused, which keys count, and for which algorithm. */
import { readFileSync } from 'node:fs'
import { constants, createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import {
  parseKeySet,
  readKeySet,
  type KeySet,
  type KeySetForm,
} from '../../../service/adapter/key-sets/key-set.ts'
import { limits } from '../../../service/contract/limits.ts'
import { tokenProfiles } from '../../../service/identity/token-profile.ts'
import { createRoot } from '../../support/certificates.ts'

const oauth = ['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519', 'EdDSA']
const { algorithms: spiffe } = tokenProfiles.jwt_svid
const bytesOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

async function publicJwk(alg: string, changes: object = {}): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(publicKey)), kid: 'k', ...changes }
}

function setOf(
  value: unknown,
  form: KeySetForm = 'jwks',
  algorithms: readonly string[] = oauth,
): KeySet {
  const reading = parseKeySet(bytesOf(value), form, algorithms)
  if (!reading.ok) throw new Error(reading.reason)
  return reading.value
}

function reasonOf(value: unknown, form: KeySetForm = 'jwks'): string {
  const reading = parseKeySet(bytesOf(value), form, oauth)
  return reading.ok ? 'accepted' : reading.reason
}

const rsa = (modulusLength: number, publicExponent = 65537): JWK => ({
  ...generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({
    format: 'jwk',
  }),
  kid: 'k',
})

describe('a set that is refused whole', () => {
  it.each([
    ['no object', [], 'it is not an object'],
    ['no keys', {}, 'its member keys is not a list of objects'],
    ['keys that are no list', { keys: {} }, 'its member keys is not a list of objects'],
    ['keys that are lists', { keys: [[]] }, 'its member keys is not a list of objects'],
    ['keys that are texts', { keys: ['a'] }, 'its member keys is not a list of objects'],
    [
      'a web page',
      '<!doctype html><title>Sign in</title>',
      expect.stringContaining('Refused') as unknown,
    ],
    [
      'a member that stands twice',
      '{"keys":[],"keys":[]}',
      expect.stringContaining('/keys') as unknown,
    ],
    ['too large', { keys: [], pad: 'x'.repeat(300_000) }, 'it is too large'],
    [
      'a symmetric key',
      { keys: [{ kty: 'oct', k: 'AA', kid: 'a' }] },
      expect.stringContaining('/keys/0 holds a secret') as unknown,
    ],
  ])('%s', (_name, value, reason) => {
    expect(reasonOf(value)).toEqual(reason)
  })

  it('a symmetric key, even without its secret', () => {
    expect(reasonOf({ keys: [{ kty: 'oct', kid: 'a' }] })).toContain('/keys/0 holds a secret')
  })

  it('two keys of one kid', async () => {
    const [a, b] = [await publicJwk('ES256'), await publicJwk('EdDSA')]
    expect(reasonOf({ keys: [a, b] })).toBe('/keys/1 has the kid of another key')
    expect(reasonOf({ keys: [a, { ...b, use: 'enc' }] })).toBe('/keys/1 has the kid of another key')
  })

  it.each(['d', 'p', 'k', 'oth'])('a private member %s, in whatever entry', async (member) => {
    const jwk = await publicJwk('ES256')
    expect(reasonOf({ keys: [jwk, { kty: 'RSA', use: 'enc', [member]: 'AA' }] })).toContain(
      '/keys/1 holds a secret',
    )
  })
})

describe('the algorithm of a key', () => {
  it.each([
    ['ES256', {}, 'ES256'],
    ['ES384', {}, 'ES384'],
    ['RS256', {}, 'RS256'],
    ['PS256', { alg: 'PS256' }, 'PS256'],
    ['RS256', { alg: 'RS256', use: 'sig', key_ops: ['verify'] }, 'RS256'],
    ['EdDSA', {}, 'Ed25519'],
    ['EdDSA', { alg: 'EdDSA' }, 'EdDSA'],
    ['Ed25519', { alg: 'Ed25519' }, 'Ed25519'],
  ])('%s %j verifies %s alone', async (kind, changes, alg) => {
    const set = setOf({ keys: [await publicJwk(kind, changes)] })
    expect([...set.keys.values()].map((key) => key.alg)).toEqual([alg])
    expect(set.ignored).toEqual([])
  })

  it('a key without alg gets the first of the issuer that fits it', async () => {
    const jwk = await publicJwk('RS256')
    expect(setOf({ keys: [jwk] }, 'jwks', ['ES256', 'PS256', 'RS256']).keys.get('k')?.alg).toBe(
      'PS256',
    )
  })
})

describe('an entry that is left out', () => {
  const other = 'no algorithm fits its alg, kty and crv'
  it.each([
    ['for encryption', { use: 'enc' }, 'it is for another use'],
    ['for a use that is misspelt', { use: 'SIG' }, 'it is for another use'],
    ['for wrapping', { key_ops: ['wrapKey'] }, 'it is for another use'],
    ['operations that are no list', { key_ops: 'verify' }, 'it is for another use'],
    ['without a kid', { kid: undefined }, 'it has no kid'],
    ['a kid that is empty', { kid: '' }, 'it has no kid'],
    ['a kid that is a number', { kid: 5 }, 'it has no kid'],
    ['a kid that is too long', { kid: 'k'.repeat(257) }, 'it has no kid'],
    ['an alg of another curve', { alg: 'ES384' }, other],
    ['an alg of another type', { alg: 'RS256' }, other],
    ['a symmetric alg', { alg: 'HS256' }, other],
    ['a curve that is not for us', { crv: 'secp256k1' }, other],
    ['a type that is not for us', { kty: 'AKP' }, other],
    ['a point that is not on the curve', { x: 'A'.repeat(43) }, 'its numbers are not a public key'],
    ['a number with padding', { x: 'AA==' }, 'its numbers are not a public key'],
    ['a number that is missing', { y: undefined }, 'its numbers are not a public key'],
    ['a number that is empty', { y: '' }, 'its numbers are not a public key'],
  ])('%s', async (_name, changes, reason) => {
    const set = setOf({
      keys: [await publicJwk('ES256', changes), await publicJwk('ES256', { kid: 'good' })],
    })
    expect([...set.keys.keys()]).toEqual(['good'])
    expect(set.ignored).toEqual([`/keys/0: ${reason}`])
  })

  it.each([
    ['a short RSA key', () => rsa(1024), 'the RSA modulus must have 2048 to 8192 bits'],
    ['an RSA exponent of 3', () => rsa(2048, 3), 'the RSA exponent must be odd and at least 65537'],
    [
      'an RSA exponent of 1',
      () => ({ ...rsa(2048), e: 'AQ' }),
      'the RSA exponent must be odd and at least 65537',
    ],
    [
      'an even RSA exponent',
      () => ({ ...rsa(2048), e: 'AQAC' }),
      'the RSA exponent must be odd and at least 65537',
    ],
    [
      'a huge RSA key',
      () => ({ ...rsa(2048), n: Buffer.alloc(1025, 0xff).toString('base64url') }),
      'the RSA modulus must have 2048 to 8192 bits',
    ],
  ])('%s', (_name, make, reason) => {
    expect(setOf({ keys: [make()] })).toMatchObject({ ignored: [`/keys/0: ${reason}`] })
  })
})

it('a number is read in its one spelling', async () => {
  const jwk = await publicJwk('ES256')
  for (const x of [`${jwk.x ?? ''}=`, ` ${jwk.x ?? ''}`, `${jwk.x ?? ''}\n`]) {
    expect(setOf({ keys: [{ ...jwk, x }] }).keys.size).toBe(0)
  }
  expect(setOf({ keys: [jwk] }).keys.size).toBe(1)
})

it('an RSA key may have 8192 bits', () => {
  const n = Buffer.alloc(1024, 0xff).toString('base64url')
  expect(setOf({ keys: [{ ...rsa(2048), n }] }).ignored).toEqual([])
})

it('several keys without a kid are left out, each for itself', async () => {
  const [a, b] = [
    await publicJwk('ES256', { kid: undefined }),
    await publicJwk('ES256', { kid: undefined }),
  ]
  expect(setOf({ keys: [a, b] }).ignored).toHaveLength(2)
})

it('a kid may be as long as the limit, and a set as large', async () => {
  const kid = 'k'.repeat(limits.kidCharacters)
  expect([...setOf({ keys: [await publicJwk('ES256', { kid })] }).keys.keys()]).toEqual([kid])
  expect(setOf(`{"keys":[]}${' '.repeat(limits.keySetBytes - 11)}`).keys.size).toBe(0)
})

it('members of SPIFFE mean nothing in a plain set', () => {
  const set = setOf({ keys: [], spiffe_refresh_hint: 5, spiffe_sequence: 5 })
  expect([set.refreshSeconds, set.sequence]).toEqual([null, null])
})

it('an empty list is valid: everything was revoked', () => {
  expect(setOf({ keys: [] }).keys.size).toBe(0)
})

it('keys are named by their thumbprint (RFC 7638), as jose computes it', async () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'RS256', 'EdDSA']) {
    const jwk = await publicJwk(alg, { use: 'jwt-svid', x5t: 'not part of it', alg })
    const { keys } = setOf({ keys: [jwk] }, 'spiffe')
    expect(keys.get('k')?.key.thumbprint).toBe(await calculateJwkThumbprint(jwk))
  }
})

it('the fingerprint follows the keys, not their order or their ornaments', async () => {
  const [a, b] = [await publicJwk('ES256', { kid: 'a' }), await publicJwk('ES256', { kid: 'b' })]
  const { fingerprint } = setOf({ keys: [a, b] })
  expect(setOf({ keys: [{ ...b, x5t: 'x' }, a] }).fingerprint).toBe(fingerprint)
  expect(setOf({ keys: [a] }).fingerprint).not.toBe(fingerprint)
  expect(
    setOf({
      keys: [
        { ...a, kid: 'b' },
        { ...b, kid: 'a' },
      ],
    }).fingerprint,
  ).not.toBe(fingerprint)
})

describe('SPIFFE trust bundles, by the files of go-spiffe: keys, CAs, entries left out', () => {
  const file = (name: string): unknown =>
    JSON.parse(readFileSync(`test/fixtures/spiffe/${name}.json`, 'utf8'))
  it.each([
    ['spiffebundle_valid_1', [1, 1, 0], null, null],
    ['spiffebundle_valid_2', [6, 1, 0], 1n, 60],
    ['spiffebundle_valid_with_wit', [4, 1, 0], 1n, 60],
    // The specification takes the first certificate; go-spiffe refuses the bundle.
    ['spiffebundle_multiple_x509', [1, 1, 0], null, null],
    ['jwt-jwks_valid_1', [0, 0, 1], null, null],
    ['jwt-jwks_valid_2', [0, 0, 2], null, null],
  ])('%s', (name, counts, sequence, refreshSeconds) => {
    const set = setOf(file(name), 'spiffe', spiffe)
    expect(set).toMatchObject({ sequence, refreshSeconds })
    expect([set.keys.size, set.authorities.length, set.ignored.length]).toEqual(counts)
  })

  it('a CA is the first certificate of its entry, as it stands there', () => {
    const bundle = file('spiffebundle_multiple_x509') as { keys: { x5c: string[] }[] }
    const [first = ''] = bundle.keys[0]?.x5c ?? []
    const [authority] = setOf(bundle, 'spiffe', spiffe).authorities
    expect(Buffer.from(authority ?? []).toString('base64')).toBe(first)
    expect(setOf(bundle, 'jwks', spiffe).authorities).toEqual([])
  })

  it.each([
    ['none', undefined],
    ['no list', 'MIIB'],
    ['an empty list', []],
    ['bytes that are no certificate', ['AAAA']],
    ['base64 with a line break', ['\n']],
  ])('a CA whose x5c is %s refuses the bundle', (_name, x5c) => {
    expect(reasonOf({ keys: [{ kty: 'EC', use: 'x509-svid', x5c }] }, 'spiffe')).toBe(
      '/keys/0 has no certificate of its key: write the CA into its x5c',
    )
  })

  it('the fingerprint names each CA by its DER; one without kty is left out', () => {
    const { keys } = file('spiffebundle_multiple_x509') as { keys: { x5c: string[] }[] }
    const [ca = { x5c: [] }] = keys
    const fingerprintOf = (changes: object): string =>
      setOf({ keys: [{ ...ca, ...changes }] }, 'spiffe', spiffe).fingerprint
    const der = Buffer.from(ca.x5c[0] ?? '', 'base64')
    expect(fingerprintOf({})).toBe(`sha256:${createHash('sha256').update(der).digest('hex')}`)
    expect(fingerprintOf({ kty: undefined })).toBe('')
  })
  it.each([
    ['spiffebundle_no_keys', 'its member keys is not a list of objects'],
    ['spiffebundle_missing_kid', '/keys/1 has no kid'],
  ])('%s is refused', (name, reason) => {
    expect(reasonOf(file(name), 'spiffe')).toBe(reason)
  })
  it('a WIT key is one of its own use, and may not share a kid with a JWT-SVID key', async () => {
    const [jwt, wit] = [
      await publicJwk('ES256', { use: 'jwt-svid' }),
      await publicJwk('ES256', { use: 'wit-svid' }),
    ]
    expect(reasonOf({ keys: [jwt, wit] }, 'spiffe')).toBe('/keys/1 has the kid of another key')
    expect([...setOf({ keys: [wit] }, 'spiffe').keys.values()]).toMatchObject([{ use: 'wit-svid' }])
    expect(
      setOf(
        {
          keys: [
            { ...jwt, use: 'JWT-SVID' },
            { ...jwt, kid: 'b', use: 'sig' },
          ],
        },
        'spiffe',
      ).keys.size,
    ).toBe(0)
  })
  it.each([
    ['spiffe_sequence', '7', 'its spiffe_sequence is no whole number'],
    ['spiffe_sequence', -1, 'its spiffe_sequence is no whole number'],
    ['spiffe_sequence', 1.5, 'its spiffe_sequence is no whole number'],
    ['spiffe_refresh_hint', '60', 'its spiffe_refresh_hint is no whole number of seconds'],
    ['spiffe_refresh_hint', 1.5, 'its spiffe_refresh_hint is no whole number of seconds'],
  ])('%s %p refuses the bundle', (name, value, reason) => {
    expect(reasonOf({ keys: [], [name]: value }, 'spiffe')).toBe(reason)
  })

  it('a CA whose certificate is of another key refuses the bundle', () => {
    const { der, pair } = createRoot('root')
    const entry = (key: KeyObject): object => ({
      ...key.export({ format: 'jwk' }),
      use: 'x509-svid',
      x5c: [der.toString('base64')],
    })
    expect(setOf({ keys: [entry(pair.publicKey)] }, 'spiffe').authorities).toHaveLength(1)
    const other = createRoot('root').pair.publicKey
    expect(reasonOf({ keys: [entry(other)] }, 'spiffe')).toBe(
      '/keys/0 has no certificate of its key: write the CA into its x5c',
    )
  })

  it('a sequence may be wider than a double', () => {
    expect(setOf('{"keys":[],"spiffe_sequence":18446744073709551615}', 'spiffe').sequence).toBe(
      18446744073709551615n,
    )
    expect(setOf('{"keys":[],"spiffe_sequence":7}').sequence).toBeNull()
  })
  it('one that stands in the configuration is read the same', () => {
    expect(readKeySet({ keys: [] }, 'spiffe', spiffe)).toMatchObject({ ok: true })
  })
})

it('a PSS signature that begins with a zero has no shorter spelling', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const set = setOf({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'PS256' }] })
  const input = new TextEncoder().encode('signed')
  const make = (): Buffer =>
    sign('sha256', input, {
      key: privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    })
  let signature = make()
  while (signature[0] !== 0) signature = make()
  const key = set.keys.get('k')?.key
  expect(await key?.verify(input, signature)).toBe(true)
  expect(await key?.verify(input, signature.subarray(1))).toBe(false)
  expect(await key?.verify(input, Buffer.concat([Buffer.alloc(1), signature]))).toBe(false)
})
