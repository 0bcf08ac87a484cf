/** Public keys of certificates and requests (RFC 3279, RFC 8410), as Go shows them. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { RegoValue } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { numberOf } from '../operand.ts'
import type { KeyKind } from './algorithm.ts'
import {
  childrenOf,
  type DerNode,
  identifierOf,
  integerOf,
  malformed,
  readDer,
  wholeBytesOf,
} from './der.ts'
import { base64, objectFrom } from './value.ts'

export type PublicKey = {
  /** Null for one that Go does not know. */
  readonly kind: KeyKind | null
  /** Go's x509.PublicKeyAlgorithm. */
  readonly number: number
  /** Null for one that Go does not know, and for DSA, with which nothing is verified. */
  readonly key: KeyObject | null
  readonly value: RegoValue
}

const kinds: ReadonlyMap<string, KeyKind> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10045.2.1', 'ECDSA'],
  ['1.3.101.112', 'Ed25519'],
])
const numbers = { RSA: 1, DSA: 2, ECDSA: 3, Ed25519: 4 } as const

/** P-224, P-256, P-384, P-521, and how many bytes a coordinate has. */
const curves: ReadonlyMap<string, number> = new Map([
  ['1.3.132.0.33', 28],
  ['1.2.840.10045.3.1.7', 32],
  ['1.3.132.0.34', 48],
  ['1.3.132.0.35', 66],
])

/** @throws BuiltinError */
export function publicKeyOf(node: DerNode | undefined): PublicKey {
  const [algorithm, bits] = childrenOf(node)
  const [type, parameters] = childrenOf(algorithm)
  const kind = kinds.get(identifierOf(type)) ?? null
  const bytes = wholeBytesOf(bits)
  if (kind === null || node === undefined) return { kind: null, number: 0, key: null, value: null }
  const value = readers[kind](bytes, parameters)
  if (kind === 'DSA') return { kind, number: numbers[kind], key: null, value }
  const key = failing(() => createPublicKey({ key: node.raw, format: 'der', type: 'spki' }))
  return { kind, number: numbers[kind], key, value }
}

type Read = (bytes: Buffer, parameters: DerNode | undefined) => RegoValue

const readers: Readonly<Record<KeyKind, Read>> = {
  RSA: (bytes, parameters) => {
    if (parameters?.raw.equals(Buffer.of(5, 0)) !== true)
      throw malformed('an RSA key has no null beside it')
    const [modulus, exponent] = childrenOf(readDer(bytes)).map(positive)
    return objectFrom({ N: numberOf(modulus ?? 0n), E: numberOf(exponent ?? 0n) })
  },
  DSA: (bytes, parameters) => {
    const [p, q, g] = childrenOf(parameters).map(positive).map(numberOf)
    return objectFrom({ P: p ?? 0, Q: q ?? 0, G: g ?? 0, Y: numberOf(positive(readDer(bytes))) })
  },
  ECDSA: (bytes, parameters) => {
    const size = curves.get(identifierOf(parameters))
    if (size === undefined || bytes[0] !== 4 || bytes.length !== 1 + 2 * size)
      throw malformed('a key is on a curve that is not known, or not on it')
    const [x, y] = [bytes.subarray(1, 1 + size), bytes.subarray(1 + size)]
    return objectFrom({ Curve: objectFrom({}), X: unsigned(x), Y: unsigned(y) })
  },
  Ed25519: (bytes, parameters) => {
    if (parameters !== undefined || bytes.length !== 32) throw malformed('an Ed25519 key is none')
    return base64(bytes)
  },
}

function positive(node: DerNode): bigint {
  const integer = integerOf(node)
  if (integer <= 0n) throw malformed('a number of a key is not positive')
  return integer
}

function unsigned(bytes: Buffer): RegoValue {
  return numberOf(BigInt(`0x${bytes.toString('hex')}`))
}
