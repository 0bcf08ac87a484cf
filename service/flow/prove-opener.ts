/**
 * The server that opens a proof session, by itself: its proof is for this opening and no other, or is the connection.
 * Total.
 */
import type { Digest } from '../contract/digest.ts'
import type { SpentProof } from '../contract/leaf.ts'
import type { ProofSessionRequest } from '../contract/proof-session.ts'
import { sessionRequestDigestOf } from '../decision/session-request-digest.ts'
import type { PeerChain } from '../identity/certificate.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import { digestOfText } from '../statement/digest.ts'
import type { ProofPorts } from './proof-ports.ts'
import { proveSvid } from './prove-svid.ts'
import { proveWorkload, type ProofContext } from './prove-workload.ts'
import { proveX5 } from './prove-x5.ts'

export type Opener = {
  readonly workload: { readonly id: string; readonly trustDomain: string }
  /** When its WIT, or the first certificate of its path, ends: in seconds since the epoch. */
  readonly expiresAt: number
  /** SHA-256 of that WIT or of the leaf. */
  readonly evidence: Digest
  readonly spent: readonly SpentProof[]
}

/**
 * @param peer what was shown on the connection; null without
 * @param now seconds since the epoch
 */
export async function proveOpener(
  request: ProofSessionRequest,
  peer: PeerChain | null,
  ports: ProofPorts,
  now: number,
): Promise<Reading<Opener>> {
  const { wit, wpt, x5c, x5_proof: x5Proof, mtls } = request.server.proof
  const kinds = [wit ?? wpt, x5c ?? x5Proof, mtls].filter((kind) => kind !== undefined)
  if (kinds.length !== 1) return refuse(kinds.length === 0 ? 'malformed' : 'proof_many')
  const context: ProofContext = {
    ...{ now, accessToken: null, isNonce: () => false },
    isRequest: (digest) => digest === sessionRequestDigestOf(request, ports.tenant.audience),
  }
  const opener = await byKind(request.server.proof, { peer, context }, ports)
  // Skew is forgiven to a proof; a session that is over before it begins is none.
  return opener.ok && opener.value.expiresAt <= now ? refuse('expired') : opener
}

async function byKind(
  { wit, wpt, x5c, x5_proof: x5Proof, mtls }: ProofSessionRequest['server']['proof'],
  { peer, context }: { readonly peer: PeerChain | null; readonly context: ProofContext },
  ports: ProofPorts,
): Promise<Reading<Opener>> {
  if (mtls !== undefined) return await byConnection(peer, ports, context.now)
  if (x5c !== undefined || x5Proof !== undefined) return await byX5(x5c, x5Proof, context, ports)
  return wit === undefined ? refuse('malformed') : await byWit(wit, wpt, context, ports)
}

async function byConnection(
  peer: PeerChain | null,
  { tenant, keySets }: ProofPorts,
  now: number,
): Promise<Reading<Opener>> {
  const [leaf] = peer?.chain ?? []
  if (peer === null || leaf === undefined) return refuse('certificate_missing')
  const proved = await proveSvid(peer.chain, tenant.id, keySets, now)
  if (!proved.ok) return proved
  const { workload, expiresAt } = proved.value
  return read({ workload, expiresAt, evidence: digestOfText(leaf), spent: [] })
}

/** One that is for no request in particular could be carried from any other place. */
async function byX5(
  x5c: readonly string[] | undefined,
  proof: string | undefined,
  context: ProofContext,
  ports: ProofPorts,
): Promise<Reading<Opener>> {
  const proved = await proveX5(x5c, proof, context, ports)
  if (!proved.ok) return proved
  const { workload, expiresAt, digest, accepted, spent } = proved.value
  if (!accepted.isBound) return refuse('request_digest')
  return read({ workload, expiresAt, evidence: digest, spent })
}

async function byWit(
  wit: string,
  wpt: string | undefined,
  context: ProofContext,
  ports: ProofPorts,
): Promise<Reading<Opener>> {
  const target = { audience: ports.tenant.audience, mustCoverAccessToken: false }
  const proved = await proveWorkload({ wit, wpt }, target, context, ports)
  if (!proved.ok) return proved
  const { workload, witExpiresAt, digest, isBound, spent } = proved.value
  if (!isBound) return refuse('request_digest')
  return read({ workload, expiresAt: witExpiresAt, evidence: digest, spent })
}
