/** The opening of a proof session, as the server computes it too: its proof names this digest and opens no other. */
import type { Digest } from '../contract/digest.ts'
import type { ProofSessionRequest } from '../contract/proof-session.ts'
import { digestOf } from '../statement/digest.ts'

/** @param audience the tenant's URI, which the proof names too */
export function sessionRequestDigestOf(
  { gateway, seconds = null, server }: SessionTerms,
  audience: string,
): Digest {
  const { client_id, issuer } = gateway
  return digestOf('session-request', {
    audience,
    gateway: { client_id, issuer },
    seconds,
    server: server.id,
  })
}

type SessionTerms = Pick<ProofSessionRequest, 'gateway'> & {
  readonly seconds?: number | null
  readonly server: { readonly id: string }
}
