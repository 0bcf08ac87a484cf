/**
 * Who asks: the gateway, by its credential alone. The tenant comes from here, never from a body.
 *
 * The token's audience selects the tenant, whose keys then verify it; an unknown tenant, issuer or
 * client all answer the same.
 */
import type { IncomingMessage } from 'node:http'
import type { PepRegistration } from '../contract/config.ts'
import { PdpError } from '../contract/error-code.ts'
import type { Grade } from '../contract/policy-input.ts'
import type { Pep } from '../decision/facts.ts'
import type { Tenant } from '../flow/tenant.ts'
import { peekAudiences } from '../identity/peek.ts'
import { sameText } from '../statement/digest.ts'
import type { Scope, Service } from './service.ts'

/** What the development key may do: everything that there is. */
const developmentScopes: readonly Scope[] = [
  'pdp.evaluate',
  'pdp.audit.read',
  'pdp.policy.manage',
  'pdp.stop',
]

export type Caller = { readonly pep: Pep; readonly tenant: Tenant }

/**
 * @param scope that the credential must carry; null when the route decides by itself.
 * @throws PdpError `unauthenticated`, `scope_missing`.
 */
export async function authenticatePep(
  request: IncomingMessage,
  service: Service,
  scope: Scope | null,
): Promise<Caller> {
  const credential = bearerOf(request)
  const caller = byApiKey(credential, service) ?? (await byToken(credential, service))
  if (scope !== null && !caller.pep.scopes.includes(scope)) {
    throw new PdpError('scope_missing', `This route needs the scope ${scope}.`)
  }
  return caller
}

function bearerOf(request: IncomingMessage): string {
  const values = request.headersDistinct['authorization']
  const credential =
    values?.length === 1 ? /^Bearer ([^\s]+)$/iu.exec(values[0] ?? '')?.[1] : undefined
  if (credential === undefined) {
    throw new PdpError('unauthenticated', 'Send the header Authorization: Bearer <token>, once.')
  }
  return credential
}

/** Development mode only: there no tenant has a key that this could match otherwise. */
function byApiKey(credential: string, service: Service): Caller | null {
  for (const tenant of service.tenants.values()) {
    const development = tenant.developmentPep
    if (development === null || !sameText(credential, development.apiKey)) continue
    return {
      tenant,
      pep: pepOf(development.registration, tenant, developmentScopes, 'asserted'),
    }
  }
  return null
}

async function byToken(credential: string, service: Service): Promise<Caller> {
  const tenants = peekAudiences(credential)
    .map((audience) => service.tenants.get(audience))
    .filter((tenant) => tenant !== undefined)
  const tenant = tenants[0]
  // A credential for two tenants names neither.
  if (tenant === undefined || tenants.length > 1) throw refused()
  const verified = await tenant.verify('pep_token', tenant.tenant.id, credential, {
    audience: tenant.tenant.audience,
    now: Math.floor(tenant.clock.now() / 1000),
  })
  if (!verified.ok) throw refused()
  const { iss, sub, clientId, scopes } = verified.facts
  const registration = tenant.findPep(iss, clientId)
  // A token of a person who came in through the gateway's client is not the gateway's own.
  if (registration === null || sub !== (registration.subject ?? clientId)) throw refused()
  return { tenant, pep: pepOf(registration, tenant, scopes, 'bearer') }
}

function refused(): PdpError {
  return new PdpError('unauthenticated', 'The credential is not one that this service accepts.')
}

function pepOf(
  registration: PepRegistration,
  tenant: Tenant,
  scopes: readonly string[],
  grade: Grade,
): Pep {
  return {
    tenant: tenant.tenant.id,
    id: registration.client_id,
    issuer: registration.issuer,
    project: registration.project,
    environment: registration.environment,
    servers: registration.servers,
    scopes,
    grade,
    owner: registration.owner,
    reviewBy: registration.review_by,
  }
}
