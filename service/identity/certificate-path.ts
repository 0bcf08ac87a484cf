/**
 * A path from a certificate to one of the authorities that are trusted for it (RFC 5280 section 6.1, without
 * policies: a certificate that makes them critical is refused).
 *
 * Depth and signatures are bounded. When there is no path, the failure is the one of the certificate that would have
 * come next, so that an expired authority is not called a stranger.
 */
import { limits } from '../contract/limits.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { faultOfValidity, type Certificate } from './certificate.ts'
import { satisfiesConstraints } from './name-constraints.ts'
import { read, refuse, type Reading } from './reading.ts'

export type PathSearch = {
  /** What the peer sent along, in any order. */
  readonly between: readonly Certificate[]
  readonly authorities: readonly Certificate[]
  /** Seconds since the epoch. */
  readonly now: number
  /** What else an authority must be, as the ID of its trust domain; null when it is. */
  readonly faultOfAuthority?: (authority: Certificate) => EvidenceFailure | null
}

/** The leaf first, the trusted authority last. */
export type CertificatePath = readonly Certificate[]

export function findPath(leaf: Certificate, search: PathSearch): Reading<CertificatePath> {
  const fault: EvidenceFailure | null = leaf.hasUnknownCritical
    ? 'certificate_constraint'
    : faultOfValidity(leaf, search.now)
  if (fault !== null) return refuse(fault)
  const effort = { signatures: 0, failure: 'untrusted_domain_key' as EvidenceFailure }
  const path = extend([leaf], search, effort)
  return path === null ? refuse(effort.failure) : read(path)
}

/**
 * The certificates as they are, each issued by the next: none is looked for, none is left over. Whom the last one is
 * trusted by is not asked here.
 */
export function followPath(
  [leaf, ...above]: readonly [Certificate, ...Certificate[]],
  now: number,
): Reading<CertificatePath> {
  if (leaf.hasUnknownCritical) return refuse('certificate_constraint')
  const fault = faultOfValidity(leaf, now)
  if (fault !== null) return refuse(fault)
  const path = [leaf]
  for (const issuer of above) {
    if (!issued(issuer, path)) return refuse('path_broken')
    const faulty = faultOfIssuer(issuer, path, { now })
    if (faulty !== null) return refuse(faulty)
    path.push(issuer)
  }
  return read(path)
}

/** It gave out the last of the path, and is not on it. */
function issued(issuer: Certificate, path: CertificatePath): boolean {
  const child = path.at(-1)
  return (
    child?.issuer === issuer.subject &&
    !path.some(({ thumbprint }) => thumbprint === issuer.thumbprint) &&
    child.isSignedBy(issuer)
  )
}

type Effort = { signatures: number; failure: EvidenceFailure }

function extend(path: CertificatePath, search: PathSearch, effort: Effort): CertificatePath | null {
  for (const [issuer, isTrusted] of issuersOf(path, search)) {
    effort.signatures += 1
    if (effort.signatures > limits.pathSignatures) {
      effort.failure = 'path_too_long'
      return null
    }
    if (path.at(-1)?.isSignedBy(issuer) !== true) continue
    const fault = faultOfIssuer(issuer, path, search)
    const longer = [...path, issuer]
    if (fault !== null) effort.failure = fault
    else if (isTrusted) return longer
    else {
      const found = extend(longer, search, effort)
      if (found !== null) return found
    }
  }
  return null
}

/** Those whose name it gives as its issuer's, trusted ones first; none twice on one path. */
function issuersOf(
  path: CertificatePath,
  { authorities, between }: PathSearch,
): readonly (readonly [Certificate, boolean])[] {
  const child = path.at(-1)
  const candidates = [
    ...authorities.map((one) => [one, true] as const),
    ...between.map((one) => [one, false] as const),
  ]
  return candidates.filter(
    ([one]) =>
      one.subject === child?.issuer &&
      !path.some(({ thumbprint }) => thumbprint === one.thumbprint),
  )
}

function faultOfIssuer(
  issuer: Certificate,
  path: CertificatePath,
  { now, faultOfAuthority = () => null }: Pick<PathSearch, 'now' | 'faultOfAuthority'>,
): EvidenceFailure | null {
  if (!mayIssue(issuer)) return 'certificate_profile'
  if (isTooLong(issuer, path)) return 'path_too_long'
  if (issuer.hasUnknownCritical) return 'certificate_constraint'
  const { nameConstraints } = issuer
  if (nameConstraints !== null && !path.every((one) => satisfiesConstraints(one, nameConstraints)))
    return 'certificate_constraint'
  return faultOfValidity(issuer, now) ?? faultOfAuthority(issuer)
}

/** RFC 5280 sections 4.2.1.3 and 4.2.1.9. */
function mayIssue({ basicConstraints, keyUsage }: Certificate): boolean {
  return basicConstraints?.isAuthority === true && keyUsage?.certificateSigning === true
}

/** RFC 5280 section 4.2.1.9, but one that issued itself anew counts too: nobody below is to lengthen the path. */
function isTooLong({ basicConstraints }: Certificate, path: CertificatePath): boolean {
  if (path.length > limits.pathAuthorities) return true
  return path.length - 1 > (basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY)
}
