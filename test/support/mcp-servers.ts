/** MCP servers to adopt: one that says whatever a test wants, over HTTP and on stdio, and real ones of each era. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { listen, type Listener } from '../../scripts/demo/listen.ts'

type Message = {
  readonly id?: unknown
  readonly method: string
  readonly params?: { readonly cursor?: string }
}

/** What a server says to a list: the result, by method. */
export type Says = (message: Message, request: IncomingMessage) => object | undefined

const initialized = {
  protocolVersion: '2025-06-18',
  serverInfo: { name: 'said', version: '1' },
}

/** Of the era with a handshake; a result of `undefined` leaves the question unanswered. */
export function serveSaid(says: Says, capabilities: object = { tools: {} }): Promise<Listener> {
  return listen(async (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405).end()
      return
    }
    const message = (await json(request)) as Message
    if (message.id === undefined) response.writeHead(202).end()
    else answer(message, request, response)
  })

  function answer(message: Message, request: IncomingMessage, response: ServerResponse): void {
    const known =
      message.method === 'initialize' ? { ...initialized, capabilities } : says(message, request)
    if (known === undefined) return
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(
        'jsonrpc' in known ? known : { jsonrpc: '2.0', id: message.id, result: known },
      ),
    )
  }
}

/** The method it does not know, as JSON-RPC says it. */
export function unknownMethod({ id }: Message): object {
  return { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } }
}

/** One page with these tools, and nothing else. */
export function serveTools(tools: readonly unknown[]): Promise<Listener> {
  return serveSaid((message) =>
    message.method === 'tools/list' ? { tools } : unknownMethod(message),
  )
}

/** HTTP with a stream and posts, as before 2025-03-26, by the SDK of that time. */
/* eslint-disable @typescript-eslint/no-deprecated -- it stands for servers that have no other */
export async function serveOlder(): Promise<Listener> {
  const open = new Map<string, SSEServerTransport>()
  const listener = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://here')
    if (request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response)
      open.set(transport.sessionId, transport)
      const server = new McpServer({ name: 'older', version: '1' })
      server.registerTool('older_tool', { description: 'Older.' }, () => ({ content: [] }))
      await server.connect(transport)
      return
    }
    const transport = open.get(url.searchParams.get('sessionId') ?? '')
    if (transport === undefined) response.writeHead(404).end()
    else await transport.handlePostMessage(request, response)
  })
  return listener
}

/* eslint-enable @typescript-eslint/no-deprecated */

/** A program of Node; the arguments that start it. */
export function programOf(source: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-program-'))
  const file = join(folder, `${randomUUID()}.mjs`)
  writeFileSync(file, source)
  return [process.execPath, file]
}
