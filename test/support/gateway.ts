/** A gateway of the tests: it signs each request that it sends, as RFC 9449 or draft-ietf-wimse-wpt-02 has it. */
import { httpRequestDigestOf } from '../../service/decision/http-request-digest.ts'
import { requestDigestClaim } from '../../service/identity/wpt.ts'
import type { Changes, Holder } from './workload.ts'

export type Sent = { readonly method: string; readonly url: string; readonly body: string }

/** Headers of a request with a DPoP-bound access token. */
export async function dpopHeaders(
  holder: Holder,
  token: string,
  { method, url }: Sent,
  { claims = {}, header = {} }: Changes = {},
): Promise<Record<string, string>> {
  const proof = await holder.dpop(token, url, { claims: { htm: method, ...claims }, header })
  return { authorization: `DPoP ${token}`, dpop: proof }
}

/** Headers of a request by WIT and WPT. */
export async function workloadHeaders(
  holder: Holder,
  wit: string,
  audience: string,
  { method, url, body }: Sent,
  { claims = {}, header = {} }: Changes = {},
): Promise<Record<string, string>> {
  const bytes = new TextEncoder().encode(body)
  const digest = httpRequestDigestOf({ audience, method, url, body: bytes })
  const bound = { [requestDigestClaim]: digest, ...claims }
  const proof = await holder.wpt(wit, audience, { claims: bound, header })
  return { 'workload-identity-token': wit, 'workload-proof-token': proof }
}
