/** Authorities of the corpus of X.509-SVIDs, by each kind of key, that issue whatever is asked of them. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { identifier, sequence } from '../../adapter/policy-engine/builtin/x509/der-writer.ts'
import {
  authority,
  makeCertificate,
  named,
  type Pair,
  type Wanted,
} from '../../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { keyUsage, svidExtensions } from '../certificates.ts'

/** A kind of key, and how its holder signs certificates. */
export type Hand = {
  readonly name: string
  readonly newPair: () => Pair
  readonly algorithm: Buffer
  readonly makeSignature: (signed: Buffer, key: KeyObject) => Buffer
}

export type Ca = {
  readonly name: Buffer
  readonly hand: Hand
  readonly pair: Pair
  readonly der: Buffer
  /** It and those above it, but for the root; empty for a root. */
  readonly chain: readonly Buffer[]
}

export const workload = 'spiffe://example.org/ns/ops'

const by =
  (hash: string) =>
  (signed: Buffer, key: KeyObject): Buffer =>
    sign(hash, signed, key)

const curve = (namedCurve: string) => (): Pair => generateKeyPairSync('ec', { namedCurve })

export const ed25519: Hand = {
  name: 'Ed25519',
  newPair: () => generateKeyPairSync('ed25519'),
  algorithm: sequence(identifier('1.3.101.112')),
  makeSignature: (signed, key) => sign(null, signed, key),
}
export const es256: Hand = {
  name: 'ES256',
  newPair: curve('P-256'),
  algorithm: sequence(identifier('1.2.840.10045.4.3.2')),
  makeSignature: by('sha256'),
}
const es384: Hand = {
  name: 'ES384',
  newPair: curve('P-384'),
  algorithm: sequence(identifier('1.2.840.10045.4.3.3')),
  makeSignature: by('sha384'),
}
const rs256: Hand = {
  name: 'RS256',
  newPair: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  algorithm: sequence(identifier('1.2.840.113549.1.1.11'), Buffer.of(5, 0)),
  makeSignature: by('sha256'),
}
export const hands: readonly Hand[] = [ed25519, es256, es384, rs256]

const authorityExtensions: readonly Buffer[] = [authority(), keyUsage.authority]

/** Signs itself. */
export function rootOf(hand: Hand, called: string, wanted: Wanted = {}): Ca {
  const pair = wanted.pair ?? hand.newPair()
  const name = wanted.subject ?? named(called)
  const { algorithm, makeSignature } = hand
  const der = makeCertificate({
    ...{ subject: name, pair, algorithm, makeSignature, extensions: authorityExtensions },
    ...wanted,
  })
  return { name, hand, pair, der, chain: [] }
}

/** An authority below another. */
export function caBelow(above: Ca, called: string, wanted: Wanted = {}): Ca {
  const pair = wanted.pair ?? above.hand.newPair()
  const name = wanted.subject ?? named(called)
  const der = issue(above, { subject: name, pair, extensions: authorityExtensions, ...wanted })
  return { name, hand: above.hand, pair, der, chain: [der, ...above.chain] }
}

/** A leaf, and what leads from it to the root: right in every part that is not wanted otherwise. */
export function chainBelow(above: Ca, wanted: Wanted = {}): readonly Buffer[] {
  return [issue(above, { extensions: svidExtensions(workload), ...wanted }), ...above.chain]
}

export function issue({ name, pair, hand }: Ca, wanted: Wanted): Buffer {
  const { algorithm, makeSignature } = hand
  return makeCertificate({ issuer: name, signer: pair, algorithm, makeSignature, ...wanted })
}
