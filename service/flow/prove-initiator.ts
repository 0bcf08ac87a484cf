/**
 * The evidence of the initiator: an access token, by itself or with proof of the key that it is bound to (or with a
 * gateway's word of that), or a workload that acts for itself (WIT and WPT). Total.
 */
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import { inSlot } from '../contract/replay-key.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import type { InitiatorEvidence } from '../contract/query.ts'
import { noInitiator } from '../decision/facts.ts'
import { acceptDpop } from '../identity/dpop.ts'
import type { Evidence } from '../identity/evidence.ts'
import { refuse, type Reading } from '../identity/reading.ts'
import { tokenHash } from '../statement/digest.ts'
import type { Asked, ProofPorts } from './proof-ports.ts'
import { forwardedBy, readForwardedCertificate } from './prove-forwarded.ts'
import { keyInHeader, provePossession, type Possession } from './prove-possession.ts'
import { proveWorkload } from './prove-workload.ts'

/** Null: no evidence was given. */
export async function proveInitiator(
  given: InitiatorEvidence | undefined,
  asked: Asked,
  ports: ProofPorts,
): Promise<Evidence<VerifiedInitiator> | null> {
  const { access_token: token, dpop, certificate, wit, wpt, platform_token: platform } = given ?? {}
  const tokens = [token, dpop, certificate, wit, wpt, platform].filter((one) => one !== undefined)
  if (tokens.length === 0) return null
  if (platform !== undefined)
    return tokens.length > 1 ? refuse('proof_many') : await byPlatform(platform, asked, ports)
  // Its tokens are for one MCP server: without a registered one there is no audience to hold them to.
  if (asked.resource === null) return refuse('server_unknown')
  const target = { ...asked, resource: asked.resource }
  if (token === undefined) return await byWorkload(given ?? {}, target, ports)
  return await byAccessToken(token, given ?? {}, target, ports)
}

type AskedResource = Asked & { readonly resource: string }

async function byAccessToken(
  token: string,
  given: InitiatorEvidence,
  asked: AskedResource,
  ports: ProofPorts,
): Promise<Evidence<VerifiedInitiator>> {
  const { certificate, dpop, wit, wpt } = given
  if ((wit ?? wpt) !== undefined) return refuse('proof_many')
  if (certificate === undefined) return await byOwnProof(token, given, asked, ports)
  if (dpop !== undefined) return refuse('proof_many')
  return await byForwarded(token, certificate, asked, ports)
}

async function byOwnProof(
  token: string,
  given: InitiatorEvidence,
  asked: AskedResource,
  ports: ProofPorts,
): Promise<Evidence<VerifiedInitiator>> {
  const { verify, tenant } = ports
  const proof = given.dpop === undefined ? null : await proveDpop(token, given, asked, ports)
  const verified = await verify('access_token', tenant.id, token, {
    ...expectedOf(asked, tenant),
    certificate: asked.pep.peer?.thumbprint ?? null,
    proof: proof?.ok === true ? { kind: 'jkt', thumbprint: proof.value.thumbprint } : null,
  })
  // What is wrong with the proof is said first: without it the token would only seem to lack one.
  if (proof?.ok === false) return proof
  if (!verified.ok) return verified
  const fault = await faultOfAgent(verified.facts, proof, tenant)
  if (fault !== null) return refuse(fault)
  return {
    ok: true,
    facts: verified.facts,
    digests: [verified.digest],
    replayKeys: inSlot('initiator', proof?.value.spent ?? []),
  }
}

/** RFC 8705 through a gateway: its word that the agent's key was proved to it, and as much worth as its own proof. */
async function byForwarded(
  token: string,
  certificate: string,
  asked: AskedResource,
  { verify, tenant, keySets }: ProofPorts,
): Promise<Evidence<VerifiedInitiator>> {
  const shown = readForwardedCertificate(certificate, keySets, asked.now)
  if (!shown.ok) return shown
  const { thumbprint, notAfter } = shown.value
  const expected = { ...expectedOf(asked, tenant), certificate: thumbprint, proof: null }
  const verified = await verify('access_token', tenant.id, token, expected)
  if (!verified.ok) return verified
  // Without a binding it would be passed over in silence.
  if (verified.facts.grade !== 'pop') return refuse('pop_unexpected')
  const fault = await faultOfAgent(verified.facts, null, tenant)
  if (fault !== null) return refuse(fault)
  const expires_at = Math.min(verified.facts.expires_at ?? notAfter, notAfter)
  const facts = { ...verified.facts, expires_at, grade: forwardedBy(asked.pep.grade) }
  return { ok: true, facts, digests: [verified.digest], replayKeys: [] }
}

function expectedOf(
  { now, resource, pep, isRevoked }: AskedResource,
  { initiatorIssuers }: ProofPorts['tenant'],
) {
  return { now, audience: resource, pep, issuers: initiatorIssuers, isRevoked }
}

/** Asked last, of a token that is good: no stranger makes us fetch anything. @param proof by a key of the agent's own, null without */
async function faultOfAgent(
  { client_id: clientId }: VerifiedInitiator,
  proof: { readonly value: Possession } | null,
  { agentDocument }: ProofPorts['tenant'],
): Promise<EvidenceFailure | null> {
  const document = clientId === null ? null : await agentDocument(clientId)
  if (document === null) return null
  if (!document.ok) return document.failure
  const { keys } = document
  const isOther = proof !== null && keys !== null && !keys.has(proof.value.thumbprint)
  return isOther ? 'pop_key' : null
}

/** RFC 9449 section 4.3: the key is in the header; that it is the token's is checked with the token. */
async function proveDpop(
  token: string,
  { dpop, http }: InitiatorEvidence,
  { now, resource, mustBindRequest, isRequest }: AskedResource,
  { keySets }: ProofPorts,
): Promise<Reading<Possession>> {
  return await provePossession(
    {
      kind: 'dpop',
      compact: dpop ?? '',
      keyOf: keyInHeader,
      accept: (payload) =>
        acceptDpop(payload, {
          now,
          method: http?.method ?? 'POST',
          url: resource,
          accessTokenHash: tokenHash(token),
          ...(mustBindRequest === true ? { isRequest } : {}),
        }),
    },
    keySets,
  )
}

/** A pipeline, or another workload that its platform vouches for; the token is for the tenant. */
async function byPlatform(
  token: string,
  { now, isRevoked }: Asked,
  { verify, tenant }: ProofPorts,
): Promise<Evidence<VerifiedInitiator>> {
  const { id, audience, platformDemands: demands } = tenant
  const verified = await verify('platform_token', id, token, { now, audience, demands })
  if (!verified.ok) return verified
  const { platform, subject, expiresAt, issuedAt } = verified.facts
  if (isRevoked(platform.issuer, subject, issuedAt)) return refuse('revoked')
  const facts: VerifiedInitiator = {
    ...noInitiator,
    client_id: subject,
    expires_at: expiresAt,
    grade: 'bearer',
    iss: platform.issuer,
    kind: 'workload',
    sub: subject,
  }
  return { ok: true, facts, digests: [verified.digest], replayKeys: [] }
}

/** An agent that acts for itself: nobody delegated to it, and no issuer gave it groups. */
async function byWorkload(
  { wit, wpt, dpop, certificate }: InitiatorEvidence,
  asked: AskedResource,
  ports: ProofPorts,
): Promise<Evidence<VerifiedInitiator>> {
  if (wit === undefined) return refuse('malformed')
  if (dpop !== undefined || certificate !== undefined) return refuse('pop_unexpected')
  const target = {
    audience: asked.resource,
    mustCoverAccessToken: true,
  }
  const proved = await proveWorkload({ wit, wpt }, target, asked, ports)
  if (!proved.ok) return proved
  const { workload, expiresAt, isBound, issuedAt, digest, spent } = proved.value
  if (asked.mustBindRequest === true && !isBound) return refuse('request_digest')
  if (workload.id === asked.pep.workload) return refuse('subject_is_pep')
  const iss = workload.id.slice(0, workload.id.length - workload.path.length)
  // A WIT need not say when it was issued: then every revocation of its workload voids it.
  if (asked.isRevoked(iss, workload.id, issuedAt)) return refuse('revoked')
  const facts: VerifiedInitiator = {
    ...noInitiator,
    client_id: workload.id,
    expires_at: expiresAt,
    grade: isBound ? 'pop' : 'bearer',
    iss,
    kind: 'workload',
    sub: workload.id,
  }
  return { ok: true, facts, digests: [digest], replayKeys: inSlot('initiator', spent) }
}
