/** A server by its X.509-SVID and a proof by that key, which somebody else carried to us. Total. */
import type { VerifiedServer } from '../contract/policy-input.ts'
import { inSlot } from '../contract/replay-key.ts'
import { noServer } from '../decision/facts.ts'
import type { Evidence } from '../identity/evidence.ts'
import { read, refuse } from '../identity/reading.ts'
import { acceptX5Proof } from '../identity/x5-proof.ts'
import { digestOfText, tokenHash } from '../statement/digest.ts'
import { decodeChain } from './decode-chain.ts'
import type { Asked, ProofPorts } from './proof-ports.ts'
import { provePossession } from './prove-possession.ts'
import { proveSvid } from './prove-svid.ts'

/** @param x5c base64 of DER, the leaf first (RFC 7515 section 4.1.6). */
export async function proveByX5(
  x5c: readonly string[] | undefined,
  proof: string | undefined,
  asked: Asked,
  { tenant, keySets }: ProofPorts,
): Promise<Evidence<VerifiedServer>> {
  // A proof without what it is about names nobody; a certificate alone is public.
  if (x5c === undefined) return refuse('malformed')
  if (proof === undefined) return refuse('pop_missing')
  const chain = decodeChain(x5c)
  if (chain === null) return refuse('malformed')
  const svid = await proveSvid(chain, tenant.id, keySets, asked.now)
  if (!svid.ok) return svid
  const { workload, expiresAt, leaf } = svid.value
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
  const facts: VerifiedServer = {
    ...noServer,
    expires_at: Math.min(expiresAt, accepted.until),
    // Not bound to this question it could be shown for another one, once.
    grade: accepted.isBound ? 'pop' : 'bearer',
    spiffe_id: workload.id,
    trust_domain: workload.trustDomain,
  }
  const digests = chain.slice(0, 1).map(digestOfText)
  return { ok: true, facts, digests, replayKeys: inSlot('server', spent) }
}

function expectedOf(
  thumbprint: string,
  { audience }: ProofPorts['tenant'],
  { now, accessToken, isRequest, isNonce }: Asked,
): Parameters<typeof acceptX5Proof>[1] {
  return {
    ...{ now, audience, thumbprint, isRequest, isNonce, mustCoverAccessToken: false },
    accessTokenHash: accessToken === null ? null : tokenHash(accessToken),
  }
}
