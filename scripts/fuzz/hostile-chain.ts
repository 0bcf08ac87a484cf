// A genuine path of certificates made hostile: a part of one that is wrong and signed anew by the right authority, an
// authority that is none, a stranger of the same names, a bit, another order. None of these may pass.

import { generateKeyPairSync } from 'node:crypto'
import {
  der,
  identifier,
  integer,
  sequence,
} from '../../test/adapter/policy-engine/builtin/x509/der-writer.ts'
import {
  authority,
  extension,
  nameConstraints,
  type Pair,
  type Wanted,
} from '../../test/adapter/policy-engine/builtin/x509/make-certificate.ts'
import { createRoot, keyUsage, valid, type TestAuthority } from '../../test/support/certificates.ts'
import type { Random } from './random.ts'

export type Chain = readonly Buffer[]

export type Authorities = {
  readonly root: TestAuthority
  /** Right, below the root. */
  readonly middle: TestAuthority
  /** Below the root too, each wrong in one way. */
  readonly wrong: readonly TestAuthority[]
  /** Of the name of the right one, below a root of the name of the root. */
  readonly stranger: TestAuthority
}

export type Certified = {
  /** The leaf first. */
  readonly genuine: Chain
  /** As the genuine one, but for what is wanted otherwise. */
  readonly below: (by: TestAuthority, wanted: Wanted) => Chain
  /** What is wrong with a leaf, beside what is wrong with any. */
  readonly wrong: readonly Wanted[]
  readonly authorities: Authorities
}

/** @param now seconds since the epoch @param excluded of a URI or a domain: what one of the authorities may not name */
export function createAuthorities(
  now: number,
  excluded: readonly (readonly [number, string])[],
): Authorities {
  const long = valid(now - 1000, now + 100_000)
  const root = createRoot('fuzz root', long)
  const above = (...extensions: readonly Buffer[]): Wanted => ({ ...long, extensions })
  const wrong: Readonly<Record<string, Wanted>> = {
    'no authority': above(keyUsage.authority),
    'an authority that may not sign certificates': above(authority(), keyUsage.leaf),
    'an authority without key usage': above(authority()),
    'an authority that has expired': valid(now - 1000, now - 1),
    // The service reads its clock some time after this is made.
    'an authority that is not yet valid': valid(now + 10_000, now + 20_000),
    'an authority of version 1': { ...long, version: null },
    'an unknown critical extension': above(
      authority(),
      keyUsage.authority,
      extension('1.2.3', Buffer.of(5, 0), true),
    ),
    'an authority that may not name it': above(
      ...[authority(), keyUsage.authority, nameConstraints([], excluded)],
    ),
  }
  return {
    root,
    middle: root.authority('fuzz authority', long),
    wrong: [
      ...Object.values(wrong).map((wanted) => root.authority('fuzz authority', wanted)),
      // One below another that says that there is none below it.
      root
        .authority('tight', above(authority(0), keyUsage.authority))
        .authority('fuzz authority', long),
    ],
    stranger: createRoot('fuzz root', long).authority('fuzz authority', long),
  }
}

/** What nobody reads as a certificate, or as one that stands now; whoever signed it. */
export function unreadable(now: number): readonly Wanted[] {
  const weak: readonly Pair[] = [
    generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
    generateKeyPairSync('x25519'),
    generateKeyPairSync('rsa', { modulusLength: 1024 }),
  ]
  return [
    ...weak.map((pair) => ({ pair })),
    ...[null, integer(1), integer(3)].map((version) => ({ version })),
    ...[der(2, Buffer.of(0xff)), der(2, Buffer.alloc(21, 1)), der(2)].map((serial) => ({ serial })),
    { subject: sequence(Buffer.of(0x31, 2, 5, 0)) },
    { between: [der(0x81, Buffer.of(0, 1))] },
    { outerAlgorithm: sequence(identifier('1.2.840.10045.4.3.4')) },
    { from: der(23, Buffer.from('260101000000')) },
    { to: der(24, Buffer.from('20990230000000Z')) },
    valid(now - 1000, now - 1),
    valid(now + 1, now + 1000),
  ]
}

export function hostileChain(certified: Certified, random: Random): Chain {
  return random.pick([...shown, overlong])(certified, random)
}

/** What is shown in a handshake has no length and no order: there TLS itself picks out the path of the leaf. */
export function hostileHandshake(certified: Certified, random: Random): Chain {
  return random.pick(shown)(certified, random)
}

function wrongLeaf({ below, wrong, authorities }: Certified, random: Random): Chain {
  return below(authorities.middle, random.pick(wrong))
}

function wrongAuthority({ below, authorities }: Certified, random: Random): Chain {
  return below(random.pick(authorities.wrong), {})
}

/** With or without a root of its own, and with the right authority in its place. */
function stranger({ below, authorities }: Certified, random: Random): Chain {
  const chain = below(authorities.stranger, {})
  const [leaf, , ...above] = chain
  if (leaf === undefined || random.below(2) === 0) return chain
  return [leaf, authorities.middle.der, ...above]
}

/** Of the leaf or of what is above it: each is signed by the next. */
function bit({ genuine }: Certified, random: Random): Chain {
  const at = random.below(2)
  return genuine.map((one, place) => (place === at ? otherBit(one, random) : one))
}

export function otherBit(der: Buffer, random: Random): Buffer {
  const changed = Buffer.from(der)
  const byte = random.below(changed.length)
  changed[byte] = (changed[byte] ?? 0) ^ (1 << random.below(8))
  return changed
}

function shape({ genuine }: Certified, random: Random): Chain {
  const [leaf = Buffer.alloc(0), ...above] = genuine
  const cut = random.below(leaf.length)
  return random.pick<Chain>([
    [leaf, ...above.slice(1)],
    genuine.toReversed(),
    above,
    [Buffer.concat([leaf, Buffer.of(0)]), ...above],
    [leaf.subarray(0, cut), ...above],
    [Buffer.alloc(0), ...above],
    [leaf, Buffer.of(0x30, 0), ...above],
  ])
}

function overlong({ genuine: [leaf = Buffer.alloc(0), ...above] }: Certified): Chain {
  return [leaf, ...Array.from({ length: 8 }, () => above).flat(), leaf]
}

const shown = [wrongLeaf, wrongAuthority, stranger, bit, shape] as const
