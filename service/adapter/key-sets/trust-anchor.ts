/** The trust anchors of one tenant, as its configuration names them: whose keys, for what, from where. */
import type { SpiffeBundleSource, TenantConfig } from '../../contract/config.ts'
import type { Fault } from '../../contract/error-code.ts'
import { isOrigin, parseWorkloadId } from '../../identity/spiffe-id.ts'
import { spiffeAlgorithms, tokenProfiles } from '../../identity/token-profile.ts'
import type { TrustKind } from '../../port/key-sets.ts'
import { faultOfUrl } from '../outbound/fetch-bounded.ts'
import { discoveryUrl } from './discover.ts'
import type { KeySetForm } from './key-set.ts'

export type KeySetTenant = Pick<TenantConfig, 'id' | 'issuers' | 'trust_domains'>

export type TrustAnchor = {
  readonly kinds: readonly TrustKind[]
  /** An issuer, or the name of a trust domain. */
  readonly issuer: string
  readonly algorithms: readonly string[]
  readonly form: KeySetForm
  readonly from: SpiffeBundleSource
  /** Where the configuration names the source. */
  readonly pointer: string
}

/** @param at the pointer of the tenant in the configuration. */
export function anchorsOf(tenant: KeySetTenant, at: string): readonly TrustAnchor[] {
  const issuers = tenant.issuers.map(({ issuer, kinds, algorithms, keys }, index): TrustAnchor => ({
    kinds,
    issuer,
    algorithms,
    form: 'jwks',
    from: keys,
    pointer: `${at}/issuers/${String(index)}/keys`,
  }))
  const domains = tenant.trust_domains.map(({ name, bundle }, index): TrustAnchor => ({
    ...(name.startsWith('wimse://')
      ? { kinds: ['wit_svid'], algorithms: tokenProfiles.wit.algorithms, form: 'jwks' }
      : { kinds: ['jwt_svid', 'wit_svid'], algorithms: spiffeAlgorithms, form: 'spiffe' }),
    issuer: name,
    from: bundle,
    pointer: `${at}/trust_domains/${String(index)}/bundle`,
  }))
  return [...issuers, ...domains]
}

/** What makes anchors unusable before anything is loaded. */
export function faultsOfAnchors(anchors: readonly TrustAnchor[]): readonly Fault[] {
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const { kinds, issuer, from, pointer } of anchors) {
    const names = kinds.map((kind) => `${kind} ${issuer}`)
    if (names.some((name) => seen.has(name))) {
      faults.push({
        pointer,
        reason: `another entry already has the keys of "${issuer}" for this kind`,
      })
    }
    for (const name of names) seen.add(name)
    if (kinds.includes('wit_svid') && !isOrigin(issuer)) {
      faults.push({
        pointer,
        reason: `"${issuer}" is not a trust domain, nor wimse:// and one: use lower-case letters, digits, ".", "_", "-"`,
      })
    }
    const fault = faultOfSource(from, issuer, kinds) ?? faultOfEndpoint(from, issuer, anchors)
    if (fault !== null) faults.push({ ...fault, pointer: `${pointer}${fault.pointer}` })
  }
  return faults
}

function faultOfSource(
  from: SpiffeBundleSource,
  issuer: string,
  kinds: readonly TrustKind[],
): Fault | null {
  const asked = 'url' in from ? from.url : 'discovery' in from ? discoveryUrl(issuer) : null
  if (asked === null) return null
  const isDiscovered = 'discovery' in from
  if (isDiscovered && kinds.includes('wit_svid'))
    return {
      pointer: '',
      reason: 'a trust domain is not discovered: name the URL of its bundle',
    }
  const reason = faultOfUrl(asked, 'internal' in from && from.internal)
  return reason === null ? null : { pointer: isDiscovered ? '/discovery' : '/url', reason }
}

/** SPIFFE Federation, section 5.2.2: the endpoint has a SPIFFE ID, of a trust domain whose bundle is known. */
function faultOfEndpoint(
  from: SpiffeBundleSource,
  issuer: string,
  anchors: readonly TrustAnchor[],
): Fault | null {
  if (!('endpoint_spiffe_id' in from)) return null
  const pointer = '/endpoint_spiffe_id'
  const endpoint = parseWorkloadId(from.endpoint_spiffe_id)
  if (endpoint === null)
    return { pointer, reason: 'write the SPIFFE ID of a workload: spiffe://domain/path' }
  if (!from.url.startsWith('https://')) return { pointer: '/url', reason: 'use https' }
  if (endpoint.trustDomain === issuer)
    return from.bootstrap_file === undefined
      ? { pointer, reason: 'name a bootstrap_file: the endpoint is of the domain that it serves' }
      : null
  const other = anchors.find(
    ({ form, issuer: name }) => form === 'spiffe' && name === endpoint.trustDomain,
  )
  if (other !== undefined && isKnownByAnother(other))
    return {
      pointer,
      reason: 'its bundle too is served by another trust domain: name one that is not',
    }
  return other !== undefined
    ? null
    : {
        pointer,
        reason: `configure the trust domain ${endpoint.trustDomain} too, or another endpoint`,
      }
}

/** Two that waited for each other would wait for ever. */
function isKnownByAnother({ from, issuer }: TrustAnchor): boolean {
  return (
    'endpoint_spiffe_id' in from && parseWorkloadId(from.endpoint_spiffe_id)?.trustDomain !== issuer
  )
}
