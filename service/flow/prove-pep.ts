/**
 * The gateway that asks, by its credential: one way of proof each, and the one that it is registered for.
 *
 * Total. Who may not ask is told nothing of why; the reason is for the operator.
 */
import type { CallerFailure } from '../contract/caller-failure.ts'
import type { Digest } from '../contract/digest.ts'
import type { SpentProof } from '../contract/leaf.ts'
import { usualProof, type PepProof, type PepRegistration } from '../contract/pep-registration.ts'
import type { Grade } from '../contract/policy-input.ts'
import { usualScopes } from '../contract/scope.ts'
import { acceptDpop } from '../identity/dpop.ts'
import { faultOfProof, type ProvedKey } from '../identity/confirmation.ts'
import type { VerifiedPep } from '../identity/pep-token.ts'
import type { PeerChain } from '../identity/certificate.ts'
import type { SpiffeId } from '../identity/spiffe-id.ts'
import { pseudonymOf, tokenHash } from '../statement/digest.ts'
import { isNonceOf } from './nonce.ts'
import { keyInHeader, provePossession } from './prove-possession.ts'
import { proveSvid } from './prove-svid.ts'
import { proveWorkload } from './prove-workload.ts'
import type { Tenant } from './tenant.ts'

/** What a request brought to prove its sender. A further way of proof is a further member here. */
export type PepCredential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'dpop'; readonly token: string; readonly proof: string }
  | { readonly kind: 'wit'; readonly wit: string; readonly wpt: string }
  | { readonly kind: 'mtls'; readonly peer: PeerChain }

/** The request that a proof must be for. */
export type ProvedRequest = {
  readonly method: string
  /** On the configured public URL: no header has a say in it. */
  readonly url: string
  /** Digest of method, URL and body (`decision/http-request-digest.ts`). */
  readonly digest: () => Digest
  /** The certificates that the sender showed on the connection, and proved the key of. */
  readonly peer: PeerChain | null
}

export type ProvedPep = {
  readonly registration: PepRegistration
  readonly scopes: readonly string[]
  readonly grade: Grade
  /** Its SPIFFE ID; null when it came with an access token. */
  readonly workload: string | null
  readonly proofs: readonly SpentProof[]
}

export type PepReading =
  | { readonly ok: true; readonly value: ProvedPep }
  | {
      readonly ok: false
      readonly failure: CallerFailure
      /** Of whom the rest is good: it may be given a nonce for its next proof. */
      readonly lacksNonce?: PepRegistration
    }

/** @param now seconds since the epoch */
export async function provePep(
  credential: PepCredential,
  request: ProvedRequest,
  tenant: Tenant,
  now: number,
): Promise<PepReading> {
  const proved = await byCredential(credential, request, tenant, now)
  // Asked last: only who has proved to be that gateway learns that it was revoked, and then only as a 401.
  if (proved.ok && tenant.audit.stops.isPepStopped(proved.value.registration.client_id))
    return refused('pep_revoked')
  return proved
}

function byCredential(
  credential: PepCredential,
  request: ProvedRequest,
  tenant: Tenant,
  now: number,
): Promise<PepReading> {
  if (credential.kind === 'mtls') return byCertificate(credential.peer, tenant, now)
  return credential.kind === 'wit'
    ? byWit(credential, request, tenant, now)
    : byToken(credential, request, tenant, now)
}

/** The connection is its proof: judged anew for each request, since what it was opened with may have ended since. */
async function byCertificate(peer: PeerChain, tenant: Tenant, now: number): Promise<PepReading> {
  const proved = await proveSvid(peer.chain, tenant.tenant.id, tenant.keySets, now)
  if (!proved.ok) return proved
  const { workload, leaf } = proved.value
  const { id } = workload
  if (isRevoked(workload, leaf.notBefore, tenant)) return refused('revoked')
  const registration = tenant.findPepWorkload(id)
  if (registration === null) return refused('pep_unknown')
  if (!('mtls' in (registration.proof ?? usualProof))) return refused('pep_way')
  const scopes = registration.scopes ?? usualScopes
  return accepted(registration, scopes, { grade: 'pop', proofs: [], workload: id })
}

type TokenCredential = Extract<PepCredential, { readonly token: string }>

async function byToken(
  credential: TokenCredential,
  request: ProvedRequest,
  tenant: Tenant,
  now: number,
): Promise<PepReading> {
  const { id, audience } = tenant.tenant
  const expected = { audience, now, keyIsProvedNext: true } as const
  const verified = await tenant.verify('pep_token', id, credential.token, expected)
  if (!verified.ok) return verified
  const { iss, sub, clientId, issuedAt } = verified.facts
  const { audit, pseudonymKey } = tenant
  if (audit.stops.isRevoked(pseudonymOf(pseudonymKey, iss, sub), issuedAt))
    return refused('revoked')
  const registration = tenant.findPep(iss, clientId)
  if (registration === null) return refused('pep_unknown')
  if (sub !== (registration.subject ?? clientId)) return refused('pep_subject')
  const { proof = usualProof } = registration
  if ('wit' in proof || 'mtls' in proof) return refused('pep_way')
  return credential.kind === 'dpop'
    ? await byDpop({ credential, token: verified.facts, registration, proof }, request, tenant, now)
    : byBearer(verified.facts, registration, proof, request.peer)
}

/**
 * A token that is bound to a key is nothing without it, wherever bearers are allowed. One that is bound to a
 * certificate is proved by the connection (RFC 8705 section 3).
 */
function byBearer(
  token: VerifiedPep,
  registration: PepRegistration,
  proof: PepProof,
  peer: PeerChain | null,
): PepReading {
  const unproved = faultOfProof(token.bound, null, peer?.thumbprint ?? null)
  if (unproved !== null) return refused(unproved)
  if ('dpop' in proof) return refused('pop_missing')
  const isBound = token.bound !== null
  if ('certificate' in proof && !isBound) return refused('pop_missing')
  const grade = isBound ? 'pop' : 'bearer'
  return accepted(registration, scopesOf(token, registration), { grade, proofs: [] })
}

type BoundToken = {
  readonly credential: Extract<PepCredential, { readonly kind: 'dpop' }>
  readonly token: VerifiedPep
  readonly registration: PepRegistration
  readonly proof: PepProof
}

/** RFC 9449 section 7.1. A gateway that may come with a bearer token may come with a better one. */
async function byDpop(
  { credential, token, registration, proof }: BoundToken,
  { method, url }: ProvedRequest,
  { tenant, keySets, pseudonymKey }: Tenant,
  now: number,
): Promise<PepReading> {
  const asker = { tenant: tenant.id, issuer: registration.issuer, id: registration.client_id }
  const isNonce = (nonce: unknown): boolean =>
    typeof nonce === 'string' && isNonceOf(nonce, asker, now, pseudonymKey)
  if ('certificate' in proof) return refused('pep_way')
  const demands = 'dpop' in proof ? proof.dpop : {}
  const possession = await provePossession(
    {
      kind: 'dpop',
      compact: credential.proof,
      keyOf: keyInHeader,
      accept: (payload) =>
        acceptDpop(payload, {
          ...{ now, method, url, accessTokenHash: tokenHash(credential.token) },
          ...(demands.nonce === true ? { isNonce } : {}),
        }),
    },
    keySets,
  )
  if (!possession.ok)
    return possession.failure === 'nonce' ? { ...possession, lacksNonce: registration } : possession
  const { thumbprint, spent } = possession.value
  const key: ProvedKey = { kind: 'jkt', thumbprint }
  const unproved = faultOfProof(token.bound, key, null)
  if (unproved !== null) return refused(unproved)
  if (demands.keys?.includes(thumbprint) === false) return refused('pop_key')
  return accepted(registration, scopesOf(token, registration), { grade: 'pop', proofs: spent })
}

/**
 * A WPT names the tenant and no route, so it must name the digest of the request too: else whoever carries it could
 * put another request in its place.
 */
async function byWit(
  { wit, wpt }: Extract<PepCredential, { readonly kind: 'wit' }>,
  request: ProvedRequest,
  tenant: Tenant,
  now: number,
): Promise<PepReading> {
  const { audience } = tenant.tenant
  const context = {
    ...{ now, accessToken: null, isNonce: () => false },
    isRequest: (digest: unknown) => digest === request.digest(),
  }
  const target = { audience, mustCoverAccessToken: false }
  const workload = await proveWorkload({ wit, wpt }, target, context, tenant)
  if (!workload.ok) return workload
  const { workload: named, issuedAt, isBound, spent } = workload.value
  if (!isBound) return refused('request_digest')
  if (isRevoked(named, issuedAt, tenant)) return refused('revoked')
  const registration = tenant.findPepWorkload(named.id)
  if (registration === null) return refused('pep_unknown')
  if (!('wit' in (registration.proof ?? usualProof))) return refused('pep_way')
  const scopes = registration.scopes ?? usualScopes
  return accepted(registration, scopes, { grade: 'pop', proofs: spent, workload: named.id })
}

/** @param issuedAt where a WIT does not say it, every revocation of its workload voids it; null for that */
function isRevoked(
  { id, path }: SpiffeId,
  issuedAt: number | null,
  { audit: { stops }, pseudonymKey }: Tenant,
): boolean {
  const iss = id.slice(0, id.length - path.length)
  return stops.hasRevocations && stops.isRevoked(pseudonymOf(pseudonymKey, iss, id), issuedAt)
}

/** Its issuer may give it less than its registration does, and never more. */
function scopesOf({ scopes }: VerifiedPep, registration: PepRegistration): readonly string[] {
  return (registration.scopes ?? usualScopes).filter((scope) => scopes.includes(scope))
}

function accepted(
  registration: PepRegistration,
  scopes: readonly string[],
  by: Pick<ProvedPep, 'grade' | 'proofs'> & { readonly workload?: string },
): PepReading {
  return { ok: true, value: { registration, scopes, workload: null, ...by } }
}

function refused(failure: CallerFailure): PepReading {
  return { ok: false, failure }
}
