/** The algorithms of signatures on certificates that Go knows, by its own numbers (crypto/x509). */
import { childrenOf, explicit, type DerNode, identifierOf, integerOf, tags } from './der.ts'

export type KeyKind = 'RSA' | 'DSA' | 'ECDSA' | 'Ed25519'

export type SignatureAlgorithm = {
  /** Go's x509.SignatureAlgorithm. */
  readonly number: number
  readonly kind: KeyKind
  /** Null: the scheme hashes by itself. */
  readonly hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | null
  readonly isPss: boolean
}

const pss = '1.2.840.113549.1.1.10'
const mgf1 = '1.2.840.113549.1.1.8'
const ed25519 = '1.3.101.112'

const known: readonly (readonly [string, SignatureAlgorithm])[] = [
  ['1.2.840.113549.1.1.4', { number: 2, kind: 'RSA', hash: 'md5', isPss: false }],
  ['1.2.840.113549.1.1.5', { number: 3, kind: 'RSA', hash: 'sha1', isPss: false }],
  ['1.3.14.3.2.29', { number: 3, kind: 'RSA', hash: 'sha1', isPss: false }],
  ['1.2.840.113549.1.1.11', { number: 4, kind: 'RSA', hash: 'sha256', isPss: false }],
  ['1.2.840.113549.1.1.12', { number: 5, kind: 'RSA', hash: 'sha384', isPss: false }],
  ['1.2.840.113549.1.1.13', { number: 6, kind: 'RSA', hash: 'sha512', isPss: false }],
  ['1.2.840.10040.4.3', { number: 7, kind: 'DSA', hash: 'sha1', isPss: false }],
  ['2.16.840.1.101.3.4.3.2', { number: 8, kind: 'DSA', hash: 'sha256', isPss: false }],
  ['1.2.840.10045.4.1', { number: 9, kind: 'ECDSA', hash: 'sha1', isPss: false }],
  ['1.2.840.10045.4.3.2', { number: 10, kind: 'ECDSA', hash: 'sha256', isPss: false }],
  ['1.2.840.10045.4.3.3', { number: 11, kind: 'ECDSA', hash: 'sha384', isPss: false }],
  ['1.2.840.10045.4.3.4', { number: 12, kind: 'ECDSA', hash: 'sha512', isPss: false }],
  [ed25519, { number: 16, kind: 'Ed25519', hash: null, isPss: false }],
]

/** With the salt as long as the hash, and nothing else. */
const pssByHash: ReadonlyMap<string, SignatureAlgorithm & { readonly salt: bigint }> = new Map([
  ['2.16.840.1.101.3.4.2.1', { number: 13, kind: 'RSA', hash: 'sha256', isPss: true, salt: 32n }],
  ['2.16.840.1.101.3.4.2.2', { number: 14, kind: 'RSA', hash: 'sha384', isPss: true, salt: 48n }],
  ['2.16.840.1.101.3.4.2.3', { number: 15, kind: 'RSA', hash: 'sha512', isPss: true, salt: 64n }],
])

/** Null for those that Go does not know, whose number is 0. @throws BuiltinError */
export function signatureAlgorithmOf(node: DerNode | undefined): SignatureAlgorithm | null {
  const [type, parameters] = childrenOf(node)
  const name = identifierOf(type)
  if (name === pss) return pssOf(parameters)
  if (name === ed25519 && parameters !== undefined) return null
  return known.find(([identifier]) => identifier === name)?.[1] ?? null
}

/** RFC 8017 section A.2.3; MGF1 must be of the same hash. */
function pssOf(parameters: DerNode | undefined): SignatureAlgorithm | null {
  if (parameters?.tag !== tags.sequence) return null
  const parts = parameters.children.map(({ tag, children }, i) =>
    tag === explicit(i) ? children[0] : undefined,
  )
  const [hash, mask, salt, trailer] = parts
  if (hash === undefined || mask === undefined || salt === undefined || parts.length > 4)
    return null
  const name = plainAlgorithm(hash)
  const found = pssByHash.get(name)
  const isPlain = isMask(mask, name) && (trailer === undefined || integerOf(trailer) === 1n)
  return isPlain && found?.salt === integerOf(salt) ? found : null
}

function isMask(node: DerNode, hash: string): boolean {
  const [type, parameters] = childrenOf(node)
  return (
    identifierOf(type) === mgf1 && parameters !== undefined && plainAlgorithm(parameters) === hash
  )
}

/** Empty unless its parameters are none, or null. */
function plainAlgorithm(node: DerNode): string {
  const [type, parameters] = childrenOf(node)
  const isPlain = parameters === undefined || parameters.raw.equals(Buffer.of(5, 0))
  return isPlain ? identifierOf(type) : ''
}
