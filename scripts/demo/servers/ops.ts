/**
 * `ops`: an MCP server of the modern era (revision 2026-07-28, stateless), on the v2 SDK.
 *
 * It asks for input as that revision does: a tool answers `input_required`, and the client calls again.
 */
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { ran, type Journal } from './journal.ts'
import { listen, type Listener } from '../listen.ts'
import { registerElicitingTools, registerSamplingTools } from './ops-asking.ts'

export async function startOps(journal: Journal): Promise<Listener> {
  const handler = createMcpHandler(() => createOps(journal), { legacy: 'reject' })
  const exchange = toNodeHandler(handler)
  const listener = await listen((request, response) =>
    // The adapter's type of a request lacks the `undefined` of Node's.
    exchange(request as NodeIncomingMessageLike, response),
  )
  return {
    url: listener.url,
    close: async () => {
      await handler.close()
      await listener.close()
    },
  }
}

function createOps(journal: Journal): McpServer {
  const server = new McpServer(
    { name: 'ops', version: '1.0.0' },
    { instructions: 'Tools for people on call.' },
  )
  registerReadingTools(server, journal)
  registerActingTools(server, journal)
  registerElicitingTools(server, journal)
  registerSamplingTools(server, journal)
  return server
}

const reads = { readOnlyHint: true, openWorldHint: false }

function registerReadingTools(server: McpServer, journal: Journal): void {
  server.registerTool(
    'status',
    {
      description: 'The health of one service.',
      inputSchema: z.object({ service: z.string() }),
      annotations: reads,
    },
    ({ service }) => ran(journal, `${service} is healthy`),
  )
  server.registerTool(
    'read_report',
    {
      description: 'Reads a report by its path.',
      inputSchema: z.object({ path: z.string() }),
      annotations: reads,
    },
    ({ path }) => ran(journal, `report ${path}: the disk was full`),
  )
  server.registerTool(
    'debug_shell',
    {
      description: 'A shell that somebody left in: no one has reviewed it.',
      inputSchema: z.object({ command: z.string() }),
      // A hint is only what the server says of itself.
      annotations: reads,
    },
    ({ command }) => ran(journal, `ran ${command}`),
  )
}

function registerActingTools(server: McpServer, journal: Journal): void {
  server.registerTool(
    'deploy',
    {
      description: 'Deploys the current build to an environment.',
      inputSchema: z.object({ env: z.string(), replicas: z.number().int().optional() }),
      annotations: { readOnlyHint: false, destructiveHint: true },
    },
    ({ env }) => ran(journal, `deployed to ${env}`),
  )
  server.registerTool(
    'send_mail',
    {
      description: 'Sends mail to anyone.',
      inputSchema: z.object({ to: z.string(), body: z.string() }),
      annotations: { readOnlyHint: false, openWorldHint: true },
    },
    ({ to }) => ran(journal, `mail sent to ${to}`),
  )
}
