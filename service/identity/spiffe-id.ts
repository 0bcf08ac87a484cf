/**
 * SPIFFE IDs (SPIFFE-ID section 2), byte for byte: lower case, no escapes, no dot segments, no URL parser.
 *
 * A URL parser would mend what must be refused (`spiffe://td/a/../b`), so one anchored pattern decides.
 */

export type SpiffeId = {
  readonly id: string
  readonly trustDomain: string
  /** Empty, or segments that each begin with a slash. */
  readonly path: string
}

const longest = 2048
const trustDomain = '[a-z0-9._-]{1,255}'
const spiffeId = new RegExp(`^spiffe://(${trustDomain})((?:/[A-Za-z0-9._-]+)*)$`)
const wholeTrustDomain = new RegExp(`^${trustDomain}$`)
const dotSegment = /\/\.{1,2}(?:\/|$)/

export function parseSpiffeId(text: string): SpiffeId | null {
  if (text.length > longest) return null
  const [, domain, path] = spiffeId.exec(text) ?? []
  if (domain === undefined || path === undefined || dotSegment.test(path)) return null
  return { id: text, trustDomain: domain, path }
}

/** The ID of a workload has a path; one without names the trust domain itself (X509-SVID and JWT-SVID). */
export function parseWorkloadId(text: string): SpiffeId | null {
  const parsed = parseSpiffeId(text)
  return parsed === null || parsed.path === '' ? null : parsed
}

export function isTrustDomain(text: string): boolean {
  return wholeTrustDomain.test(text)
}

/** The identifier of a workload in a WIT: a SPIFFE ID, or a URI of the same strict form under `wimse` (draft-ietf-wimse-identifier-03). */
export type WorkloadUri = SpiffeId & {
  /** What its trust anchor is called: the trust domain, or `wimse://` and the domain: two origins, never one. */
  readonly origin: string
}

export function parseWorkloadUri(text: string): WorkloadUri | null {
  const isWimse = text.startsWith('wimse://')
  const parsed = parseWorkloadId(isWimse ? `spiffe://${text.slice('wimse://'.length)}` : text)
  if (parsed === null) return null
  const { path, trustDomain } = parsed
  return { id: text, trustDomain, path, origin: isWimse ? `wimse://${trustDomain}` : trustDomain }
}

/** A trust domain by its name, or `wimse://` and the domain. */
export function isOrigin(text: string): boolean {
  return isTrustDomain(text.startsWith('wimse://') ? text.slice('wimse://'.length) : text)
}
