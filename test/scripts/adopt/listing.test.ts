/** What a server serves is listed as it came over the wire, in every era; whatever it is instead is one clear line. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Endpoint } from '../../../scripts/adopt/endpoint.ts'
import { listServer, type Listing } from '../../../scripts/adopt/listing.ts'
import { listen, type Listener } from '../../../scripts/demo/listen.ts'
import { startEverything } from '../../../scripts/demo/servers/everything.ts'
import { startLegacy } from '../../../scripts/demo/servers/legacy.ts'
import { startOps } from '../../../scripts/demo/servers/ops.ts'
import {
  programOf,
  serveOlder,
  serveSaid,
  serveTools,
  unknownMethod,
} from '../../support/mcp-servers.ts'

const root = join(import.meta.dirname, '../../..')
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const modern = `
import { McpServer } from ${JSON.stringify(join(root, 'node_modules/@modelcontextprotocol/server/dist/index.mjs'))}
import { serveStdio } from ${JSON.stringify(join(root, 'node_modules/@modelcontextprotocol/server/dist/stdio.mjs'))}
serveStdio(() => {
  const server = new McpServer({ name: 'modern', version: '1' })
  server.registerTool('modern_tool', { description: 'Modern.' }, () => ({ content: [] }))
  return server
})
`
/** A program that ends at the first question that it does not know, as some do. */
const touchy = `
import { createInterface } from 'node:readline'
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line)
  const result = { initialize: { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo: { name: 't', version: '1' } },
    'tools/list': { tools: [{ name: 'touchy_tool', inputSchema: { type: 'object' } }] } }[method]
  if (result) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
  else if (id !== undefined) process.exit(7)
}
`

let open: Listener | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function over(listener: Promise<Listener>, more: object = {}): Promise<Listing> {
  open = await listener
  return listServer({ kind: 'http', url: open.url, token: null, seconds: 20, ...more })
}

function program([first = '', ...given]: readonly string[], seconds = 20): Promise<Listing> {
  return listServer({ kind: 'stdio', program: first, given, seconds })
}

describe('a server is listed', () => {
  const journal = { ran: () => undefined } as unknown as Parameters<typeof startOps>[0]
  it.each<[string, () => Promise<Listing>, string, string]>([
    ['HTTP, stateless', () => over(startOps(journal)), '2026-07-28', 'status'],
    ['HTTP, with sessions', () => over(startLegacy(journal)), '2025-11-25', 'choose_region'],
    ['HTTP, the reference server', () => over(startEverything()), '2025-11-25', 'echo'],
    ['HTTP, with a stream and posts', () => over(serveOlder()), '2025-11-25', 'older_tool'],
    ['a program, stateless', () => program(programOf(modern)), '2026-07-28', 'modern_tool'],
    [
      'a program, the reference server',
      () => program([process.execPath, everything]),
      '2025-11-25',
      'echo',
    ],
    [
      'a program that ends at what is new',
      () => program(programOf(touchy)),
      '2024-11-05',
      'touchy_tool',
    ],
  ])('over %s', async (_what, list, protocol, tool) => {
    const found = await list()
    expect(found.protocol).toBe(protocol)
    expect(found.listed.tools).toContainEqual(expect.objectContaining({ name: tool }))
  })

  it('page by page, with prompts, resources and templates, each as it came', async () => {
    const tool = (name: string): object => ({
      name,
      inputSchema: { type: 'object' },
      'x-new': [{ a: null }],
    })
    const pages: Record<string, object> = {
      '': { tools: [tool('a')], nextCursor: 'two' },
      two: { tools: [tool('b')], nextCursor: '' },
    }
    const others: Record<string, object> = {
      'prompts/list': { prompts: [{ name: 'p', 'x-new': 1 }] },
      'resources/list': { resources: [{ uri: 'file:///a', name: 'a', 'x-new': 2 }] },
      'resources/templates/list': {
        resourceTemplates: [{ uriTemplate: 'file:///a/{b}', name: 't' }],
      },
    }
    const { listed } = await over(
      serveSaid(
        (message) =>
          message.method === 'tools/list'
            ? message.params?.cursor === ''
              ? { tools: [tool('c')] }
              : pages[message.params?.cursor ?? '']
            : (others[message.method] ?? unknownMethod(message)),
        { tools: {}, prompts: {}, resources: {} },
      ),
    )
    expect(listed).toEqual({
      tools: [tool('a'), tool('b'), tool('c')],
      prompts: [{ name: 'p', 'x-new': 1 }],
      resources: [{ uri: 'file:///a', name: 'a', 'x-new': 2 }],
      resourceTemplates: [{ uriTemplate: 'file:///a/{b}', name: 't' }],
    })
  })

  it('by the answers to what was asked, and not by what it sends beside them', async () => {
    const beside = `
import { createInterface } from 'node:readline'
const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }))
const list = (name) => ({ tools: [{ name, inputSchema: { type: 'object' } }] })
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line)
  if (method === 'initialize') say({ id, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 't', version: '1' } } })
  else if (method === 'tools/list') { say({ id: 999, result: list('before') }); say({ id, result: list('asked') }); say({ id, result: list('after') }) }
  else if (id !== undefined) say({ id, error: { code: -32601, message: 'no' } })
}`
    const { listed } = await program(programOf(beside))
    expect(listed.tools).toEqual([expect.objectContaining({ name: 'asked' })])
  })

  it('with the token that was given, and only at the URL that was named', async () => {
    const seen: (string | undefined)[] = []
    const elsewhere = await listen((request, response) => {
      seen.push(request.headers.authorization)
      response.end()
      return Promise.resolve()
    })
    const leading = listen((_request, response) => {
      response.writeHead(307, { location: elsewhere.url.href }).end()
      return Promise.resolve()
    })
    await expect(over(leading, { token: 'secret' })).rejects.toThrow(
      /leads to http.*name that URL/u,
    )
    expect(seen).toEqual([])
    await elsewhere.close()
    await open?.close()
    await over(
      serveSaid((message, { headers }) => {
        seen.push(headers.authorization)
        return message.method === 'tools/list' ? { tools: [] } : unknownMethod(message)
      }),
      { token: 'secret' },
    )
    expect(new Set(seen)).toEqual(new Set(['Bearer secret']))
  })
})

describe('what is no server to list', () => {
  const page = (status: number, type: string, body: string): Promise<Listener> =>
    listen((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body)
      return Promise.resolve()
    })
  const hangs = (): Promise<Listener> => listen(() => Promise.resolve())
  const floods = (): Promise<Listener> =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = (): void => {
        while (!response.destroyed && response.write('['.repeat(65_536)));
      }
      response.on('drain', more)
      more()
      return Promise.resolve()
    })
  const floodsEvents = (): Promise<Listener> =>
    listen((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const more = (): void => {
        while (!response.destroyed && response.write(`: ${'x'.repeat(65_536)}\n`));
      }
      response.on('drain', more)
      more()
      return Promise.resolve()
    })
  const many = Array.from({ length: 5000 }, (_, at) => ({
    name: `t${at}`,
    inputSchema: { type: 'object' },
  }))
  const saysTools = (result: object) => (): Promise<Listener> =>
    serveSaid((message) => (message.method === 'tools/list' ? result : unknownMethod(message)))

  it.each<[string, () => Promise<Listener>, RegExp]>([
    ['a web page', () => page(200, 'text/html', '<html>'), /cannot be listed/u],
    ['a wall', () => page(403, 'text/plain', 'no'), /HTTP 403/u],
    ['nothing of that name', () => page(404, 'text/plain', 'no'), /HTTP 404/u],
    [
      'JSON of something else',
      () => page(200, 'application/json', '{"a": 1}'),
      /cannot be listed/u,
    ],
    ['JSON that is none', () => page(200, 'application/json', '{"a": '), /cannot be listed/u],
    ['silence', hangs, /takes longer than 2 seconds/u],
    ['a flood', floods, /sends more than/u],
    ['a flood of events', floodsEvents, /sends more than/u],
    ['a list that is none', saysTools({ tools: 'none' }), /cannot be listed/u],
    ['a tool without a schema', saysTools({ tools: [{ name: 'a' }] }), /cannot be listed/u],
    ['pages without an end', saysTools({ tools: [], nextCursor: 'again' }), /never ends/u],
    ['more tools than anyone reviews', saysTools({ tools: many }), /more than 4096/u],
    [
      'a list that never comes',
      () =>
        serveSaid((message) =>
          message.method === 'tools/list' ? undefined : unknownMethod(message),
        ),
      /takes longer than 2 seconds/u,
    ],
    [
      'an error with instructions and terminal codes in it',
      () =>
        serveSaid(({ id }) => ({
          jsonrpc: '2.0',
          id,
          error: { code: -32_000, message: '\u001b[2Jdone\nwrote registry.json' },
        })),
      /^(?!.*[\u001b\n]).*done wrote/su,
    ],
  ])('is one line over HTTP: %s', async (_what, listener, line) => {
    const refused = over(listener(), { seconds: 2 })
    await expect(refused).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(line),
    })
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('\n') })
  })

  it.each<[string, readonly string[], RegExp]>([
    ['no program', ['/no/such/program'], /ENOENT/u],
    [
      'one that ends',
      ['sh', '-c', 'echo "no licence" >&2; exit 3'],
      /ended with 3; it wrote: no licence/u,
    ],
    [
      'one that stops reading before it ends',
      ['sh', '-c', 'exec <&-; sleep 1; echo "no licence" >&2; exit 3'],
      /ended with 3; it wrote: no licence/u,
    ],
    [
      'one that ends while another holds its streams',
      ['sh', '-c', 'setsid sleep 2 & echo "no licence" >&2; exit 3'],
      /ended with 3; it wrote: no licence/u,
    ],
    ['one that is silent', ['sleep', '60'], /takes longer than 5 seconds/u],
    [
      'one that writes garbage',
      ['sh', '-c', 'echo hello; sleep 60'],
      /takes longer than 5 seconds; it wrote: hello/u,
    ],
    ['a flood in one line', ['sh', '-c', 'tr "\\0" x </dev/zero'], /sends more than/u],
    ['a flood of lines', ['yes', '{}'], /what are no messages/u],
    ['one that reads nothing', ['sh', '-c', 'exec <&-; sleep 60'], /cannot be listed/u],
  ])('is one line on stdio: %s', async (_what, given, line) => {
    await expect(program(given, 5)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(line),
    })
  })

  it('nobody answers at the URL', async () => {
    const listener = await serveTools([])
    await listener.close()
    const asked: Endpoint = { kind: 'http', url: listener.url, token: null, seconds: 5 }
    await expect(listServer(asked)).rejects.toThrow(/ECONNREFUSED/u)
  })
})

it('a program leaves nothing behind that it has started', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'countersign-left-')), 'beat')
  const [, source = ''] = programOf(touchy)
  const beat = `while :; do echo . >>${file}; sleep 0.02; done`
  await program([
    'sh',
    '-c',
    `(${beat}) & until [ -s ${file} ]; do sleep 0.01; done; exec ${process.execPath} ${source}`,
  ])
  const beats = (): number => readFileSync(file, 'utf8').length
  const then = beats()
  await passed(300)
  expect([then > 0, beats()]).toEqual([true, then])
})
