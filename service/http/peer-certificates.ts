/**
 * The certificates that the peer of this very connection showed and whose key it proved in the handshake. Headers have
 * no say: behind a proxy there are none.
 */
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { limits } from '../contract/limits.ts'
import type { PeerChain } from '../identity/certificate.ts'
import { tokenHash } from '../statement/digest.ts'

/** A connection never changes its peer: it is not renegotiated. */
const known = new WeakMap<TLSSocket, PeerChain | null>()

/** Null: no TLS of ours, or the peer showed none. */
export function peerChainOf({ socket }: IncomingMessage): PeerChain | null {
  if (!(socket instanceof TLSSocket)) return null
  const before = known.get(socket)
  if (before !== undefined) return before
  const chain = chainOf(socket)
  known.set(socket, chain)
  return chain
}

/** The name that the peer asked for (SNI), as it sent it; null without one. */
export function serverNameOf({ socket }: IncomingMessage): string | null {
  const name = socket instanceof TLSSocket ? socket.servername : null
  return typeof name === 'string' && name !== '' ? name.toLowerCase() : null
}

function chainOf(socket: TLSSocket): PeerChain | null {
  const chain: Uint8Array[] = []
  for (
    let certificate = socket.getPeerX509Certificate();
    certificate !== undefined && chain.length < limits.peerCertificates;
    certificate = certificate.issuerCertificate
  )
    chain.push(certificate.raw)
  const [leaf] = chain
  return leaf === undefined ? null : { thumbprint: tokenHash(leaf), chain }
}
