/** What a key may be used for (RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12). */
import {
  booleanOf,
  childrenOf,
  identifierOf,
  integerOf,
  malformed,
  readDer,
  setBitsOf,
  tags,
} from './der.ts'

export type BasicConstraints = {
  readonly isAuthority: boolean
  /** How many authorities may follow; -1 if that is not said. */
  readonly pathLength: number
}

/** Go's numbers of x509.ExtKeyUsage are the places in this list, and its names. */
export const purposes = [
  ['2.5.29.37.0', 'Any'],
  ['1.3.6.1.5.5.7.3.1', 'ServerAuth'],
  ['1.3.6.1.5.5.7.3.2', 'ClientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'CodeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'EmailProtection'],
  ['1.3.6.1.5.5.7.3.5', 'IPSECEndSystem'],
  ['1.3.6.1.5.5.7.3.6', 'IPSECTunnel'],
  ['1.3.6.1.5.5.7.3.7', 'IPSECUser'],
  ['1.3.6.1.5.5.7.3.8', 'TimeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
  ['1.3.6.1.4.1.311.10.3.3', 'MicrosoftServerGatedCrypto'],
  ['2.16.840.1.113730.4.1', 'NetscapeServerGatedCrypto'],
  ['1.3.6.1.4.1.311.2.1.22', 'MicrosoftCommercialCodeSigning'],
  ['1.3.6.1.4.1.311.61.1.1', 'MicrosoftKernelCodeSigning'],
] as const

/** The bit of Go's x509.KeyUsage for signing certificates. */
export const certificateSigning = 1 << 5

/** Of nine bits, the first being the lowest. @throws BuiltinError */
export function readKeyUsage(value: Buffer): number {
  return setBitsOf(readDer(value))
    .filter((bit) => bit < 9)
    .reduce((usage, bit) => usage | (1 << bit), 0)
}

/** @throws BuiltinError */
export function readBasicConstraints(value: Buffer): BasicConstraints {
  const parts = childrenOf(readDer(value))
  const [authority, length] =
    parts[0]?.tag === tags.boolean ? [parts[0], parts[1]] : [undefined, parts[0]]
  const pathLength = length === undefined ? -1 : Number(integerOf(length))
  if (
    pathLength < -1 ||
    (length !== undefined && pathLength < 0) ||
    !Number.isSafeInteger(pathLength)
  )
    throw malformed('a path length is none')
  return { isAuthority: authority !== undefined && booleanOf(authority), pathLength }
}

/** @throws BuiltinError */
export function readUsages(value: Buffer): readonly string[] {
  return childrenOf(readDer(value)).map(identifierOf)
}
