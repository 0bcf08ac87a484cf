/** What an MCP server sends that opens a proof session, with the proof that is for these very terms. */
import type { ProofSessionRequest } from '../../service/contract/proof-session.ts'
import { sessionRequestDigestOf } from '../../service/decision/session-request-digest.ts'
import { requestDigestClaim } from '../../service/identity/wpt.ts'
import type { Holder } from './workload.ts'

export type Terms = Omit<ProofSessionRequest, 'server'> & {
  readonly server: { readonly id: string }
}

/** The claim of a proof that is for these terms. */
export function claimOf(terms: Terms, audience: string): Record<string, string> {
  return { [requestDigestClaim]: sessionRequestDigestOf(terms, audience) }
}

/** @param said what the proof is for, if that is something else */
export async function openingBy(
  holder: Holder,
  wit: string,
  audience: string,
  terms: Terms,
  said = terms,
): Promise<ProofSessionRequest> {
  const wpt = await holder.wpt(wit, audience, { claims: claimOf(said, audience) })
  return { ...terms, server: { ...terms.server, proof: { wit, wpt } } }
}
