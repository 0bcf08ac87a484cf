/**
 * Finds the key set of a configured issuer by OpenID Connect Discovery 1.0, section 4. A token's `iss` only selects
 * among configured issuers: nothing here is ever asked on a token's word.
 */
import { limits } from '../../contract/limits.ts'
import { parseStrictJson } from '../../contract/strict-json.ts'
import { fetchKeySet, type Fetch, type Fetched, type Reach } from './fetch-key-set.ts'

export type Discovery = {
  readonly issuer: string
  /** Hosts, beside the issuer's own, on which its keys may lie. */
  readonly hosts: readonly string[]
  readonly reach: Reach
}

/** The address of the issuer's own statement. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/**
 * @throws Error that says what is wrong: another issuer, no `jwks_uri`, one on a host that was not named, or whatever
 *   keeps it from being fetched.
 */
export async function discoverKeySet(
  { issuer, hosts, reach }: Discovery,
  fetch: Fetch = fetchKeySet,
): Promise<Fetched> {
  const { bytes } = await fetch(discoveryUrl(issuer), reach)
  const stated = parseStrictJson(bytes, { depth: 8, members: limits.jsonMembers })
  const { issuer: said, jwks_uri: uri } = (stated ?? {}) as Readonly<Record<string, unknown>>
  if (said !== issuer) throw new Error('its discovery document is of another issuer')
  const url = typeof uri === 'string' ? URL.parse(uri) : null
  if (url === null) throw new Error('its discovery document names no jwks_uri')
  const own = URL.parse(issuer)?.host
  if (url.host !== own && !hosts.includes(url.host))
    throw new Error(
      `its jwks_uri is on ${url.host}: name that host in its configuration if it is meant`,
    )
  return await fetch(url.href, reach)
}
