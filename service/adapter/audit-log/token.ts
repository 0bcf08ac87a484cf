/** Leaves as compact JWS (RFC 7515), made by hand: prebuilt headers, and signatures wherever the key is. */
import type { Leaf } from '../../contract/leaf.ts'
import type { Draft } from '../../audit/draft.ts'
import type { Signer, SigningAlgorithm } from '../../port/signer.ts'

export type SigningKey = { readonly kid: string; readonly alg: SigningAlgorithm }

/** Signs one payload, JSON text, into a compact JWS. ES256 is of RFC 7518; Ed25519 of RFC 9864, which replaces the name EdDSA. */
export type TokenSigner = (typ: Draft['typ'], payload: string, key: SigningKey) => Promise<string>

export function tokenSigner(signer: Signer): TokenSigner {
  const headers = new Map<string, string>()
  const headerOf = (typ: Draft['typ'], { kid, alg }: SigningKey): string => {
    const name = `${typ} ${kid}`
    const known = headers.get(name)
    if (known !== undefined) return known
    const header = Buffer.from(JSON.stringify({ alg, typ, kid })).toString('base64url')
    headers.set(name, header)
    return header
  }
  return async (typ, payload, key) => {
    const input = `${headerOf(typ, key)}.${Buffer.from(payload).toString('base64url')}`
    const signature = await signer.sign('decision', key.kid, Buffer.from(input, 'latin1'))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
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
