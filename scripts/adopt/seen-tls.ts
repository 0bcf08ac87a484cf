// The pin of a server, from the very connections over which it was listed: the name that their TLS verified, and the
// keys that were shown under it.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { TLSSocket } from 'node:tls'
import { compileChecker } from '../../service/contract/validate.ts'
import { TlsName, type TlsPin } from '../../service/contract/workload.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { usage } from '../command/command.ts'
import type { Endpoint } from './endpoint.ts'

/** Where the `fetch` of Node.js says that it has connected (undici, docs/api/DiagnosticsChannel). */
const connected = 'undici:client:connected'
const checkName = compileChecker(TlsName)

/** @throws PdpError `usage` unless the server is reached by https under a host name. */
export async function pinWhile<T>(
  endpoint: Endpoint,
  work: () => Promise<T>,
): Promise<{ readonly found: T; readonly pin: TlsPin }> {
  const name = nameAt(endpoint)
  const keys = new Set<string>()
  const note = (message: unknown): void => {
    const { socket } = message as { readonly socket?: unknown }
    if (socket instanceof TLSSocket && socket.authorized && socket.servername === name)
      for (const key of keysOf(socket)) keys.add(key)
  }
  subscribe(connected, note)
  try {
    const found = await work()
    if (keys.size === 0) throw usage('--tls: no connection of this run was seen. Run it again.')
    return { found, pin: { name, keys: [...keys] } }
  } finally {
    unsubscribe(connected, note)
  }
}

function nameAt(endpoint: Endpoint): string {
  const name = endpoint.kind === 'http' ? endpoint.url.hostname : ''
  const isReached = endpoint.kind === 'http' && endpoint.url.protocol === 'https:'
  if (!isReached || !checkName(name).ok)
    throw usage('--tls: name the server by an https URL with a host name, not an address.')
  return name
}

/** Of the certificate whose key it proved; a resumed session shows none again. */
function keysOf(socket: TLSSocket): readonly string[] {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return []
  return [digestOfText(certificate.publicKey.export({ type: 'spki', format: 'der' }))]
}
