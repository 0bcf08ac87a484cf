/** The trust anchors of one tenant, as its configuration names them: whose keys, for what, from where. */
import type { KeySetSource, TenantConfig } from '../../contract/config.ts'
import type { Fault } from '../../contract/error-code.ts'
import { isOrigin } from '../../identity/spiffe-id.ts'
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
  readonly from: KeySetSource
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
    faults.push(...faultsOfSource(from, issuer, kinds, pointer))
  }
  return faults
}

function faultsOfSource(
  from: KeySetSource,
  issuer: string,
  kinds: readonly TrustKind[],
  pointer: string,
): readonly Fault[] {
  const asked = 'url' in from ? from.url : 'discovery' in from ? discoveryUrl(issuer) : null
  if (asked === null) return []
  const isDiscovered = 'discovery' in from
  if (isDiscovered && kinds.includes('wit_svid'))
    return [{ pointer, reason: 'a trust domain is not discovered: name the URL of its bundle' }]
  const internal = 'internal' in from && from.internal
  const reason = faultOfUrl(asked, internal)
  return reason === null
    ? []
    : [{ pointer: `${pointer}/${isDiscovered ? 'discovery' : 'url'}`, reason }]
}
