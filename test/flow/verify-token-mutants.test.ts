/** What is not a token to the letter is none: single bytes, jose beside us, every algorithm. */
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compactVerify, importJWK, jwtVerify } from 'jose'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import { createTestIssuer, idp, moment, resource, svidClaims } from '../support/issuer.ts'
import { expectations, kinds, startTokens } from '../support/tokens.ts'

const { signers, outcome, sign, close } = await startTokens()
afterAll(close)

describe('any change of one byte is refused', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n?'
  it.each(kinds)('%s', async (kind) => {
    const compact = await sign(kind)
    expect(await outcome(kind, compact)).toBe('ok')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(compact.length - 1),
        fc.constantFrom(...alphabet.split('')),
        async (at, byte) => {
          fc.pre(compact[at] !== byte)
          expect(await outcome(kind, compact.slice(0, at) + byte + compact.slice(at + 1))).not.toBe(
            'ok',
          )
        },
      ),
      { numRuns: 400 },
    )
  })
  it('one byte more or less, anywhere', async () => {
    const compact = await sign('jwt_svid')
    for (let at = 0; at <= compact.length; at += 1) {
      expect(await outcome('jwt_svid', `${compact.slice(0, at)}A${compact.slice(at)}`)).not.toBe(
        'ok',
      )
      if (at < compact.length)
        expect(await outcome('jwt_svid', compact.slice(0, at) + compact.slice(at + 1))).not.toBe(
          'ok',
        )
    }
  })
})

it('what we accept, jose accepts; what jose refuses, we refuse', async () => {
  const { jwk } = signers.access_token
  const key = await importJWK(jwk, 'ES256')
  const compact = await sign('access_token')
  await fc.assert(
    fc.asyncProperty(
      fc.nat(compact.length - 1),
      fc.constantFrom('A', 'Q', 'g', 'w', '_', '-', '.'),
      async (at, byte) => {
        const mutant = compact.slice(0, at) + byte + compact.slice(at + 1)
        const theirs = await compactVerify(mutant, key, { algorithms: ['ES256'] }).then(
          () => true,
          () => false,
        )
        if (!theirs) expect(await outcome('access_token', mutant)).not.toBe('ok')
        if ((await outcome('access_token', mutant)) === 'ok') expect(theirs).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

it('we accept no claims that jose, told all that we demand, refuses', async () => {
  const key = await importJWK(signers.access_token.jwk, 'ES256')
  const instant = fc.integer({ min: -100, max: 100 }).map((seconds) => moment + seconds)
  const odd = fc.constantFrom<unknown>('1', null, 1.5, -1, [], {})
  const changes = fc.record(
    {
      exp: fc.oneof({ weight: 9, arbitrary: instant }, odd),
      iat: fc.oneof({ weight: 9, arbitrary: instant }, odd),
      nbf: fc.oneof({ weight: 9, arbitrary: instant }, odd),
      aud: fc.constantFrom<unknown>(resource, [resource], ['x', resource], [resource], 'x', 5),
      sub: fc.constantFrom<unknown>('alice', 'bob', 'carol', '', undefined),
    },
    { requiredKeys: [] },
  )
  let [accepted, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const compact = await sign('access_token', changed)
      const ours = (await outcome('access_token', compact)) === 'ok'
      const theirs = await jwtVerify(compact, key, {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        audience: resource,
        issuer: idp,
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
        clockTolerance: 30,
        currentDate: new Date(moment * 1000),
      }).then(
        () => true,
        () => false,
      )
      if (ours) expect(theirs).toBe(true)
      if (ours) accepted += 1
      else refused += 1
    }),
    { numRuns: 300 },
  )
  expect(Math.min(accepted, refused)).toBeGreaterThan(0)
})

describe.each(['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])(
  '%s, signed by jose',
  (alg) => {
    it('verifies as a JWT-SVID, and not when it is touched', async () => {
      const signer = await createTestIssuer(alg, 'k', null)
      const trust_domains = [
        { name: 'example.org', bundle: { inline: { keys: [{ ...signer.jwk, use: 'jwt-svid' }] } } },
      ]
      const sets = await createKeySets([{ id: 'acme', issuers: [], trust_domains }], {
        clock: { now: () => 0, uuid: () => '' },
      })
      const check = createVerifyToken(sets)
      const compact = await signer.sign(svidClaims)
      expect(await check('jwt_svid', 'acme', compact, expectations().jwt_svid)).toMatchObject({
        ok: true,
      })
      const dot = compact.lastIndexOf('.') + 1
      const touched =
        compact.slice(0, dot) + (compact[dot] === 'A' ? 'B' : 'A') + compact.slice(dot + 1)
      expect(await check('jwt_svid', 'acme', touched, expectations().jwt_svid)).toMatchObject({
        failure: 'bad_signature',
      })
      const signature = Buffer.from(compact.slice(dot), 'base64url')
      for (const other of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]) {
        const cut = compact.slice(0, dot) + other.toString('base64url')
        expect(await check('jwt_svid', 'acme', cut, expectations().jwt_svid)).toMatchObject({
          failure: 'bad_signature',
        })
      }
      await sets.close()
    })
  },
)
