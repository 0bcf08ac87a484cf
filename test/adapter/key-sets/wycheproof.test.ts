/**
 * Project Wycheproof through our own parser, key policy and verification, with exact counts: a vector that is
 * skipped in silence would fail here.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readKeySet } from '../../../service/adapter/key-sets/key-set.ts'
import { parseToken } from '../../../service/identity/parse-token.ts'
import { tokenProfiles, type TokenProfile } from '../../../service/identity/token-profile.ts'

type Vector = { readonly tcId: number; readonly jws: string; readonly result: 'valid' | 'invalid' }
type Group = {
  readonly comment: string
  readonly public?: unknown
  readonly private: unknown
  readonly tests: readonly Vector[]
}

const groupsOf = (name: string): readonly Group[] =>
  (
    JSON.parse(readFileSync(`test/fixtures/wycheproof/${name}.json`, 'utf8')) as {
      testGroups: Group[]
    }
  ).testGroups

/** Any asymmetric JWS: the vectors have neither `typ` nor claims. */
const profile: TokenProfile = {
  ...tokenProfiles.jwt_svid,
  typs: [null],
  header: 'open',
}

async function isAccepted({ jws }: Vector, set: unknown): Promise<boolean> {
  const token = parseToken(jws, profile)
  const keys = readKeySet(set, 'jwks', profile.algorithms)
  if (!token.ok || !keys.ok) return false
  const { alg, kid, signingInput, signature } = token.value
  const trusted = keys.value.keys.get(kid)
  return trusted?.alg === alg && (await trusted.key.verify(signingInput, signature))
}

/** Test numbers of all vectors of a result, and of those that we accept. */
async function sort(
  name: string,
  asSet: (group: Group) => unknown,
  result: Vector['result'],
): Promise<{ all: number[]; accepted: number[] }> {
  const all: number[] = []
  const accepted: number[] = []
  for (const group of groupsOf(name)) {
    for (const vector of group.tests.filter((test) => test.result === result)) {
      all.push(vector.tcId)
      if (await isAccepted(vector, asSet(group))) accepted.push(vector.tcId)
    }
  }
  return { all, accepted }
}

describe('JSON Web Signature', () => {
  const asSet = (group: Group): unknown => ({ keys: [group.public ?? group.private] })

  it('355 of 355 invalid vectors are refused', async () => {
    const { all, accepted } = await sort('json_web_signature_test', asSet, 'invalid')
    expect([all.length, accepted]).toEqual([355, []])
  })

  it('32 of 46 valid vectors are accepted; the other 14 are refused on purpose', async () => {
    const { all, accepted } = await sort('json_web_signature_test', asSet, 'valid')
    expect([all.length, accepted.length]).toEqual([46, 32])
    expect(all.filter((id) => !accepted.includes(id))).toEqual([
      1, // HS256: symmetric keys are no proof
      346,
      347, // the key's alg is another than the token's
      348, // HS256
      350,
      351, // the key's alg is another than the token's
      352,
      357,
      358,
      359,
      372,
      373,
      376,
      377, // HS256; 372 and 373 hold a question mark too
    ])
  })

  it('the base64 group against the codec alone: only vectors that equal a valid one pass', () => {
    const lenient: TokenProfile = { ...profile, algorithms: ['HS256'] }
    const group = groupsOf('json_web_signature_test').find(({ comment }) => comment === 'base64')
    const parsed = (group?.tests ?? []).filter(({ jws }) => parseToken(jws, lenient).ok)
    const valid = parsed.find(({ tcId }) => tcId === 357)
    expect(group?.tests).toHaveLength(21)
    expect(parsed.filter(({ result }) => result === 'valid').map(({ tcId }) => tcId)).toEqual([
      357, 358, 359, 376, 377,
    ])
    const wrong = parsed.filter(({ result }) => result === 'invalid')
    // 367 and 370 are defects of the vectors: byte for byte the valid 357.
    expect(wrong.filter(({ jws }) => jws === valid?.jws).map(({ tcId }) => tcId)).toEqual([
      367, 370,
    ])
    expect(wrong.filter(({ jws }) => jws !== valid?.jws).map(({ tcId }) => tcId)).toEqual([])
  })
})

describe('JSON Web Key', () => {
  const asSet = (group: Group): unknown => group.public ?? group.private

  it('21 of 21 invalid vectors are refused, the ROCA key among them', async () => {
    const { all, accepted } = await sort('json_web_key_test', asSet, 'invalid')
    expect([all.length, accepted]).toEqual([21, []])
  })

  it('of the valid ones we refuse those with symmetric keys', async () => {
    const { all, accepted } = await sort('json_web_key_test', asSet, 'valid')
    expect([all, accepted]).toEqual([[2, 5, 13, 14, 15], [5]])
  })

  it('the ROCA key is refused for being one', () => {
    const group = groupsOf('json_web_key_test').find(({ tests }) =>
      tests.some(({ tcId }) => tcId === 7),
    )
    expect(readKeySet(group?.public, 'jwks', profile.algorithms)).toMatchObject({
      value: { ignored: ['/keys/0: the RSA key has the ROCA flaw: replace it'] },
    })
  })
})
