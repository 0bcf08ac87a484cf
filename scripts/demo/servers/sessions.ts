/**
 * Hosts MCP servers of the legacy era (v1 SDK): Streamable HTTP with sessions, where the server
 * itself sends requests on the event stream.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { listen, type Listener } from '../listen.ts'

/** One server for one session, and what to do when it ends. */
export type SessionServer = {
  readonly server: McpServer
  readonly cleanup: (sessionId: string) => void
}

export async function startSessions(createServer: () => SessionServer): Promise<Listener> {
  const transports = new Map<string, StreamableHTTPServerTransport>()
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const { server, cleanup } = createServer()
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        transports.set(id, transport)
      },
    })
    server.server.onclose = () => {
      if (transport.sessionId !== undefined) cleanup(transport.sessionId)
    }
    await server.connect(transport)
    return transport
  }
  const listener = await listen(async (request: IncomingMessage, response: ServerResponse) => {
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? transports.get(id) : await open()
    if (known === undefined) response.writeHead(404).end()
    else await known.handleRequest(request, response)
  })
  return {
    url: listener.url,
    close: async () => {
      for (const transport of transports.values()) await transport.close()
      await listener.close()
    },
  }
}
