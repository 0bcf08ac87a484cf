/** A real HTTP server that counts who connects to it: a canary, or a source of keys that behaves as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

export type Listener = {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  readonly port: number
  /** Connections since the start, whether or not a request came. */
  readonly connections: () => number
  /** What it does with the next requests. */
  readonly behave: (handle: Handle) => void
  readonly stop: () => Promise<void>
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void

export async function startListener(first: Handle): Promise<Listener> {
  let handle = first
  let connections = 0
  const server = createServer((request, response) => {
    handle(request, response)
  })
  server.on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    connections: () => connections,
    behave: (next) => {
      handle = next
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function answering(status: number, body: unknown, headers: object = {}): Handle {
  return (_request, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}
