// Makes certificates and requests for tests, right ones and wrong ones, with whatever a test wants otherwise.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import {
  bits,
  boolean,
  der,
  identifier,
  integer,
  octets,
  sequence,
  set,
  time,
  utf8,
} from './der-writer.ts'

export type Pair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject }

export type Wanted = {
  readonly subject?: Buffer
  readonly issuer?: Buffer
  readonly pair?: Pair
  /** Of the authority; else it signs itself. */
  readonly signer?: Pair
  readonly serial?: Buffer
  /** As the integer says: 2 is version 3. */
  readonly version?: Buffer | null
  readonly from?: Buffer
  readonly to?: Buffer
  readonly extensions?: readonly Buffer[]
  readonly algorithm?: Buffer
  /** Outside of what is signed, if it is another. */
  readonly outerAlgorithm?: Buffer
  readonly makeSignature?: (signed: Buffer, key: KeyObject) => Buffer
  /** Between what is said of the key and the extensions. */
  readonly between?: readonly Buffer[]
}

const edPair: Pair = generateKeyPairSync('ed25519')

const ed25519 = sequence(identifier('1.3.101.112'))

/** A name of common names only. */
export const named = (...names: readonly string[]): Buffer =>
  sequence(...names.map((name) => set(sequence(identifier('2.5.4.3'), utf8(name)))))

const asUsual = {
  pair: edPair,
  subject: named('leaf'),
  algorithm: ed25519,
  version: integer(2),
  serial: integer(1),
  from: time('2026-01-01T00:00:00Z'),
  to: time('2027-01-01T00:00:00Z'),
  extensions: [],
  between: [],
  makeSignature: (signed: Buffer, key: KeyObject) => sign(null, signed, key),
} as const

/** DER. */
export function makeCertificate(wanted: Wanted = {}): Buffer {
  const made = { ...asUsual, ...wanted }
  const { signer = made.pair, issuer = made.subject, outerAlgorithm = made.algorithm } = wanted
  const signed = sequence(
    ...(made.version === null ? [] : [der(0xa0, made.version)]),
    made.serial,
    made.algorithm,
    issuer,
    sequence(made.from, made.to),
    made.subject,
    made.pair.publicKey.export({ format: 'der', type: 'spki' }),
    ...made.between,
    ...(made.extensions.length === 0 ? [] : [der(0xa3, sequence(...made.extensions))]),
  )
  return sequence(signed, outerAlgorithm, bits(made.makeSignature(signed, signer.privateKey)))
}

/** @param extensions that are asked for */
export function makeRequest(...extensions: readonly Buffer[]): Buffer {
  const asked = sequence(identifier('1.2.840.113549.1.9.14'), set(sequence(...extensions)))
  const key = edPair.publicKey.export({ format: 'der', type: 'spki' })
  const signed = sequence(integer(0), named('asks'), key, der(0xa0, asked))
  return sequence(signed, ed25519, bits(sign(null, signed, edPair.privateKey)))
}

/** @param value its DER */
export function extension(type: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [boolean(true)] : []
  return sequence(identifier(type), ...critical, octets(value))
}

export const authority = (pathLength?: number): Buffer =>
  extension(
    '2.5.29.19',
    sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)])),
    true,
  )

/** Context-specific names of RFC 5280 section 4.2.1.6: 1 email, 2 domain, 6 URL, 7 address. */
export const alternativeNames = (
  ...names: readonly (readonly [number, Buffer | string])[]
): Buffer =>
  extension('2.5.29.17', sequence(...names.map(([kind, name]) => generalName(kind, name))))

const generalName = (kind: number, name: Buffer | string): Buffer =>
  der(0x80 | kind, Buffer.from(name as string))

/** Critical; of the kinds of `alternativeNames`. */
export const nameConstraints = (
  permitted: readonly (readonly [number, Buffer | string])[],
  excluded: readonly (readonly [number, Buffer | string])[] = [],
): Buffer => {
  const subtrees = (tag: number, bases: typeof permitted): readonly Buffer[] =>
    bases.length === 0
      ? []
      : [der(tag, ...bases.map(([kind, base]) => sequence(generalName(kind, base))))]
  return extension(
    '2.5.29.30',
    sequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)),
    true,
  )
}

export const usages = (...types: readonly string[]): Buffer =>
  extension('2.5.29.37', sequence(...types.map(identifier)))

export function pem(bytes: Buffer, label = 'CERTIFICATE'): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
