/** A server by its X.509-SVID and a proof by that key, which somebody else carried to us. Total. */
import type { Digest } from '../contract/digest.ts'
import type { SpentProof } from '../contract/leaf.ts'
import type { VerifiedServer } from '../contract/policy-input.ts'
import { inSlot } from '../contract/replay-key.ts'
import { noServer } from '../decision/facts.ts'
import type { Evidence } from '../identity/evidence.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import type { AcceptedProof } from '../identity/wpt.ts'
import { acceptX5Proof } from '../identity/x5-proof.ts'
import { digestOfText, tokenHash } from '../statement/digest.ts'
import { decodeChain } from './decode-chain.ts'
import type { Asked, ProofPorts } from './proof-ports.ts'
import { provePossession } from './prove-possession.ts'
import { proveSvid, type ProvedSvid } from './prove-svid.ts'
import type { ProofContext } from './prove-workload.ts'

export type ProvedX5 = ProvedSvid & {
  readonly accepted: AcceptedProof
  readonly digest: Digest
  readonly spent: readonly SpentProof[]
}

export async function proveByX5(
  x5c: readonly string[] | undefined,
  proof: string | undefined,
  asked: Asked,
  ports: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  const proved = await proveX5(x5c, proof, asked, ports)
  if (!proved.ok) return proved
  const { workload, expiresAt, accepted, digest, spent } = proved.value
  const facts: VerifiedServer = {
    ...noServer,
    expires_at: Math.min(expiresAt, accepted.until),
    // Not bound to this question it could be shown for another one, once.
    grade: accepted.isBound ? 'pop' : 'bearer',
    spiffe_id: workload.id,
    trust_domain: workload.trustDomain,
  }
  return { ok: true, facts, digests: [digest], replayKeys: inSlot('server', spent) }
}

/** @param x5c base64 of DER, the leaf first (RFC 7515 section 4.1.6). */
export async function proveX5(
  x5c: readonly string[] | undefined,
  proof: string | undefined,
  asked: ProofContext,
  { tenant, keySets }: ProofPorts,
): Promise<Reading<ProvedX5>> {
  // A proof without what it is about names nobody; a certificate alone is public.
  if (x5c === undefined) return refuse('malformed')
  if (proof === undefined) return refuse('pop_missing')
  const chain = decodeChain(x5c)
  const [first] = chain ?? []
  if (chain === null || first === undefined) return refuse('malformed')
  const svid = await proveSvid(chain, tenant.id, keySets, asked.now)
  if (!svid.ok) return svid
  const { leaf } = svid.value
  const possession = await provePossession(
    {
      kind: 'x5_proof',
      compact: proof,
      keyOf: ({ alg }, keys) => {
        const key = keys.brought(leaf.jwk, alg)
        return key === null ? refuse('alg_mismatch') : read(key)
      },
      accept: (payload) => acceptX5Proof(payload, expectedOf(leaf.thumbprint, tenant, asked)),
    },
    keySets,
  )
  if (!possession.ok) return possession
  const { accepted, spent } = possession.value
  return read({ ...svid.value, accepted, digest: digestOfText(first), spent })
}

function expectedOf(
  thumbprint: string,
  { audience }: ProofPorts['tenant'],
  { now, accessToken, isRequest, isNonce }: ProofContext,
): Parameters<typeof acceptX5Proof>[1] {
  return {
    ...{ now, audience, thumbprint, isRequest, isNonce, mustCoverAccessToken: false },
    accessTokenHash: accessToken === null ? null : tokenHash(accessToken),
  }
}
