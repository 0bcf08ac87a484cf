/** How each algorithm of JWS (RFC 7518, RFC 8037) that may sign bundles signs and verifies. */
import { constants, sign, verify, type KeyObject } from 'node:crypto'
import type { BundleKey as BundleKeyConfig } from '../../contract/config.ts'

export type BundleAlgorithm = BundleKeyConfig['algorithm']

export type Scheme = {
  readonly hash: string | null
  /** It is of the right kind, and strong enough. */
  readonly key: (key: KeyObject) => boolean
  readonly options: {
    readonly dsaEncoding?: 'ieee-p1363'
    readonly padding?: number
    readonly saltLength?: number
  }
}

const ecdsa = { dsaEncoding: 'ieee-p1363' } as const
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const

export const schemes: Readonly<Record<BundleAlgorithm, Scheme>> = {
  ES256: { hash: 'sha256', key: isCurve('prime256v1'), options: ecdsa },
  ES384: { hash: 'sha384', key: isCurve('secp384r1'), options: ecdsa },
  RS256: { hash: 'sha256', key: isStrongRsa, options: { padding: constants.RSA_PKCS1_PADDING } },
  PS256: { hash: 'sha256', key: isStrongRsa, options: pss },
  EdDSA: { hash: null, key: (key) => key.asymmetricKeyType === 'ed25519', options: {} },
}

export function signatureOf(scheme: Scheme, key: KeyObject, signingInput: Uint8Array): Uint8Array {
  return sign(scheme.hash, signingInput, { key, ...scheme.options })
}

export function isSignedBy(
  scheme: Scheme,
  key: KeyObject,
  signingInput: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(scheme.hash, signingInput, { key, ...scheme.options }, signature)
  } catch {
    return false
  }
}

function isCurve(name: string): (key: KeyObject) => boolean {
  return (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === name
}

function isStrongRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
}
