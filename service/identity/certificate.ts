/**
 * An X.509 certificate as far as identities rest on it (RFC 5280 section 4): read strictly from DER by the port
 * `KeySets`, judged here. What is not read here is no reason to trust anybody.
 */
import type { Digest } from '../contract/digest.ts'
import type { JsonMembers } from './parse-token.ts'

export type Certificate = {
  /** base64url of the SHA-256 of its DER: `x5t#S256` of RFC 8705 section 3.1. */
  readonly thumbprint: string
  /** Of its SubjectPublicKeyInfo: what a pin names, whoever certifies the key next. */
  readonly keyDigest: Digest
  /** Public key as JWK members. */
  readonly jwk: JsonMembers
  /** Hexadecimal DER of the names; equal names are equal texts. */
  readonly subject: string
  readonly issuer: string
  /** Seconds since the epoch, both inclusive. */
  readonly notBefore: number
  readonly notAfter: number
  /** Null: without the extension. */
  readonly basicConstraints: {
    readonly isAuthority: boolean
    readonly pathLength: number | null
  } | null
  readonly keyUsage: KeyUsage | null
  /** Identifiers of extended key usages; null: without the extension. */
  readonly purposes: readonly string[] | null
  readonly names: readonly AlternativeName[]
  readonly nameConstraints: NameConstraints | null
  /** It has a critical extension that is not read here. */
  readonly hasUnknownCritical: boolean
  /** Whether that certificate's key signed it. */
  readonly isSignedBy: (issuer: Certificate) => boolean
}

export type KeyUsage = {
  readonly isCritical: boolean
  readonly digitalSignature: boolean
  readonly certificateSigning: boolean
  readonly listSigning: boolean
}

/** One name of the subject, or the base of a constraint (RFC 5280 section 4.2.1.6). */
export type AlternativeName = {
  /** The number of its kind there. */
  readonly kind: number
  /** IA5 text of kinds 1, 2 and 6; hexadecimal for others. */
  readonly text: string
}

/** The kinds of alternative names that are read as text. */
export const nameKinds = { email: 1, domain: 2, directory: 4, uri: 6 } as const

export type NameConstraints = {
  readonly permitted: readonly AlternativeName[]
  readonly excluded: readonly AlternativeName[]
}

/** The certificates that a peer showed, as DER, the first of which is its own. */
export type PeerChain = {
  /** `x5t#S256` of the first. */
  readonly thumbprint: string
  readonly chain: readonly Uint8Array[]
}

/** Null when it stands at that moment. */
export function faultOfValidity(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  now: number,
): 'expired' | 'not_yet_valid' | null {
  if (now > notAfter) return 'expired'
  return now < notBefore ? 'not_yet_valid' : null
}
