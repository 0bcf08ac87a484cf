/** A loopback HTTP listener on a free port: what every server and gateway of the demo stands on. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Listener = { readonly url: URL; readonly close: () => Promise<void> }

export type Exchange = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** @returns the URL of the MCP endpoint, `/mcp`, and how to close it with all its streams. */
export async function listen(exchange: Exchange): Promise<Listener> {
  const server = createServer((request, response) => {
    exchange(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end(error instanceof Error ? error.message : 'failed')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${String(port)}/mcp`),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
