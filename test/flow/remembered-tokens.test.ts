/** What the pipeline remembers of a token, and what it asks again each time. */
import { describe, expect, it } from '@jest/globals'
import { createVerifyToken, type VerifyToken } from '../../service/flow/verify-token.ts'
import type { KeySets, VerificationKey } from '../../service/port/key-sets.ts'
import { accessClaims, forge, idp, moment, resource, tenantAudience } from '../support/issuer.ts'
import { noKeys } from '../support/no-keys.ts'

/** A port that counts; it trusts one key for everything. */
function counting(changes: Partial<KeySets> = {}): {
  sets: KeySets
  verified: () => number
  move: () => void
} {
  let [verified, epoch] = [0, 0]
  const key: VerificationKey = {
    thumbprint: 't',
    verify: async (_input, signature) => {
      verified += 1
      await Promise.resolve()
      return Buffer.from(signature).toString() === 'sig'
    },
  }
  const sets: KeySets = {
    ...noKeys,
    find: () => Promise.resolve({ ok: true, key }),
    epoch: () => epoch,
    ...changes,
  }
  return { sets, verified: () => verified, move: () => (epoch += 1) }
}

const good = forge({ alg: 'ES256', kid: 'k', typ: 'at+jwt' }, accessClaims)
const expected = {
  now: moment,
  audience: resource,
  pep: { issuer: idp, clientId: 'gateway' },
  issuers: [idp],
}

describe('what is remembered', () => {
  it('a known token answers at once, without a promise and without its signature', async () => {
    const { sets, verified } = counting()
    const check = createVerifyToken(sets)
    const first = await check('access_token', 'acme', good, expected)
    const second = check('access_token', 'acme', good, expected)
    expect(second).not.toBeInstanceOf(Promise)
    expect(second).toEqual(first)
    expect(verified()).toBe(1)
  })

  it('is asked again: the moment, the audience, the gateway, the issuers', async () => {
    const { sets } = counting()
    const check = createVerifyToken(sets)
    await check('access_token', 'acme', good, expected)
    const again = (changes: object): unknown =>
      check('access_token', 'acme', good, { ...expected, ...changes })
    expect(again({ audience: tenantAudience })).toMatchObject({ failure: 'audience' })
    expect(again({ now: moment - 91 })).toMatchObject({ failure: 'not_yet_valid' })
    expect(again({})).toMatchObject({ ok: true })
    expect(again({ now: moment + 269 })).toMatchObject({ ok: true })
    expect(again({ now: moment + 270 })).toMatchObject({ failure: 'expired' })
  })

  it('an expired token is forgotten', async () => {
    const { sets, verified } = counting()
    const check = createVerifyToken(sets)
    await check('access_token', 'acme', good, expected)
    await check('access_token', 'acme', good, { ...expected, now: moment + 1000 })
    expect(
      await check('access_token', 'acme', good, { ...expected, now: moment + 1000 }),
    ).toMatchObject({ failure: 'expired' })
    expect(verified()).toBe(2)
  })

  it('a token that has expired is not remembered at all', async () => {
    const { sets, verified } = counting()
    const check = createVerifyToken(sets)
    const late = { ...expected, now: moment + 1000 }
    for (let i = 0; i < 2; i += 1) await check('access_token', 'acme', good, late)
    expect(verified()).toBe(2)
  })

  it('a tampered token with the same signature is another token', async () => {
    const { sets, verified } = counting({})
    const check = createVerifyToken(sets)
    await check('access_token', 'acme', good, expected)
    const tampered = forge(
      { alg: 'ES256', kid: 'k', typ: 'at+jwt' },
      { ...accessClaims, sub: 'mallory' },
    )
    expect(tampered.split('.')[2]).toBe(good.split('.')[2])
    await check('access_token', 'acme', tampered, expected)
    expect(verified()).toBe(2)
  })

  it.each([
    [
      'the kind',
      (check: VerifyToken) => check('pep_token', 'acme', good, { now: moment, audience: resource }),
    ],
    ['the tenant', (check: VerifyToken) => check('access_token', 'beta', good, expected)],
  ])('%s is part of what is remembered', async (_name, other) => {
    const { sets, verified } = counting()
    const check = createVerifyToken(sets)
    await check('access_token', 'acme', good, expected)
    await other(check)
    expect(verified()).toBe(2)
  })

  it('a key set that changes forgets all', async () => {
    const { sets, verified, move } = counting()
    const check = createVerifyToken(sets)
    await check('access_token', 'acme', good, expected)
    move()
    expect(check('access_token', 'acme', good, expected)).toBeInstanceOf(Promise)
    expect(verified()).toBe(1)
  })

  it('a key set that changes during a verification leaves nothing behind', async () => {
    const counted = counting()
    const check = createVerifyToken(counted.sets)
    const flight = check('access_token', 'acme', good, expected)
    counted.move()
    expect(await flight).toMatchObject({ ok: true })
    expect(check('access_token', 'acme', good, expected)).toBeInstanceOf(Promise)
  })

  it('a hundred at once share one flight, each with its own question', async () => {
    const { sets, verified } = counting()
    const check = createVerifyToken(sets)
    const asked = Array.from({ length: 100 }, (_, i) =>
      check(
        'access_token',
        'acme',
        good,
        i % 2 === 0 ? expected : { ...expected, audience: tenantAudience },
      ),
    )
    const answers = await Promise.all(asked.map(async (answer) => await answer))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(50)
    expect(verified()).toBe(1)
  })

  it('what failed is not remembered', async () => {
    const { sets, verified } = counting()
    const check = createVerifyToken(sets)
    const bad = `${good.slice(0, good.lastIndexOf('.'))}.YmFk`
    for (let i = 0; i < 2; i += 1)
      expect(await check('access_token', 'acme', bad, expected)).toMatchObject({
        failure: 'bad_signature',
      })
    expect(verified()).toBe(2)
  })

  it('facts that are remembered cannot be changed by whoever got them', async () => {
    const check = createVerifyToken(counting().sets)
    const answer = await check('access_token', 'acme', good, expected)
    if (!answer.ok) throw new Error(answer.failure)
    expect(() => answer.facts.scopes.push('admin')).toThrow(TypeError)
    expect(() => Object.assign(answer.facts, { sub: 'mallory' })).toThrow(TypeError)
  })

  it('a port that breaks its promise is a denial', async () => {
    const { sets } = counting({ find: () => Promise.reject(new Error('broken')) })
    expect(await createVerifyToken(sets)('access_token', 'acme', good, expected)).toMatchObject({
      failure: 'keys_unavailable',
    })
  })
})
