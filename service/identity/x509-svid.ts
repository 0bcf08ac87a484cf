/**
 * An X.509-SVID (SPIFFE X509-SVID, sections 2 to 5): a leaf that names one workload, and a path to the authorities of
 * that workload's own trust domain.
 */
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { findPath, type CertificatePath } from './certificate-path.ts'
import { nameKinds, type Certificate } from './certificate.ts'
import { read, refuse, type Reading } from './reading.ts'
import { parseSpiffeId, parseWorkloadId, type SpiffeId } from './spiffe-id.ts'

export const serverAuthentication = '1.3.6.1.5.5.7.3.1'
const clientAuthentication = '1.3.6.1.5.5.7.3.2'

/** Whom a leaf names, before anything of it is trusted: sections 2, 4.1, 4.3, 4.4 and 5.1. */
export function readSvidLeaf(leaf: Certificate): Reading<SpiffeId> {
  const uris = leaf.names.filter(({ kind }) => kind === nameKinds.uri)
  const workload = uris.length === 1 ? parseWorkloadId(uris[0]?.text ?? '') : null
  if (workload === null) return refuse('bad_identifier')
  return isLeaf(leaf) ? read(workload) : refuse('certificate_profile')
}

function isLeaf({ basicConstraints, keyUsage, purposes }: Certificate): boolean {
  const isForBoth =
    purposes === null ||
    (purposes.includes(serverAuthentication) && purposes.includes(clientAuthentication))
  return (
    basicConstraints?.isAuthority !== true &&
    keyUsage?.isCritical === true &&
    keyUsage.digitalSignature &&
    !keyUsage.certificateSigning &&
    !keyUsage.listSigning &&
    isForBoth
  )
}

/** @param authorities of the trust domain that the leaf names, and of no other. */
export function findSvidPath(
  [leaf, ...between]: readonly [Certificate, ...Certificate[]],
  { trustDomain }: SpiffeId,
  authorities: readonly Certificate[],
  now: number,
): Reading<CertificatePath> {
  return findPath(leaf, {
    between,
    authorities,
    now,
    faultOfAuthority: (authority) => faultOfAuthority(authority, trustDomain),
  })
}

/** Section 3.2: an authority need not have an ID; the one that it has is that of the trust domain itself. */
function faultOfAuthority({ names }: Certificate, trustDomain: string): EvidenceFailure | null {
  const ids = names.filter(({ kind, text }) => kind === nameKinds.uri && /^spiffe:/i.test(text))
  const isOwn = ids.every(({ text }) => {
    const id = parseSpiffeId(text)
    return id?.path === '' && id.trustDomain === trustDomain
  })
  return isOwn && ids.length <= 1 ? null : 'bad_identifier'
}
