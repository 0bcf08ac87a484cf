/**
 * MCP clients of both eras, on the real SDKs, each with a model and a person of its own: the model
 * always answers the same, the person fills in any form. What they were asked is written down.
 */
import {
  Client as ModernSdkClient,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { Client as LegacySdkClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** What a call came to: the result, or the JSON-RPC error. */
export type CallEnd =
  | { readonly ok: true; readonly result: JsonObject }
  | {
      readonly ok: false
      readonly code: number | null
      readonly message: string
      readonly data: unknown
    }

/** What the client's model or person was asked, as it reached them. */
export type Heard = { readonly kind: 'sampling' | 'elicitation'; readonly params: JsonObject }

export type McpClient = {
  readonly heard: Heard[]
  readonly listTools: () => Promise<readonly JsonObject[]>
  readonly call: (name: string, parameters: Record<string, unknown>) => Promise<CallEnd>
  readonly close: () => Promise<void>
}

const identity = { name: 'demo-client', version: '1.0.0' }
const capabilities = { sampling: { context: {} }, elicitation: { form: {} } }

/** @param headers what the agent's runtime adds to each request: its access token, its purpose grant. */
export async function connectModern(url: URL, headers: Record<string, string>): Promise<McpClient> {
  const heard: Heard[] = []
  const client = new ModernSdkClient(identity, {
    capabilities,
    versionNegotiation: { mode: { pin: '2026-07-28' } },
  })
  client.setRequestHandler('sampling/createMessage', ({ params }) => answerModel(heard, params))
  client.setRequestHandler('elicitation/create', ({ params }) => answerPerson(heard, params))
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
  return {
    heard,
    listTools: async () => (await client.listTools()).tools,
    call: (name, parameters) => endOf(client.callTool({ name, arguments: parameters })),
    close: () => client.close(),
  }
}

/** The same for revision 2025-11-25: a session, and requests that the server sends by itself. */
export async function connectLegacy(url: URL, headers: Record<string, string>): Promise<McpClient> {
  const heard: Heard[] = []
  const client = new LegacySdkClient(identity, { capabilities })
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => answerModel(heard, params))
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => answerPerson(heard, params))
  const transport = new LegacyTransport(url, { requestInit: { headers } })
  await client.connect(transport)
  return {
    heard,
    listTools: async () => (await client.listTools()).tools,
    call: (name, parameters) => endOf(client.callTool({ name, arguments: parameters })),
    close: async () => {
      await transport.terminateSession()
      await client.close()
    },
  }
}

async function endOf(call: Promise<JsonObject>): Promise<CallEnd> {
  try {
    return { ok: true, result: await call }
  } catch (error) {
    const { code, data } = error as { readonly code?: unknown; readonly data?: unknown }
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, code: typeof code === 'number' ? code : null, message, data }
  }
}

type ModelAnswer = {
  role: 'assistant'
  content: { type: 'text'; text: string }
  model: string
  stopReason: string
}

function answerModel(heard: Heard[], params: JsonObject): ModelAnswer {
  heard.push({ kind: 'sampling', params })
  const content = { type: 'text' as const, text: 'The disk was full; it has been cleared.' }
  return { role: 'assistant', content, model: 'claude-haiku-5', stopReason: 'endTurn' }
}

type Value = string | number | boolean | string[]
type PersonAnswer = { action: 'accept'; content: Record<string, Value> }

/** Accepts, and fills every field with its default or the first thing that fits. */
function answerPerson(heard: Heard[], params: JsonObject): PersonAnswer {
  heard.push({ kind: 'elicitation', params })
  const schema = params['requestedSchema'] as
    { readonly properties?: Record<string, JsonObject> } | undefined
  const content: Record<string, Value> = {}
  for (const [name, field] of Object.entries(schema?.properties ?? {})) content[name] = fill(field)
  return { action: 'accept', content }
}

function fill(field: JsonObject): Value {
  if (field['default'] !== undefined) return field['default'] as Value
  const first = choicesOf(field)[0]
  switch (field['type']) {
    case 'boolean':
      return true
    case 'integer':
    case 'number':
      return (field['minimum'] as number | undefined) ?? 1
    case 'array':
      return first === undefined ? [] : [first]
    default:
      return first ?? examples[String(field['format'])] ?? 'Alice'
  }
}

const examples: Readonly<Record<string, string>> = {
  email: 'alice@example.com',
  uri: 'https://example.com/',
  date: '1990-01-01',
  'date-time': '1990-01-01T00:00:00Z',
}

/** The values of a choice, in each form that MCP has for one. */
function choicesOf(field: JsonObject): readonly string[] {
  const items = field['items'] as JsonObject | undefined
  const plain = (field['enum'] ?? items?.['enum'] ?? []) as readonly string[]
  const titled = (field['oneOf'] ?? items?.['anyOf'] ?? []) as readonly { readonly const: string }[]
  return [...plain, ...titled.map((choice) => choice.const)]
}
