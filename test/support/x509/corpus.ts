/** X.509-SVIDs to judge: leaves and chains by each kind of key, and every byte of one leaf changed and signed anew. */
import { time } from '../../adapter/policy-engine/builtin/x509/der-writer.ts'
import type { Wanted } from '../../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { valid } from '../certificates.ts'
import { chainCases } from './chain-cases.ts'
import { caBelow, chainBelow, ed25519, es256, hands, rootOf, type Ca } from './corpus-authority.ts'
import { leafCases } from './leaf-cases.ts'
import { mutants } from './mutants.ts'

export type Sample = {
  readonly case: string
  /** DER, the leaf first. */
  readonly chain: readonly Buffer[]
  /** Seconds since the epoch. */
  readonly at: number
}
export type X509Corpus = {
  readonly samples: readonly Sample[]
  /** SPIFFE bundles, by trust domain. */
  readonly bundles: Readonly<Record<string, { readonly keys: readonly object[] }>>
}

const now = Date.UTC(2026, 5, 1) / 1000

export function makeX509Corpus(): X509Corpus {
  const roots: Ca[] = []
  const samples: Sample[] = []
  for (const hand of hands) {
    const root = rootOf(hand, `root by ${hand.name}`)
    roots.push(root)
    samples.push(...leavesBelow(caBelow(root, 'authority')), ...times(root))
    if (hand !== ed25519 && hand !== es256) continue
    const { chains, roots: more } = chainCases(root, now)
    roots.push(...more)
    for (const [name, chain] of Object.entries(chains)) samples.push({ case: name, chain, at: now })
    if (hand === ed25519) for (const mutant of mutants(root)) samples.push({ ...mutant, at: now })
  }
  const partner = rootOf(es256, 'partner')
  samples.push({ case: 'to a root of another trusted domain', chain: chainBelow(partner), at: now })
  return {
    samples,
    bundles: {
      'example.org': { keys: roots.map(entryOf) },
      'partner.example': { keys: [entryOf(partner)] },
    },
  }
}

function entryOf({ pair, der }: Ca): object {
  return {
    ...pair.publicKey.export({ format: 'jwk' }),
    use: 'x509-svid',
    x5c: [der.toString('base64')],
  }
}

function leavesBelow(ca: Ca): Sample[] {
  const pair = ca.hand.newPair()
  return Object.entries(leafCases()).map(([name, wanted]) => ({
    case: name,
    chain: chainBelow(ca, { pair, ...wanted }),
    at: now,
  }))
}

/** The window of a leaf, each second at its rim, and the ways to write it. */
function times(ca: Ca): Sample[] {
  const pair = ca.hand.newPair()
  const made = (name: string, wanted: Wanted, at = now): Sample => ({
    case: name,
    chain: chainBelow(ca, { pair, ...wanted }),
    at,
  })
  const window = valid(now, now + 60)
  const text = (tag: number, written: string): Buffer =>
    Buffer.concat([Buffer.of(tag, written.length), Buffer.from(written)])
  return [
    made('a second before it is valid', window, now - 1),
    made('at its first second', window, now),
    made('at its last second', window, now + 60),
    made('a second after its last', window, now + 61),
    made('it ends before it begins', valid(now + 60, now - 60)),
    made('it ends in the year 9999', { to: time('9999-12-31T23:59:59Z') }),
    made('a year of this century in four digits', { to: text(24, '20270101000000Z') }),
    made('a time without seconds', { to: text(23, '2701010000Z') }),
    made('a time with an offset', { to: text(23, '270101000000+0000') }),
    made('a time with a fraction', { to: text(24, '20270101000000.5Z') }),
    made('the 30th of February', { to: text(23, '270230000000Z') }),
    made('a 61st second', { to: text(23, '270101000060Z') }),
  ]
}
