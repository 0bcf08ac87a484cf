/** The demo's gateway fails closed: what the PDP did not permit, or the gateway cannot do, never passes. */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createPdpClient } from '../../scripts/demo/pep/pdp-client.ts'
import { obligationOf } from '../../scripts/demo/pep/obligations.ts'
import { ruleOn } from '../../scripts/demo/pep/ruling.ts'
import { createSealer, type RoundState } from '../../scripts/demo/pep/sealed-state.ts'
import { startGateway } from '../../scripts/demo/pep/gateway.ts'
import type { Listener } from '../../scripts/demo/listen.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

function answer(changes: Partial<DecisionAnswer> = {}): DecisionAnswer {
  return {
    decision_id: 'dec_1',
    effect: 'permit',
    reasons: [],
    obligations: [],
    binding: { valid_until: '2100-01-01T00:00:00Z' },
    workflow: { id: 'wf_1' },
    ...changes,
  } as unknown as DecisionAnswer
}

describe('a ruling', () => {
  const error = { code: -32001, message: 'Denied by policy', data: { decision_id: 'dec_1' } }
  const expired = { ...answer().binding, valid_until: '2026-11-22T11:59:59Z' }
  const malformed = { ...answer().binding, valid_until: 'soon' }

  test.each([
    ['no decision', null],
    ['a denial', answer({ effect: 'deny' })],
    ['a hold', answer({ effect: 'hold' })],
    ['an effect that is not known', answer({ effect: 'allow' as 'permit' })],
    ['a permit that has run out', answer({ binding: expired })],
    ['a permit without a readable end', answer({ binding: malformed })],
    [
      'an obligation that is not known',
      answer({ obligations: [{ id: 'o', type: 'watermark', properties: {} }] }),
    ],
    [
      'an obligation named as a member of every object',
      answer({ obligations: [{ id: 'o', type: 'constructor', properties: {} }] }),
    ],
  ])('refuses on %s', (_name, given) => {
    expect(ruleOn(given, {}, now)).toMatchObject({ pass: false, error: { code: -32001 } })
  })

  test('gives the client the error of the PDP', () => {
    expect(ruleOn(answer({ effect: 'deny', mcp: { error } }), {}, now)).toMatchObject({ error })
  })

  test('passes a permit with its obligations carried out', () => {
    const obligations = [{ id: 'o', type: 'limit_sampling', properties: { max_tokens: 5 } }]
    expect(ruleOn(answer({ obligations }), { maxTokens: 9, messages: [] }, now)).toMatchObject({
      pass: true,
      content: { maxTokens: 5, messages: [] },
    })
  })
})

describe('an obligation', () => {
  const cut = (properties: object): [string, object] => ['limit_sampling', properties]
  const drop = (properties: object): [string, object] => ['filter_list', properties]

  test.each([
    ['on another content', cut({ max_tokens: 5 }), { tools: [] }],
    ['with a bound that is no number', cut({ max_tokens: '5' }), { maxTokens: 9 }],
    ['with a property that is not known', cut({ max_tokens: 5, models: [] }), { maxTokens: 9 }],
    ['without its places', drop({}), { tools: [{}] }],
    ['with a place that is none', drop({ drop: [{ index: '0' }] }), { tools: [{}] }],
    ['with two lists to choose from', drop({ drop: [] }), { tools: [], prompts: [] }],
    ['without a list', drop({ drop: [] }), { content: [] }],
  ])('is not carried out %s', (_name, [type, properties], content) => {
    expect(obligationOf(type)?.(content, { ...properties })).toBeNull()
  })

  test('drops by place', () => {
    const tools = [{ name: 'a' }, { name: 'b' }, { name: 'a' }]
    const left = obligationOf('filter_list')?.({ tools }, { drop: [{ index: 0 }, { index: 1 }] })
    expect(left).toEqual({ tools: [{ name: 'a' }] })
  })
})

describe('sealed state', () => {
  const state: RoundState = {
    call: 'sha256:a',
    round: 1,
    asked: [],
    inner: 'x',
    expires: now + 1000,
  }
  const sealer = createSealer()
  const sealed = sealer.seal(state)

  test('opens for its own call', () => {
    expect(sealer.open(sealed, 'sha256:a', now)).toEqual(state)
  })

  test.each([
    ['another call', sealed, 'sha256:b', now],
    ['a later time', sealed, 'sha256:a', now + 1000],
    ['another key', createSealer().seal(state), 'sha256:a', now],
    ['a cut tag', sealed.slice(0, 20), 'sha256:a', now],
    ['nothing', undefined, 'sha256:a', now],
  ])('does not open for %s', (_name, given, call, at) => {
    expect(sealer.open(given, call, at)).toBeNull()
  })

  test('does not open with any one byte changed', () => {
    const bytes = Buffer.from(sealed, 'base64url')
    for (const [i, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes)
      changed[i] = byte ^ 1
      expect(sealer.open(changed.toString('base64url'), 'sha256:a', now)).toBeNull()
    }
  })
})

const open: { readonly close: () => Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function serve(
  status: number,
  body: unknown,
  seen: unknown[] = [],
  headers: Record<string, string> = {},
): Promise<URL> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      response
        .writeHead(status, { ...headers, 'content-type': 'application/json' })
        .end(JSON.stringify(body))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  })
  return new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`)
}

describe('the client of the PDP', () => {
  const query = {} as Query

  test.each([
    ['400', 400, answer()],
    ['401', 401, answer()],
    ['201', 201, answer()],
    ['500', 500, answer()],
    ['503', 503, answer()],
    ['a body that is no answer', 200, { effect: 'permit' }],
    ['an empty answer', 200, null],
  ])('has no decision on %s', async (_name, status, body) => {
    const url = (await serve(status, body)).origin
    const pdp = createPdpClient({ url, credential: () => Promise.resolve('x'), milliseconds: 1000 })
    expect(await pdp.decide(query)).toBeNull()
  })

  test('has no decision when nobody listens, and says so of no outcome', async () => {
    const settings = { url: 'http://127.0.0.1:9', credential: () => Promise.resolve('x') }
    const pdp = createPdpClient({ ...settings, milliseconds: 1000 })
    expect(await pdp.decide(query)).toBeNull()
    await pdp.report('dec_1', { status: 'executed' })
  })
})

type Body = { readonly error?: { readonly code: number }; readonly result?: unknown }

describe('the gateway', () => {
  type Decide = (query: Query) => DecisionAnswer | null

  async function start(url: URL, decide: Decide): Promise<Listener> {
    const gateway = await startGateway({
      served: { id: 'ops', url, proof: () => Promise.resolve('svid') },
      pdp: { decide: (query) => Promise.resolve(decide(query)), report: () => Promise.resolve() },
      observe: () => undefined,
    })
    open.push(gateway)
    return gateway
  }

  async function ask(
    upstream: unknown,
    message: unknown,
    decide: Decide = () => answer(),
  ): Promise<{ body: Body; reached: unknown[] }> {
    const reached: unknown[] = []
    const gateway = await start(await serve(200, upstream, reached), decide)
    const response = await fetch(gateway.url, { method: 'POST', body: JSON.stringify(message) })
    const text = await response.text()
    return { body: (text.startsWith('{') ? JSON.parse(text) : {}) as Body, reached }
  }

  const call = (method: string, params: unknown = {}): unknown => ({
    jsonrpc: '2.0',
    id: 1,
    method,
    params,
  })
  const done = { jsonrpc: '2.0', id: 1, result: { content: [] } }

  test.each([
    ['a method that it does not know', call('tools/shred'), -32601],
    ['answers to nothing that it let be asked', call('tools/call', { inputResponses: {} }), -32602],
    ['a state that it did not seal', call('tools/call', { requestState: 'forged' }), -32602],
  ])('does not let the server see %s', async (_name, message, code) => {
    const { body, reached } = await ask(done, message)
    expect(body.error?.code).toBe(code)
    expect(reached).toEqual([])
  })

  test('refuses a batch', async () => {
    const { reached } = await ask(done, [call('tools/list')])
    expect(reached).toEqual([])
  })

  test('lets nothing through without a decision', async () => {
    const { body, reached } = await ask(done, call('tools/call', { name: 'x' }), () => null)
    expect(body.error?.code).toBe(-32001)
    expect(reached).toEqual([])
  })

  test('keeps back a result that is denied', async () => {
    const decide = ({ phase }: Query): DecisionAnswer =>
      answer({ effect: phase === 'result' ? 'deny' : 'permit' })
    const { body } = await ask(done, call('tools/call', { name: 'x' }), decide)
    expect(body.result).toBeUndefined()
  })

  test.each([
    ['a task', { resultType: 'task', task: {} }],
    [
      'an unknown request for input',
      { resultType: 'input_required', inputRequests: { a: { method: 'x' } } },
    ],
  ])('does not pass %s', async (_name, result) => {
    const { body } = await ask({ ...done, result }, call('tools/call', { name: 'x' }))
    expect(body.result).toBeUndefined()
  })

  test('hides what an error of the server carries beside its message', async () => {
    const error = {
      code: -32042,
      message: 'URL elicitation required',
      data: { elicitations: [{}] },
    }
    const { body } = await ask({ jsonrpc: '2.0', id: 1, error }, call('tools/call', { name: 'x' }))
    expect(body.error).toEqual({ code: -32042, message: 'URL elicitation required' })
  })

  test('has no session but those that this very caller opened', async () => {
    const reached: unknown[] = []
    const url = await serve(200, { ...done, result: {} }, reached, { 'mcp-session-id': 's1' })
    const gateway = await start(url, () => answer())
    const post = (token: string, session: string, message: unknown): Promise<Response> =>
      fetch(gateway.url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'mcp-session-id': session },
        body: JSON.stringify(message),
      })
    const list = call('tools/list')
    expect((await post('alice', 's1', list)).status).toBe(404)
    expect((await post('alice', '', call('initialize'))).headers.get('mcp-session-id')).toBe('s1')
    expect((await post('alice', 's1', list)).status).toBe(200)
    expect((await post('mallory', 's1', list)).status).toBe(404)
    expect(reached).toHaveLength(2)
  })

  test('drops a response that belongs to no call', async () => {
    const { body } = await ask({ ...done, id: 2 }, call('tools/call', { name: 'x' }))
    expect(body).toEqual({})
  })
})
