/** Signature algorithms (RFC 7518 section 3, RFC 8037, RFC 9864) as a table: which key, which hash, which form. */
import { constants } from 'node:crypto'

export type Algorithm = {
  readonly kty: 'EC' | 'RSA' | 'OKP'
  readonly crv: string | null
  /** Null: the algorithm has its own. */
  readonly hash: string | null
  /** Length of a signature; null: that of the modulus. */
  readonly signatureBytes: number | null
  /** How the signature is laid out, for `verify` of node:crypto. */
  readonly form: {
    readonly dsaEncoding?: 'ieee-p1363'
    readonly padding?: number
    readonly saltLength?: number
  }
}

const ecdsa = { kty: 'EC', form: { dsaEncoding: 'ieee-p1363' } } as const
const pkcs1 = {
  kty: 'RSA',
  crv: null,
  signatureBytes: null,
  form: { padding: constants.RSA_PKCS1_PADDING },
} as const
const pss = (hash: string, saltLength: number): Algorithm => ({
  kty: 'RSA',
  crv: null,
  hash,
  signatureBytes: null,
  form: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
})
const edwards = { kty: 'OKP', crv: 'Ed25519', hash: null, signatureBytes: 64, form: {} } as const

const algorithms: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ['ES256', { ...ecdsa, crv: 'P-256', hash: 'sha256', signatureBytes: 64 }],
  ['ES384', { ...ecdsa, crv: 'P-384', hash: 'sha384', signatureBytes: 96 }],
  ['ES512', { ...ecdsa, crv: 'P-521', hash: 'sha512', signatureBytes: 132 }],
  ['RS256', { ...pkcs1, hash: 'sha256' }],
  ['RS384', { ...pkcs1, hash: 'sha384' }],
  ['RS512', { ...pkcs1, hash: 'sha512' }],
  ['PS256', pss('sha256', 32)],
  ['PS384', pss('sha384', 48)],
  ['PS512', pss('sha512', 64)],
  ['Ed25519', edwards],
  ['EdDSA', edwards],
])

/** The algorithm of this name if it is for keys of this type and curve; symmetric ones do not exist here. */
export function algorithmFor(name: string, kty: unknown, crv: unknown): Algorithm | null {
  const algorithm = algorithms.get(name)
  if (algorithm === undefined || algorithm.kty !== kty) return null
  return algorithm.crv === null || algorithm.crv === crv ? algorithm : null
}
