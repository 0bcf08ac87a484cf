/** Leaves as compact JWS (RFC 7515), made by hand: prebuilt headers, and signatures on the thread pool. */
import { sign, type KeyObject } from 'node:crypto'
import type { Leaf } from '../../contract/leaf.ts'
import type { Draft } from '../../audit/draft.ts'

/** ES256 (RFC 7518) or Ed25519 (RFC 9864, which replaces the name EdDSA). */
export type SigningAlgorithm = 'ES256' | 'Ed25519'

/** Signs one payload, JSON text, into a compact JWS. */
export type TokenSigner = (typ: Draft['typ'], payload: string) => Promise<string>

export function tokenSigner(algorithm: SigningAlgorithm, kid: string, key: KeyObject): TokenSigner {
  const header = (typ: Draft['typ']): string =>
    Buffer.from(JSON.stringify({ alg: algorithm, typ, kid })).toString('base64url')
  const headers = { 'decision+jwt': header('decision+jwt'), 'event+jwt': header('event+jwt') }
  const digest = algorithm === 'ES256' ? 'sha256' : null
  const signingKey = { key, dsaEncoding: 'ieee-p1363' } as const
  return (typ, payload) => {
    const input = `${headers[typ]}.${Buffer.from(payload).toString('base64url')}`
    return new Promise((resolve, reject) => {
      sign(digest, Buffer.from(input, 'latin1'), signingKey, (error, signature) => {
        if (error === null) resolve(`${input}.${signature.toString('base64url')}`)
        else reject(error)
      })
    })
  }
}

/** What a leaf that we wrote says; null when it is none. The signature is the verifier's business. */
export function readToken(token: string): { readonly leaf: Leaf; readonly payload: string } | null {
  const [, encoded, signature] = token.split('.')
  if (encoded === undefined || signature === undefined) return null
  const payload = Buffer.from(encoded, 'base64url').toString()
  try {
    const leaf = JSON.parse(payload) as Leaf | null
    return typeof leaf === 'object' && leaf !== null ? { leaf, payload } : null
  } catch {
    return null
  }
}
