// What chains of tests are made of: a root, two authorities below it, and a leaf of each.

import { generateKeyPairSync } from 'node:crypto'
import { authority, makeCertificate, named, type Pair, type Wanted } from './make-certificate.ts'

export type Chain = {
  readonly name: string
  readonly certificates: readonly Buffer[]
  readonly isValid: boolean
  /** Beside `CurrentTime`. */
  readonly options?: Readonly<Record<string, unknown>>
}

const ed = (): Pair => generateKeyPairSync('ed25519')
export const keys = { root: ed(), middle: ed(), lower: ed(), leaf: ed(), stranger: ed() }
const rootName = named('root')
const middleName = named('middle')
export const lowerName = named('lower')

export const root = (wanted: Wanted = {}): Buffer =>
  makeCertificate({ subject: rootName, pair: keys.root, extensions: [authority()], ...wanted })
export const middle = (wanted: Wanted = {}): Buffer =>
  makeCertificate({
    subject: middleName,
    issuer: rootName,
    pair: keys.middle,
    signer: keys.root,
    extensions: [authority()],
    ...wanted,
  })
export const lower = (wanted: Wanted = {}): Buffer =>
  makeCertificate({
    subject: lowerName,
    issuer: middleName,
    pair: keys.lower,
    signer: keys.middle,
    extensions: [authority()],
    ...wanted,
  })
/** Of the middle. */
export const leaf = (wanted: Wanted = {}): Buffer =>
  makeCertificate({
    subject: named('leaf'),
    issuer: middleName,
    pair: keys.leaf,
    signer: keys.middle,
    ...wanted,
  })
export const rootLeaf = (wanted: Wanted = {}): Buffer =>
  leaf({ issuer: rootName, signer: keys.root, ...wanted })
export const lowerLeaf = (wanted: Wanted = {}): Buffer =>
  leaf({ issuer: lowerName, signer: keys.lower, ...wanted })

export const row = (
  name: string,
  isValid: boolean,
  certificates: readonly Buffer[],
  options?: Readonly<Record<string, unknown>>,
): Chain => ({ name, isValid, certificates, ...(options && { options }) })
