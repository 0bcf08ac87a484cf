/** A workload by WIT and WPT: whom the first names, and that the second was signed by its key, for us. Total. */
import type { EvidenceSlot } from '../contract/reason-code.ts'
import { read, refuse } from '../identity/reading.ts'
import type { BoundWorkload } from '../identity/wit.ts'
import { acceptWpt } from '../identity/wpt.ts'
import { tokenHash } from '../statement/digest.ts'
import type { Evidence } from '../identity/evidence.ts'
import { provePossession } from './prove-possession.ts'
import type { Asked, ProofPorts } from './proof-ports.ts'

export type ProvedWorkload = BoundWorkload & {
  /** The proof is for this very question. */
  readonly isBound: boolean
}

export type WorkloadTokens = { readonly wit: string; readonly wpt: string | undefined }

/** Who the proof is for: a URI of ours, or the MCP server; and whether it must cover an access token. */
export type ProofTarget = {
  readonly slot: EvidenceSlot
  readonly audience: string
  readonly mustCoverAccessToken: boolean
}

export async function proveWorkload(
  { wit, wpt }: WorkloadTokens,
  target: ProofTarget,
  asked: Asked,
  { verify, tenant, keySets }: ProofPorts,
): Promise<Evidence<ProvedWorkload>> {
  const verified = await verify('wit', tenant.id, wit, { now: asked.now })
  if (!verified.ok) return verified
  if (wpt === undefined) return refuse('pop_missing')
  const { key, expiresAt } = verified.facts
  const proof = await provePossession(
    {
      kind: 'wpt',
      slot: target.slot,
      compact: wpt,
      keyOf: ({ alg }, keys) => {
        if (alg !== key.alg) return refuse('alg_mismatch')
        const found = keys.brought(key.jwk, key.alg)
        return found === null ? refuse('bad_cnf') : read(found)
      },
      accept: (payload) => acceptWpt(payload, expectedOf(wit, target, asked)),
    },
    keySets,
  )
  if (!proof.ok) return proof
  const { accepted, replayKeys } = proof.value
  return {
    ok: true,
    facts: {
      ...verified.facts,
      expiresAt: Math.min(expiresAt, accepted.until),
      isBound: accepted.isBound,
    },
    digests: [verified.digest],
    replayKeys,
  }
}

function expectedOf(
  wit: string,
  { audience, mustCoverAccessToken }: ProofTarget,
  { now, accessToken, isRequest, isNonce }: Asked,
): Parameters<typeof acceptWpt>[1] {
  return {
    now,
    audience,
    witHash: tokenHash(wit),
    accessTokenHash: accessToken === null ? null : tokenHash(accessToken),
    mustCoverAccessToken,
    isRequest,
    isNonce,
  }
}
