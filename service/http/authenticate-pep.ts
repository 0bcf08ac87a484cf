/**
 * Who asks: the gateway, by its credential alone. The tenant comes from here, never from a body.
 *
 * The credential's audience selects the tenant, whose keys then verify it; an unknown tenant, issuer or
 * client all answer the same.
 */
import type { IncomingMessage } from 'node:http'
import { CallerRefusal, refusedCredential, type CallerFailure } from '../contract/caller-failure.ts'
import { PdpError } from '../contract/error-code.ts'
import type { PepRegistration } from '../contract/pep-registration.ts'
import { scopes as everyScope, type Scope } from '../contract/scope.ts'
import type { Pep } from '../decision/facts.ts'
import { httpRequestDigestOf } from '../decision/http-request-digest.ts'
import { issueNonce } from '../flow/nonce.ts'
import { provePep, type PepCredential, type ProvedPep } from '../flow/prove-pep.ts'
import { spendProofs } from '../flow/spend-proofs.ts'
import type { Tenant } from '../flow/tenant.ts'
import type { PeerChain } from '../identity/certificate.ts'
import { sameText } from '../statement/digest.ts'
import { tenantByAudience, tenantByName } from './find-tenant.ts'
import { peerChainOf } from './peer-certificates.ts'
import { readCredential } from './pep-credential.ts'
import type { Service } from './service.ts'

export type Caller = { readonly pep: Pep; readonly tenant: Tenant }

/** What a route says of its request. */
export type Asking = {
  /** That the credential must carry, or one of them. */
  readonly scope: Scope | readonly Scope[]
  /** The bytes that were read; a proof covers them. */
  readonly body?: Uint8Array
  /** The answer is a decision, whose leaf uses up the proof of the caller: nothing else has to. */
  readonly decides?: true
}

/** @throws PdpError `unauthenticated`, `scope_missing`; for a proof that cannot be used up also `overloaded`, `audit_unavailable`. */
export async function authenticatePep(
  request: IncomingMessage,
  service: Service,
  asking: Asking,
): Promise<Caller> {
  const { scope, decides } = asking
  const peer = peerChainOf(request)
  const credential = readCredential(request, peer)
  if (!credential.ok) throw refused(credential.failure)
  const caller =
    byApiKey(credential.value, service, peer) ??
    (await byProof(credential.value, request, service, asking))
  const { pep, tenant } = caller
  const enough = [scope].flat()
  if (!enough.some((one) => pep.scopes.includes(one)))
    throw new PdpError('scope_missing', `This route needs the scope ${enough.join(' or ')}.`)
  tenant.lastSeen.note(pep.id, tenant.clock.now())
  if (decides === true) return caller
  await spendProofs(pep, tenant)
  return { tenant, pep: { ...pep, proofs: [] } }
}

/**
 * Development mode only: there no tenant has a key that this could match otherwise. It may do everything that there
 * is.
 */
function byApiKey(
  credential: PepCredential,
  service: Service,
  peer: PeerChain | null,
): Caller | null {
  if (credential.kind !== 'bearer') return null
  for (const tenant of service.tenants.values()) {
    const { developmentPep: development } = tenant
    if (development === null || !sameText(credential.token, development.apiKey)) continue
    const { registration } = development
    if (tenant.audit.stops.isPepStopped(registration.client_id))
      throw refused('pep_revoked', tenant.tenant.id)
    const proved = { registration, scopes: everyScope, grade: 'asserted', workload: null } as const
    return { tenant, pep: pepOf({ ...proved, proofs: [] }, tenant, peer) }
  }
  return null
}

async function byProof(
  credential: PepCredential,
  request: IncomingMessage,
  service: Service,
  { body = new Uint8Array() }: Asking,
): Promise<Caller> {
  const tenant = tenantOf(credential, request, service)
  const { id, audience } = tenant.tenant
  const { method = '', url: path = '' } = request
  const url = `${service.publicUrl}${path}`
  const peer = peerChainOf(request)
  const proved = await provePep(
    credential,
    { method, url, peer, digest: () => httpRequestDigestOf({ audience, method, url, body }) },
    tenant,
    Math.floor(tenant.clock.now() / 1000),
  )
  if (proved.ok) return { tenant, pep: pepOf(proved.value, tenant, peer) }
  const { failure, lacksNonce } = proved
  throw refused(failure, id, lacksNonce === undefined ? null : nonceFor(lacksNonce, tenant))
}

/**
 * Whose keys a credential is held against.
 *
 * @throws PdpError `unauthenticated`
 */
function tenantOf(credential: PepCredential, request: IncomingMessage, service: Service): Tenant {
  const tenant =
    credential.kind === 'mtls'
      ? tenantByName(request, service)
      : tenantByAudience(credential.kind === 'wit' ? credential.wpt : credential.token, service)
  // A credential for two tenants names neither.
  if (tenant === null) throw refused('tenant_unknown')
  return tenant
}

function nonceFor({ issuer, client_id: id }: PepRegistration, tenant: Tenant): string {
  return issueNonce({ tenant: tenant.tenant.id, issuer, id }, tenant).nonce
}

function refused(
  failure: CallerFailure,
  tenant: string | null = null,
  nonce: string | null = null,
): PdpError {
  const says =
    failure === 'credential_missing'
      ? 'Send a credential: the header Authorization, once, with Bearer or DPoP, or a workload token with its proof.'
      : refusedCredential
  return new PdpError('unauthenticated', says, { cause: new CallerRefusal(failure, tenant, nonce) })
}

function pepOf(
  { registration, ...proved }: ProvedPep,
  { tenant }: Tenant,
  peer: PeerChain | null,
): Pep {
  const { client_id: id, issuer, project, environment, servers, owner } = registration
  return {
    ...{ tenant: tenant.id, id, issuer, project, environment, servers, owner },
    reviewBy: registration.review_by,
    peer,
    ...proved,
  }
}
