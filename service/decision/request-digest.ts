/**
 * What is asked, as the MCP server that is asked can compute it by itself: its proof names this digest, so that
 * it proves possession for this request and for no other.
 */
import type { Digest } from '../contract/digest.ts'
import type { Query } from '../contract/query.ts'
import { digestOf } from '../statement/digest.ts'

/** @param audience the tenant's URI, which the proof names too */
export function requestDigestOf(query: Query, audience: string): Digest {
  const { capability, phase, protocol, server } = query
  return digestOf('request', {
    arguments: capability.arguments ?? {},
    audience,
    kind: capability.kind,
    method: protocol.method,
    name: capability.name ?? null,
    phase,
    server: server.id,
    uri: capability.uri ?? null,
  })
}
