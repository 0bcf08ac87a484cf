/** One JWK (RFC 7517) as a public key with the only algorithm that it verifies. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { VerificationKey } from '../../port/key-sets.ts'
import { decodeBase64url } from '../../statement/base64url.ts'
import { canonicalJson } from '../../statement/canonical-json.ts'
import { sha256 } from '../../statement/digest.ts'
import { algorithmFor, type Algorithm } from './algorithm.ts'
import { weaknessOf } from './weak-rsa.ts'

export type Jwk = Readonly<Record<string, unknown>>

export type TrustedKey = {
  readonly alg: string
  readonly key: VerificationKey
  /** `use` of a SPIFFE bundle's entry; `sig` for every other key. */
  readonly use: 'sig' | 'jwt-svid' | 'wit-svid'
}

/** A key, or why this entry cannot be used; the rest of its set may be. */
export type KeyReading =
  | { readonly ok: true; readonly value: TrustedKey }
  | { readonly ok: false; readonly reason: string }

/** The members that make the public key (RFC 7638 section 3.2, RFC 8037 section 2). */
const publicMembers: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
}

/** @param algorithms those that the issuer may use; a JWK without `alg` gets the first that fits it. */
export function readKey(jwk: Jwk, algorithms: readonly string[]): KeyReading {
  const { kty, crv, alg } = jwk
  const name =
    typeof alg === 'string' ? alg : algorithms.find((each) => algorithmFor(each, kty, crv) !== null)
  const algorithm = name === undefined ? null : algorithmFor(name, kty, crv)
  if (name === undefined || algorithm === null)
    return refused('no algorithm fits its alg, kty and crv')
  const members = publicPart(jwk, algorithm.kty)
  const key = members === null ? null : importKey(members)
  if (members === null || key === null) return refused('its numbers are not a public key')
  const modulus = decodeBase64url(members['n'] ?? '')
  const weakness = algorithm.kty === 'RSA' && modulus !== null ? weaknessOf(key, modulus) : null
  return weakness === null
    ? {
        ok: true,
        value: {
          alg: name,
          key: verificationKey(key, algorithm, thumbprintOf(members)),
          use: useOf(jwk),
        },
      }
    : refused(weakness)
}

function useOf({ use }: Jwk): TrustedKey['use'] {
  return use === 'jwt-svid' || use === 'wit-svid' ? use : 'sig'
}

/** Only these members reach the crypto library; numbers are canonical base64url. */
function publicPart(jwk: Jwk, kty: Algorithm['kty']): Readonly<Record<string, string>> | null {
  const members: Record<string, string> = {}
  for (const name of publicMembers[kty] ?? []) {
    const member = jwk[name]
    if (typeof member !== 'string') return null
    if (name.length === 1 && (decodeBase64url(member)?.length ?? 0) === 0) return null
    members[name] = member
  }
  return members
}

function importKey(members: Readonly<Record<string, string>>): KeyObject | null {
  try {
    return createPublicKey({ key: members, format: 'jwk' })
  } catch {
    return null
  }
}

/** RFC 7638: SHA-256 over the public members in canonical order. */
function thumbprintOf(members: Readonly<Record<string, string>>): string {
  return Buffer.from(sha256(canonicalJson(members))).toString('base64url')
}

/**
 * OpenSSL forgives a PSS signature its leading zeros (RFC 8017 section 8.1.2 does not), which would give some
 * tokens a second spelling: so the length is checked here, for every algorithm.
 */
function verificationKey(
  key: KeyObject,
  algorithm: Algorithm,
  thumbprint: string,
): VerificationKey {
  const { hash, form } = algorithm
  const input = { key, ...form }
  const length =
    algorithm.signatureBytes ?? Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  return {
    thumbprint,
    verify: (signingInput, signature) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      if (signature.length !== length) resolve(false)
      else {
        verify(hash, signingInput, input, signature, (error, valid) => {
          resolve(error === null && valid)
        })
      }
      return promise
    },
  }
}

function refused(reason: string): KeyReading {
  return { ok: false, reason }
}
