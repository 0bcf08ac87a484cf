/** The evidence of the MCP server's workload: exactly one kind of proof, each by its own profile. Total. */
import type { VerifiedServer } from '../contract/policy-input.ts'
import { inSlot } from '../contract/replay-key.ts'
import type { ServerProof } from '../contract/query.ts'
import { noServer } from '../decision/facts.ts'
import type { Evidence } from '../identity/evidence.ts'
import { refuse } from '../identity/reading.ts'
import { digestOfText } from '../statement/digest.ts'
import type { Asked, ProofPorts } from './proof-ports.ts'
import { proveLaunch, proveTls } from './prove-forwarded.ts'
import { proveByX5 } from './prove-x5.ts'
import { proveSvid } from './prove-svid.ts'
import { proveWorkload } from './prove-workload.ts'

/** Null: no proof was given. */
export async function proveServer(
  proof: ServerProof | undefined,
  asked: Asked,
  ports: ProofPorts,
): Promise<Evidence<VerifiedServer> | null> {
  if (proof === undefined) return null
  const { wit, wpt, x5c, x5_proof: x5Proof, ...others } = proof
  const kinds = [wit ?? wpt, x5c ?? x5Proof, ...Object.values(others)]
  const given = kinds.filter((kind) => kind !== undefined).length
  if (given === 0) return null
  return given > 1 ? refuse('proof_many') : await proveOne(proof, asked, ports)
}

async function proveOne(
  proof: ServerProof,
  asked: Asked,
  ports: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  const { jwt_svid: svid, wit, wpt, x5c, x5_proof: x5Proof } = proof
  if (svid !== undefined) return await byJwtSvid(svid, asked, ports)
  if (proof.platform_token !== undefined)
    return await byPlatform(proof.platform_token, asked, ports)
  if (proof.launch !== undefined) return proveLaunch(proof.launch.digest, asked)
  if (proof.tls !== undefined) return proveTls(proof.tls, asked, ports.keySets)
  if (proof.session !== undefined) return bySession(proof.session, asked)
  if (proof.mtls !== undefined) return await byConnection(asked, ports)
  if (x5c !== undefined || x5Proof !== undefined) return await proveByX5(x5c, x5Proof, asked, ports)
  // A proof without the token that it is about names nobody.
  return wit === undefined ? refuse('malformed') : await byWit({ wit, wpt }, asked, ports)
}

async function byJwtSvid(
  svid: string,
  { now }: Asked,
  { verify, tenant }: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  const verified = await verify('jwt_svid', tenant.id, svid, { now, audience: tenant.audience })
  if (!verified.ok) return verified
  return { ok: true, facts: verified.facts, digests: [verified.digest], replayKeys: [] }
}

async function byPlatform(
  token: string,
  { now }: Asked,
  { verify, tenant }: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  const { id, audience, platformDemands: demands } = tenant
  const verified = await verify('platform_token', id, token, { now, audience, demands })
  if (!verified.ok) return verified
  const { platform, expiresAt } = verified.facts
  const facts = { ...noServer, expires_at: expiresAt, grade: 'bearer', platform } as const
  return { ok: true, facts, digests: [verified.digest], replayKeys: [] }
}

/** The server asks for itself: nobody stands between us and the key that it proved in the handshake. */
async function byConnection(
  { now, pep: { peer } }: Asked,
  { tenant, keySets }: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  if (peer === null) return refuse('certificate_missing')
  const proved = await proveSvid(peer.chain, tenant.id, keySets, now)
  if (!proved.ok) return proved
  const { workload, expiresAt } = proved.value
  const facts: VerifiedServer = {
    ...noServer,
    expires_at: expiresAt,
    grade: 'pop',
    spiffe_id: workload.id,
    trust_domain: workload.trustDomain,
  }
  return { ok: true, facts, digests: peer.chain.slice(0, 1).map(digestOfText), replayKeys: [] }
}

/** Whoever has the handle and asks as that gateway can quote it for another question: a bearer's word. */
function bySession(handle: string, { session }: Asked): Evidence<VerifiedServer> {
  const found = session(handle)
  if (!found.ok) return found
  const { workload, trust_domain, expires_at } = found.value
  const facts = {
    ...noServer,
    grade: 'bearer',
    spiffe_id: workload,
    trust_domain,
    expires_at,
  } as const
  return { ok: true, facts, digests: [digestOfText(handle)], replayKeys: [] }
}

async function byWit(
  tokens: { readonly wit: string; readonly wpt: string | undefined },
  asked: Asked,
  ports: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  const { audience } = ports.tenant
  const target = { audience, mustCoverAccessToken: false }
  const proved = await proveWorkload(tokens, target, asked, ports)
  if (!proved.ok) return proved
  const { workload, expiresAt, isBound, digest, spent } = proved.value
  const facts: VerifiedServer = {
    ...noServer,
    expires_at: expiresAt,
    // Not bound to this question it could be shown for another one, once: no more than a bearer's word.
    grade: isBound ? 'pop' : 'bearer',
    spiffe_id: workload.id,
    trust_domain: workload.trustDomain,
  }
  return { ok: true, facts, digests: [digest], replayKeys: inSlot('server', spent) }
}
