/**
 * The path by which a gateway verified a server (RFC 5280 section 6.1, RFC 9525): public data, of which we check
 * everything but who stands behind it. Possession of the leaf's key, and the last authority, are the gateway's word.
 */
import type { Digest } from '../contract/digest.ts'
import { followPath } from './certificate-path.ts'
import { nameKinds, type Certificate } from './certificate.ts'
import { read, refuse, type Reading } from './reading.ts'
import { serverAuthentication } from './x509-svid.ts'

export type TlsPath = {
  /** Of the keys on it, the leaf's first. */
  readonly keys: readonly Digest[]
  /** Seconds since the epoch: the first of its certificates to end. */
  readonly expiresAt: number
}

/** @param name as in the registry: lower case @param now seconds since the epoch */
export function readTlsPath(
  chain: readonly [Certificate, ...Certificate[]],
  name: string,
  now: number,
): Reading<TlsPath> {
  const [leaf] = chain
  if (!mayServe(leaf)) return refuse('certificate_profile')
  if (!isFor(leaf, name)) return refuse('certificate_name')
  const path = followPath(chain, now)
  if (!path.ok) return path
  return read({
    keys: path.value.map(({ keyDigest }) => keyDigest),
    expiresAt: Math.min(...path.value.map(({ notAfter }) => notAfter)),
  })
}

/** RFC 5280 sections 4.2.1.3 and 4.2.1.12, where it says what it is for. */
function mayServe({ keyUsage, purposes }: Certificate): boolean {
  return keyUsage?.digitalSignature !== false && purposes?.includes(serverAuthentication) !== false
}

/** RFC 9525 section 6.3: by domain names alone; a wildcard is the whole first label, and stands for one. */
function isFor({ names }: Certificate, name: string): boolean {
  const parent = name.split('.').slice(1)
  const wildcard = parent.length > 1 ? ['*', ...parent].join('.') : null
  return names.some(({ kind, text }) => {
    const own = text.toLowerCase()
    return kind === nameKinds.domain && (own === name || own === wildcard)
  })
}
