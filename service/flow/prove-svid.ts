/** A workload by the chain of its X.509-SVID, held against the authorities of its own trust domain. Total. */
import { limits } from '../contract/limits.ts'
import type { Certificate } from '../identity/certificate.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import type { SpiffeId } from '../identity/spiffe-id.ts'
import { findSvidPath, readSvidLeaf } from '../identity/x509-svid.ts'
import type { KeySets } from '../port/key-sets.ts'

export type ProvedSvid = {
  readonly workload: SpiffeId
  /** The first certificate of the path to its authority that ends, in seconds since the epoch. */
  readonly expiresAt: number
  readonly leaf: Certificate
}

/** @param chain DER, the leaf first; whether its key was proved is not asked here. */
export async function proveSvid(
  chain: readonly Uint8Array[],
  tenant: string,
  keySets: KeySets,
  now: number,
): Promise<Reading<ProvedSvid>> {
  if (chain.length > limits.peerCertificates) return refuse('path_too_long')
  const certificates = chain.map((der) => keySets.certificate(der)).filter((one) => one !== null)
  const [leaf, ...between] = certificates
  if (leaf === undefined || certificates.length < chain.length) return refuse('malformed')
  const workload = readSvidLeaf(leaf)
  if (!workload.ok) return workload
  const found = await keySets.authorities(tenant, workload.value.trustDomain)
  if (!found.ok) return refuse(found.failure)
  const authorities = found.authorities
    .map((der) => keySets.certificate(der))
    .filter((one) => one !== null)
  const path = findSvidPath([leaf, ...between], workload.value, authorities, now)
  if (!path.ok) return path
  const expiresAt = Math.min(...path.value.map(({ notAfter }) => notAfter))
  return read({ workload: workload.value, expiresAt, leaf })
}
