/**
 * HTTPS for peers that show a certificate: asked for in every handshake, never demanded by it, and judged by us alone,
 * per question, against the tenant's own trust anchors. Nothing of the host's trust store counts.
 */
import { constants } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { SecureContextOptions, TlsOptions } from 'node:tls'

export type TlsIdentity = { readonly cert: string; readonly key: string }
export type TlsVersion = '1.2' | '1.3'

/**
 * No session is resumed: a resumed one brings the leaf and not what leads to its authority, and whoever stole a ticket
 * need not have the key. No renegotiation: one connection has one peer.
 */
const secureOptions = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION

export function createTlsServer(
  identity: TlsIdentity,
  minimum: TlsVersion,
  listener: RequestListener,
): Server {
  const demands: TlsOptions = {
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: 10_000,
    ALPNProtocols: ['http/1.1'],
  }
  return createServer(
    {
      ...contextOf(identity, minimum),
      ...demands,
      keepAliveTimeout: 65_000,
      requestTimeout: 30_000,
    },
    listener,
  )
}

/** New connections see the new certificate; open ones stay as they are. */
export function showIdentity(server: Server, identity: TlsIdentity, minimum: TlsVersion): void {
  server.setSecureContext(contextOf(identity, minimum))
}

function contextOf({ cert, key }: TlsIdentity, minimum: TlsVersion): SecureContextOptions {
  return { cert, key, ca: [], minVersion: `TLSv${minimum}`, secureOptions }
}
