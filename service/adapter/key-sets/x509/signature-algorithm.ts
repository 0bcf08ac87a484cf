/** Algorithms by which a certificate may be signed: no MD5, no SHA-1, no DSA, and no hash that is only implied. */
import { childrenOf, identifierOf, type Der } from './der.ts'

const algorithms: ReadonlySet<string> = new Set([
  // ECDSA with SHA-256, SHA-384, SHA-512 (RFC 5758 section 3.2).
  '2a8648ce3d040302',
  '2a8648ce3d040303',
  '2a8648ce3d040304',
  // RSA, PKCS #1 v1.5, with the same (RFC 4055 section 5).
  '2a864886f70d01010b',
  '2a864886f70d01010c',
  '2a864886f70d01010d',
  // Ed25519 (RFC 8410 section 3).
  '2b6570',
])
const pss = '2a864886f70d01010a'
const pssHashes: ReadonlySet<string> = new Set([
  '608648016503040201',
  '608648016503040202',
  '608648016503040203',
])

/** @param algorithm an AlgorithmIdentifier @throws MalformedDer */
export function isStrong(algorithm: Der | undefined): boolean {
  const [type, parameters] = childrenOf(algorithm)
  const name = identifierOf(type)
  return algorithms.has(name) || (name === pss && isStrongPss(parameters))
}

/** RFC 8017 section A.2.3: a hash that is left out is SHA-1. */
function isStrongPss(parameters: Der | undefined): boolean {
  if (parameters === undefined) return false
  const hash = childrenOf(parameters).find(({ tag }) => tag === 0xa0)
  if (hash === undefined) return false
  const [type] = childrenOf(childrenOf(hash, 0xa0)[0])
  return pssHashes.has(identifierOf(type))
}
