/** The fuzzer, for seconds: nothing hostile is permitted, and what it does is decided by its seed. */
import { expect, it } from '@jest/globals'
import { textOf } from '../../scripts/fuzz/chain-text.ts'
import {
  createAuthorities,
  hostileChain,
  unreadable,
  type Certified,
} from '../../scripts/fuzz/hostile-chain.ts'
import { hostileOf } from '../../scripts/fuzz/hostile-token.ts'
import { randomOf } from '../../scripts/fuzz/random.ts'
import { runFuzz } from '../../scripts/fuzz/run-fuzz.ts'
import { wrongSvids } from '../../scripts/fuzz/wrong-leaves.ts'
import { svidExtensions } from '../support/certificates.ts'
import { accessClaims, createTestIssuer } from '../support/issuer.ts'

it('hostile tokens of every kind of proof are refused by a service that permits the genuine ones', async () => {
  const plan = { queries: 1500, seed: 1, round: 1500, slice: 750, say: () => undefined }
  const result = await runFuzz(plan)
  expect(result).toMatchObject({ queries: 1500, permits: 0, crashes: 0, examples: [] })
  expect(result.byKind.size).toBe(32)
  const [fewest = 0, fewer = 0, ...usual] = [...result.byKind.values()].sort((a, b) => a - b)
  // Two kinds cost a handshake each.
  expect(Math.min(fewest, fewer)).toBeGreaterThan(0)
  expect(Math.min(...usual)).toBeGreaterThan(15)
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

it('no mutation of a path gives back what it was made from, and a seed chooses the same again', () => {
  const now = Math.floor(Date.now() / 1000)
  const authorities = createAuthorities(now, [[6, 'fuzz.example']])
  const below: Certified['below'] = (by, wanted) =>
    by.leaf({ extensions: svidExtensions('spiffe://fuzz.example/x'), ...wanted }).chain
  const certified: Certified = {
    ...{ genuine: below(authorities.middle, {}), below, authorities },
    wrong: [...wrongSvids('spiffe://fuzz.example/x'), ...unreadable(now)],
  }
  const genuine = textOf(certified.genuine)
  const [once, again] = [randomOf(3), randomOf(3)]
  for (let at = 0; at < 300; at += 1) {
    const text = textOf(hostileChain(certified, once))
    expect(text).not.toBe(genuine)
    // Certificates are signed by new keys; how many there are and of which lengths is decided.
    expect(lengthsOf(textOf(hostileChain(certified, again)))).toEqual(lengthsOf(text))
  }
})

const lengthsOf = (text: string): readonly number[] => text.split(',').map(({ length }) => length)
