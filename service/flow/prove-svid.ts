/**
 * A workload by the chain of its X.509-SVID, held against the authorities of its own trust domain. Total.
 *
 * A path that was found is remembered under the SHA-256 of every certificate that was shown, the tenant and the epoch of
 * its key sets, and for as long as each certificate on it stands: so a connection costs its signatures once.
 */
import { LRUCache } from 'lru-cache'
import { limits } from '../contract/limits.ts'
import type { CertificatePath } from '../identity/certificate-path.ts'
import { faultOfValidity, type Certificate } from '../identity/certificate.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import type { SpiffeId } from '../identity/spiffe-id.ts'
import { findSvidPath, readSvidLeaf } from '../identity/x509-svid.ts'
import type { KeySets } from '../port/key-sets.ts'
import { digestOfText } from '../statement/digest.ts'

export type ProvedSvid = {
  readonly workload: SpiffeId
  /** The first certificate of the path to its authority that ends, in seconds since the epoch. */
  readonly expiresAt: number
  readonly leaf: Certificate
}

/** What a chain passes, in this order. */
export const svidSteps = ['certificates', 'leaf', 'authorities', 'path'] as const
export type SvidStep = (typeof svidSteps)[number]

type Found = { readonly svid: ProvedSvid; readonly path: CertificatePath }

const remembered = new WeakMap<KeySets, LRUCache<string, Found>>()

/** @param chain DER, the leaf first; whether its key was proved is not asked here. */
export async function proveSvid(
  chain: readonly Uint8Array[],
  tenant: string,
  keySets: KeySets,
  now: number,
): Promise<Reading<ProvedSvid>> {
  if (chain.length > limits.peerCertificates) return refuse('path_too_long')
  const known = rememberedOf(keySets)
  // Of the epoch before the authorities are asked for: if it moves meanwhile, nobody looks there any more.
  const key = [tenant, keySets.epoch(tenant), ...chain.map(digestOfText)].join(' ')
  const before = known.get(key)
  if (before?.path.every((one) => faultOfValidity(one, now) === null) === true)
    return read(before.svid)
  const found = await findSvid(chain, tenant, keySets, now)
  if (!found.ok) {
    known.delete(key)
    return found
  }
  known.set(key, found.value)
  return read(found.value.svid)
}

/** The search itself, whatever is remembered. @param passed hears of each step that the chain passed */
export async function findSvid(
  chain: readonly Uint8Array[],
  tenant: string,
  keySets: KeySets,
  now: number,
  passed: (step: SvidStep) => void = () => undefined,
): Promise<Reading<Found>> {
  if (chain.length > limits.peerCertificates) return refuse('path_too_long')
  const certificates = chain.map((der) => keySets.certificate(der)).filter((one) => one !== null)
  const [leaf, ...between] = certificates
  if (leaf === undefined || certificates.length < chain.length) return refuse('malformed')
  passed('certificates')
  const workload = readSvidLeaf(leaf)
  if (!workload.ok) return workload
  passed('leaf')
  const found = await keySets.authorities(tenant, workload.value.trustDomain)
  if (!found.ok) return refuse(found.failure)
  const authorities = found.authorities
    .map((der) => keySets.certificate(der))
    .filter((one) => one !== null)
  passed('authorities')
  const path = findSvidPath([leaf, ...between], workload.value, authorities, now)
  if (!path.ok) return path
  passed('path')
  const expiresAt = Math.min(...path.value.map(({ notAfter }) => notAfter))
  return read({ svid: { workload: workload.value, expiresAt, leaf }, path: path.value })
}

function rememberedOf(keySets: KeySets): LRUCache<string, Found> {
  const known =
    remembered.get(keySets) ?? new LRUCache<string, Found>({ max: limits.verifiedChains })
  remembered.set(keySets, known)
  return known
}
