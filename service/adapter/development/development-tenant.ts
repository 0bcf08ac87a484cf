/** The tenant of development mode, as the same configuration that production would have written. */
import { join } from 'node:path'
import type { TenantConfig } from '../../contract/config.ts'
import { scopes } from '../../contract/scope.ts'
import type { DevelopmentKeys, IssuerKey } from './development-keys.ts'

export const development = {
  tenant: 'dev',
  audience: 'https://pdp.dev.countersign.test/tenants/dev',
  identityIssuer: 'https://idp.dev.countersign.test',
  purposeIssuer: 'https://purposes.dev.countersign.test',
  trustDomain: 'dev.countersign.test',
  pep: 'dev-gateway',
  owner: 'platform-team',
  /** The start of 2100. */
  reviewBy: 4_102_444_800,
} as const

/** Who looks at the console: an approver, who may also read and stop everything. */
export const developmentPerson = {
  tenant: development.audience,
  iss: development.identityIssuer,
  sub: 'rita',
  name: 'Rita Moreno',
  groups: ['release-managers', 'operators'],
}

/** @param bundles directory of the bundles to load; by default those of the repository. */
export function developmentTenant(keys: DevelopmentKeys, bundles: string): TenantConfig {
  const issuer = (
    name: string,
    kinds: TenantConfig['issuers'][number]['kinds'],
    key: IssuerKey,
  ): TenantConfig['issuers'][number] => ({
    issuer: name,
    kinds,
    algorithms: ['ES256'],
    keys: { inline: { keys: [{ ...key.publicJwk, kid: key.kid, alg: 'ES256', use: 'sig' }] } },
  })
  return {
    id: development.tenant,
    audience: development.audience,
    bundles: {
      sources: [{ directory: bundles }],
      keys: [
        {
          id: 'development',
          algorithm: 'EdDSA',
          public_key_file: join(import.meta.dirname, '../../../bundles/development-key/public.pem'),
        },
      ],
    },
    issuers: [
      issuer(development.identityIssuer, ['initiator', 'pep', 'events'], keys.identity),
      issuer(development.purposeIssuer, ['grant'], keys.purpose),
    ],
    trust_domains: [
      {
        name: development.trustDomain,
        bundle: {
          inline: {
            keys: [
              { ...keys.spiffe.publicJwk, kid: keys.spiffe.kid, use: 'jwt-svid' },
              { ...keys.wit.publicJwk, kid: keys.wit.kid, use: 'wit-svid' },
            ],
          },
        },
      },
    ],
    peps: [
      {
        client_id: development.pep,
        issuer: development.identityIssuer,
        // Only here: a curl command cannot sign each request.
        proof: { bearer: {} },
        scopes: [...scopes],
        project: 'playground',
        environment: 'development',
        servers: [],
        owner: development.owner,
        review_by: development.reviewBy,
      },
    ],
    signing: { algorithm: 'ES256' },
    console: { roles: [{ group: 'operators', scopes: [...scopes] }] },
  }
}
