/** The fuzzer, for seconds: nothing hostile is permitted, and what it does is decided by its seed. */
import { expect, it } from '@jest/globals'
import { hostileOf } from '../../scripts/fuzz/hostile-token.ts'
import { randomOf } from '../../scripts/fuzz/random.ts'
import { runFuzz } from '../../scripts/fuzz/run-fuzz.ts'
import { accessClaims, createTestIssuer } from '../support/issuer.ts'

it('hostile tokens of every kind of proof are refused by a service that permits the genuine ones', async () => {
  const plan = { queries: 2000, seed: 1, round: 2000, slice: 1000, say: () => undefined }
  const result = await runFuzz(plan)
  expect(result).toMatchObject({ queries: 2000, permits: 0, crashes: 0, examples: [] })
  expect(result.byKind.size).toBe(12)
  expect(Math.min(...result.byKind.values())).toBeGreaterThan(100)
})

it('a seed chooses the same mutations again', async () => {
  const signer = await createTestIssuer('ES256', 'k', 'at+jwt')
  const compact = await signer.sign(accessClaims)
  const genuine = { compact, signer, demanded: { sub: [0] } }
  const payloads = async (seed: number): Promise<readonly (string | undefined)[]> => {
    const random = randomOf(seed)
    const tokens: (string | undefined)[] = []
    // A signature is new each time; what it signs is not.
    for (let at = 0; at < 100; at += 1)
      tokens.push((await hostileOf(genuine, signer, random)).split('.')[1])
    return tokens
  }
  expect(await payloads(5)).toEqual(await payloads(5))
  expect(await payloads(5)).not.toEqual(await payloads(6))
})

it('no mutation gives back what it was made from', async () => {
  const signer = await createTestIssuer('ES256', 'k', 'at+jwt')
  const compact = await signer.sign(accessClaims)
  const random = randomOf(9)
  for (let at = 0; at < 2000; at += 1)
    expect(await hostileOf({ compact, signer, demanded: { sub: [0] } }, signer, random)).not.toBe(
      compact,
    )
})
