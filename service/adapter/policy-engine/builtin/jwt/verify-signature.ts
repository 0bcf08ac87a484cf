/**
 * Whether a signature is right. The algorithm decides what kind of key may verify, never the other way round: a
 * public key is no HMAC secret.
 */
import {
  constants,
  createHmac,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import type { Algorithm } from './algorithm.ts'

/** Go's: shorter RSA keys verify and sign nothing. */
export const leastModulusBits = 1024

type Signed = { readonly signed: string; readonly signature: Buffer }

/** @param saltLength of RSASSA-PSS: any, or that of the hash (RFC 7518 section 3.5) */
export function isSignature(
  { family, hash }: Algorithm,
  key: KeyObject,
  { signed, signature }: Signed,
  saltLength: 'any' | 'hash' = 'hash',
): boolean {
  if (!fits(family, key)) return false
  if (hash !== null && family === 'HS') return isMac(hash, key, { signed, signature })
  const { RSA_PSS_SALTLEN_AUTO, RSA_PSS_SALTLEN_DIGEST, ...padding } = constants
  return verify(
    hash,
    Buffer.from(signed),
    {
      key: key.type === 'private' ? createPublicKey(key) : key,
      dsaEncoding: 'ieee-p1363',
      ...(family === 'RS' && { padding: padding.RSA_PKCS1_PADDING }),
      ...(family === 'PS' && {
        padding: padding.RSA_PKCS1_PSS_PADDING,
        saltLength: saltLength === 'any' ? RSA_PSS_SALTLEN_AUTO : RSA_PSS_SALTLEN_DIGEST,
      }),
    },
    signature,
  )
}

/** Whether a key is of the kind that the algorithms of a family take. */
export function fits(family: Algorithm['family'], key: KeyObject): boolean {
  if (family === 'HS') return key.type === 'secret'
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key
  if (family === 'ES') return kind === 'ec'
  if (family === 'Ed') return kind === 'ed25519'
  return kind === 'rsa' && (details?.modulusLength ?? 0) >= leastModulusBits
}

function isMac(hash: string, key: KeyObject, { signed, signature }: Signed): boolean {
  const mac = createHmac(hash, key).update(signed).digest()
  return mac.length === signature.length && timingSafeEqual(mac, signature)
}
