// Asks an MCP server what it serves: any revision, over HTTP or as a program on stdio. Definitions are taken as they
// came over the wire, because their digest is over every member, those that no SDK knows included.

import type * as Mcp from '@modelcontextprotocol/client'
import type { Client, FetchLike, Transport } from '@modelcontextprotocol/client'
import { objectOf, type JsonObject } from '../../service/decision/json-value.ts'
import { usage } from '../command/command.ts'
import { Allowance, most } from './allowance.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { nameOf, type Endpoint } from './endpoint.ts'
import { ProgramTransport } from './program-transport.ts'
import { plain } from './shown.ts'
import { answersOf, type Answers } from './wire-answers.ts'

/** The member of the result, and the items in it as they came. */
export type Listed = Readonly<Record<ListMember, readonly unknown[]>>
export type ListMember = 'tools' | 'prompts' | 'resources' | 'resourceTemplates'

export interface Listing {
  readonly listed: Listed
  /** The revision that was agreed on. */
  readonly protocol: string
  /** What else the server says that it can do. */
  readonly capabilities: readonly string[]
}

const lists = [
  ['tools', 'tools', 'tools/list'],
  ['prompts', 'prompts', 'prompts/list'],
  ['resources', 'resources', 'resources/list'],
  ['resources', 'resourceTemplates', 'resources/templates/list'],
] as const
/** Some servers list a tool only for a client that can do what it asks for. */
const capabilities = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} }
/** How long a program may leave the question of newer revisions unanswered before it is taken for an older one. */
const probe = { timeoutMs: 3000 }

/** @throws PdpError `usage` that says why nothing was listed. */
export async function listServer(endpoint: Endpoint): Promise<Listing> {
  const { Client } = await sdk()
  const failures: string[] = []
  for (const { open, mode = 'auto' } of await waysOf(endpoint)) {
    const allowance = new Allowance(endpoint.seconds)
    const transport = open(allowance)
    const client = new Client(
      { name: 'countersign-adopt', version: '1' },
      { capabilities, versionNegotiation: { mode, probe } },
    )
    try {
      return await allowance.within(listOver(client, transport))
    } catch (error) {
      failures.push(await whyOf(error, transport, allowance))
      if (allowance.signal.aborted) break
    } finally {
      allowance.end()
      await transport.close()
    }
  }
  throw usage(
    `${plain(nameOf(endpoint))} cannot be listed (${failures[0] ?? ''}): name an MCP server that runs and answers.`,
  )
}

interface Way {
  readonly open: (allowance: Allowance) => Transport
  /** `auto` asks for the newest revision first. */
  readonly mode?: 'legacy'
}

/** The newest first: an older program may end at the first question it does not know, and older HTTP is another one. */
async function waysOf(endpoint: Endpoint): Promise<readonly Way[]> {
  const mcp = await sdk()
  if (endpoint.kind === 'stdio') {
    const { program, given } = endpoint
    const open: Way['open'] = (allowance) =>
      new ProgramTransport([program, given], allowance, mcp.parseJSONRPCMessage)
    return [{ open }, { open, mode: 'legacy' }]
  }
  const { url, token } = endpoint
  const requestInit = { headers: token === null ? {} : { authorization: `Bearer ${token}` } }
  const options = (allowance: Allowance): { requestInit: RequestInit; fetch: FetchLike } => ({
    requestInit,
    fetch: boundedFetch(allowance),
  })
  return [
    { open: (allowance) => new mcp.StreamableHTTPClientTransport(url, options(allowance)) },
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- servers that are older than its successor are adopted too
    { open: (allowance) => new mcp.SSEClientTransport(url, options(allowance)), mode: 'legacy' },
  ]
}

async function listOver(client: Client, transport: Transport): Promise<Listing> {
  const answers = answersOf(transport)
  await client.connect(transport)
  const served = client.getServerCapabilities() ?? {}
  const listed: Record<ListMember, readonly unknown[]> = {
    ...{ tools: [], prompts: [], resources: [], resourceTemplates: [] },
  }
  for (const [capability, member, method] of lists)
    if (capability in served) listed[member] = await allPages(client, answers, member, method)
  return {
    listed,
    protocol: client.getNegotiatedProtocolVersion() ?? 'unknown',
    capabilities: Object.keys(served),
  }
}

async function allPages(
  client: Client,
  answers: Answers,
  member: ListMember,
  method: (typeof lists)[number][2],
): Promise<readonly unknown[]> {
  const items: unknown[] = []
  let cursor: string | undefined
  for (let page = 0; page < most.pages; page += 1) {
    const raw = await rawResult(client, answers, method, cursor)
    if (raw === null && member === 'resourceTemplates') return items
    const { [member]: listed, nextCursor } = raw ?? {}
    if (!Array.isArray(listed)) throw new Error(`its answer to ${method} has no ${member}`)
    items.push(...(listed as readonly unknown[]))
    if (items.length > most.items) break
    if (typeof nextCursor !== 'string') return items
    cursor = nextCursor
  }
  throw new Error(`it lists more than ${String(most.items)} ${member}, or never ends`)
}

const methodNotFound = -32_601

/** Null: it says that it has no such list, which a server with resources may say of templates. */
async function rawResult(
  client: Client,
  answers: Answers,
  method: (typeof lists)[number][2],
  cursor: string | undefined,
): Promise<JsonObject | null> {
  const params = cursor === undefined ? {} : { cursor }
  try {
    await client.request({ method, params })
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === methodNotFound) return null
    throw error
  }
  return answers.lastTo(method)
}

/** The service has no use for MCP's SDK, and may be installed without it. */
async function sdk(): Promise<typeof Mcp> {
  try {
    return await import('@modelcontextprotocol/client')
  } catch (cause) {
    throw usage('The MCP SDK is not installed: run npm ci without --omit=dev.', cause)
  }
}

async function whyOf(
  error: unknown,
  transport: Transport,
  { signal, refusedWith }: Allowance,
): Promise<string> {
  const program = transport instanceof ProgramTransport ? transport : null
  // Out of time is what is told, whatever the end was by then.
  const isLate = signal.aborted
  await program?.close()
  const ended = isLate ? null : (program?.ended ?? null)
  const why = ended ?? messageOf(isLate ? signal.reason : error)
  const said = program?.said ?? ''
  return plain(
    [
      why,
      ...(refusedWith === null ? [] : [refusedWith]),
      ...(said === '' ? [] : [`it wrote: ${said}`]),
    ].join('; '),
  )
}

/** What lies deepest says most: an outer message is only that of a library. */
function messageOf(error: unknown): string {
  const { message, code, cause } = objectOf(error) ?? {}
  if (objectOf(cause) !== null) return messageOf(cause)
  const said = String(message ?? error).replace(/ \(.*\)$/su, '')
  // The SDK's checker says with JSON that an answer is not of the schema.
  if (/^[[{]/u.test(said)) return 'its answers are not those of an MCP server'
  return said === '' ? String(code) : said
}
