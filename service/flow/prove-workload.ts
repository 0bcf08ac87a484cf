/** A workload by WIT and WPT: whom the first names, and that the second was signed by its key, for us. Total. */
import type { Digest } from '../contract/digest.ts'
import type { SpentProof } from '../contract/leaf.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import type { BoundWorkload } from '../identity/wit.ts'
import { acceptWpt } from '../identity/wpt.ts'
import { tokenHash } from '../statement/digest.ts'
import { provePossession } from './prove-possession.ts'
import type { Asked, ProofPorts } from './proof-ports.ts'

export type ProvedWorkload = BoundWorkload & {
  /** The proof is for this very question. */
  readonly isBound: boolean
  /** When the WIT itself ends, in seconds since the epoch; `expiresAt` is also no later than its proof. */
  readonly witExpiresAt: number
  /** RFC 7638 thumbprint of the key that was proved. */
  readonly thumbprint: string
  /** SHA-256 of the WIT. */
  readonly digest: Digest
  /** What the proof uses up. */
  readonly spent: readonly SpentProof[]
}

export type WorkloadTokens = { readonly wit: string; readonly wpt: string | undefined }

/** Who the proof is for: a URI of ours, or the MCP server; and whether it must cover an access token. */
export type ProofTarget = {
  readonly audience: string
  readonly mustCoverAccessToken: boolean
}

/** What of the request a proof can speak of. */
export type ProofContext = Pick<Asked, 'now' | 'accessToken' | 'isRequest' | 'isNonce'>

export async function proveWorkload(
  { wit, wpt }: WorkloadTokens,
  target: ProofTarget,
  asked: ProofContext,
  { verify, tenant, keySets }: ProofPorts,
): Promise<Reading<ProvedWorkload>> {
  const verified = await verify('wit', tenant.id, wit, { now: asked.now })
  if (!verified.ok) return verified
  if (wpt === undefined) return refuse('pop_missing')
  const { key, expiresAt } = verified.facts
  const proof = await provePossession(
    {
      kind: 'wpt',
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
  const { accepted, spent, thumbprint } = proof.value
  return read({
    ...verified.facts,
    expiresAt: Math.min(expiresAt, accepted.until),
    witExpiresAt: expiresAt,
    isBound: accepted.isBound,
    thumbprint,
    digest: verified.digest,
    spent,
  })
}

function expectedOf(
  wit: string,
  { audience, mustCoverAccessToken }: ProofTarget,
  { now, accessToken, isRequest, isNonce }: ProofContext,
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
