/**
 * `legacy`: a server on the v1 SDK (revision 2025-11-25) for what `everything` lacks: an elicitation
 * that asks for a secret, and sampling that wants the context of all servers.
 */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  type CreateMessageRequest,
  type ElicitRequest,
  type ElicitRequestFormParams,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { ran, type Journal } from './journal.ts'
import type { Listener } from '../listen.ts'
import { startSessions } from './sessions.ts'

export function startLegacy(journal: Journal): Promise<Listener> {
  return startSessions(() => ({ server: createLegacy(journal), cleanup: () => undefined }))
}

function createLegacy(journal: Journal): McpServer {
  const server = new McpServer({ name: 'legacy', version: '1.0.0' })
  server.registerTool(
    'choose_region',
    { description: 'Asks which region to look at.', inputSchema: {} },
    async (_arguments, { sendRequest }) => {
      const { action } = await sendRequest(ask('Which region?', region), ElicitResultSchema)
      return ran(journal, `choose_region: the person chose ${action}`)
    },
  )
  server.registerTool(
    'link_account',
    { description: 'Links an account.', inputSchema: {} },
    async (_arguments, { sendRequest }) => {
      const asked = ask('Enter the API key of your account.', apiKey)
      const { action } = await sendRequest(asked, ElicitResultSchema)
      return ran(journal, `link_account: the person chose ${action}`)
    },
  )
  server.registerTool(
    'review_context',
    { description: 'Reviews what the client knows.', inputSchema: { question: z.string() } },
    async ({ question }, { sendRequest }) => {
      const { model } = await sendRequest(askModel(question), CreateMessageResultSchema)
      return ran(journal, `review_context: ${model} answered`)
    },
  )
  return server
}

type Fields = ElicitRequestFormParams['requestedSchema']['properties']

const region: Fields = {
  region: { type: 'string', title: 'Region', enum: ['eu-west', 'eu-north'] },
}
const apiKey: Fields = { api_key: { type: 'string', title: 'API key' } }

function ask(message: string, properties: Fields): ElicitRequest {
  const requestedSchema = { type: 'object' as const, properties, required: Object.keys(properties) }
  return { method: 'elicitation/create', params: { message, requestedSchema } }
}

function askModel(question: string): CreateMessageRequest {
  return {
    method: 'sampling/createMessage',
    params: {
      messages: [{ role: 'user', content: { type: 'text', text: question } }],
      includeContext: 'allServers',
      maxTokens: 100,
    },
  }
}
