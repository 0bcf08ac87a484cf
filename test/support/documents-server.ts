/** A real HTTPS server of what agents publish, by a certificate of the tests, which counts its connections. */
import { createServer } from 'node:https'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createRoot, serverCertificate } from './certificates.ts'

export type DocumentsServer = {
  /** `https://localhost:<port>`. */
  readonly origin: string
  /** PEM of the authority that vouches for it. */
  readonly ca: string
  readonly connections: () => number
  readonly behave: (listener: RequestListener) => void
  readonly stop: () => void
}

export async function startDocumentsServer(first: RequestListener): Promise<DocumentsServer> {
  let [listener, connections] = [first, 0]
  const root = createRoot('agents')
  const { certificates: cert, key } = serverCertificate(root, 'localhost')
  const server = createServer({ cert, key }, (request, response) => {
    listener(request, response)
  })
  server.on('connection', () => (connections += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `https://localhost:${String((server.address() as AddressInfo).port)}`,
    ca: root.certificates,
    connections: () => connections,
    behave: (next) => {
      listener = next
    },
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
