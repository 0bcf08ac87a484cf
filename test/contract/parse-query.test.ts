/** The door of the request bodies: what passes is what the corridors rely on, and nothing else passes. */
import { describe, expect, it } from '@jest/globals'
import { PdpError } from '../../service/contract/error-code.ts'
import { limits } from '../../service/contract/limits.ts'
import {
  checkQuery,
  parseBatch,
  parseJsonObject,
  parseOutcome,
  parseQuery,
} from '../../service/contract/parse-query.ts'

const query = {
  phase: 'request',
  server: { id: 'ops' },
  capability: { kind: 'tool', name: 'deploy' },
  protocol: { version: '2026-07-28', method: 'tools/call' },
}
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

function refusalOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    if (error instanceof PdpError)
      return [error.code, ...error.faults.map((fault) => fault.pointer)]
    throw error
  }
  return null
}

describe('queries that pass', () => {
  it.each([
    ['a tool', {}],
    ['a resource', { capability: { kind: 'resource', uri: 'k8s:prod/api' } }],
    ['a result', { phase: 'result', result: { content: [] } }],
    ['a list', { phase: 'result', capability: { kind: 'list' }, result: {} }],
    [
      'sampling',
      { phase: 'input_request', capability: { kind: 'sampling' }, sampling: { maxTokens: 1 } },
    ],
    [
      'an answer',
      { phase: 'input_response', capability: { kind: 'elicitation' }, elicitation: {} },
    ],
    ['roots', { phase: 'input_request', capability: { kind: 'roots' } }],
    [
      'proofs',
      { initiator: { access_token: 'x' }, server: { id: 'ops', proof: { jwt_svid: 'y' } } },
    ],
  ])('%s', (_name, changes) => {
    const value = { ...query, ...changes }
    expect(parseQuery(bytesOf(value))).toEqual(value)
  })
})

describe('what a gateway saw of its TLS connection', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const seen = (tls: object): Uint8Array =>
    bytesOf({ ...query, server: { id: 'ops', proof: { tls: { name: 'a.example', ...tls } } } })
  const at = (member = ''): unknown => ['invalid_request', `/server/proof/tls${member}`]

  it.each([
    ['by its path', { x5c: ['AAAA'] }],
    ['by its keys', { keys: [digest] }],
    ['under an internationalised name', { name: 'mcp.xn--bcher-kva.example', keys: [digest] }],
    ['under a name of one label', { name: 'mcp', keys: [digest] }],
  ])('%s passes', (_name, tls) => {
    expect(refusalOf(() => parseQuery(seen(tls)))).toBeNull()
  })

  it.each([
    ['neither path nor keys', {}, ''],
    ['both', { x5c: ['AAAA'], keys: [digest] }, ''],
    ['no key', { keys: [] }, '/keys'],
    ['too many keys', { keys: Array.from({ length: 9 }, () => digest) }, '/keys'],
    ['too long a path', { x5c: Array.from({ length: 9 }, () => 'AAAA') }, '/x5c'],
    ['a key that is no digest', { keys: ['AAAA'] }, '/keys/0'],
    ...[
      'A.example',
      'a.example.',
      '*.example',
      '192.0.2.1',
      '::1',
      '-a.example',
      'a..b',
      'b\u00fc.example',
    ]
      .concat('', `${'a'.repeat(64)}.example`, 'a.example:443', 'a.example/x', 'a.example\n')
      .map(
        (name) => [`the name ${JSON.stringify(name)}`, { name, keys: [digest] }, '/name'] as const,
      ),
  ])('with %s is refused', (_name, tls, member) => {
    expect(refusalOf(() => parseQuery(seen(tls)))).toEqual(at(member))
  })
})

describe('queries that contradict themselves', () => {
  it.each([
    ['a tool without a name', { capability: { kind: 'tool' } }, ['/capability/name']],
    ['a prompt without a name', { capability: { kind: 'prompt', uri: 'x' } }, ['/capability/name']],
    [
      'a resource without a URI',
      { capability: { kind: 'resource', name: 'x' } },
      ['/capability/uri'],
    ],
    ['a result that is missing', { phase: 'result' }, ['/result']],
    ['a result in a request', { result: {} }, ['/result']],
    [
      'sampling in a request',
      { capability: { kind: 'sampling' }, sampling: {} },
      ['/capability/kind'],
    ],
    ['a tool in an input', { phase: 'input_request' }, ['/capability/kind']],
    [
      'sampling without content',
      { phase: 'input_request', capability: { kind: 'sampling' } },
      ['/sampling'],
    ],
    [
      'an answer without content',
      { phase: 'input_response', capability: { kind: 'sampling' } },
      ['/sampling'],
    ],
    [
      'elicitation without content',
      { phase: 'input_request', capability: { kind: 'elicitation' } },
      ['/elicitation'],
    ],
    ['sampling content for a tool', { sampling: {} }, ['/sampling']],
    [
      'the other content',
      { phase: 'input_request', capability: { kind: 'sampling' }, elicitation: {} },
      ['/sampling', '/elicitation'],
    ],
    ['an empty proof', { server: { id: 'ops', proof: {} } }, ['/server/proof']],
  ])('%s', (_name, changes, pointers) => {
    const value = { ...query, ...changes }
    expect(refusalOf(() => parseQuery(bytesOf(value)))).toEqual(['invalid_request', ...pointers])
  })
})

it('a misspelt guard is refused by its own name', () => {
  expect(refusalOf(() => parseQuery(bytesOf({ ...query, purpos: {} })))).toEqual([
    'invalid_request',
    '/purpos',
  ])
  expect(() => parseQuery(bytesOf({ ...query, purpos: {} }))).toThrow(
    '/purpos: no member has this name: correct its spelling or remove it.',
  )
})

it('strict JSON comes first', () => {
  const text = JSON.stringify(query).replace('{', '{"phase":"result",')
  expect(refusalOf(() => parseQuery(new TextEncoder().encode(text)))).toEqual([
    'duplicate_member',
    '/phase',
  ])
  const deep = { ...query, sampling: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown }
  expect(refusalOf(() => parseQuery(bytesOf(deep)))).toEqual([
    'too_deep',
    `/sampling${'/0'.repeat(limits.jsonDepth - 1)}`,
  ])
})

it('a batch names the query and the member', () => {
  const batch = { queries: [query, { ...query, phase: 'result' }] }
  expect(parseBatch(bytesOf({ queries: [query, query] })).queries).toHaveLength(2)
  expect(refusalOf(() => parseBatch(bytesOf(batch)))).toEqual([
    'invalid_request',
    '/queries/1/result',
  ])
  expect(refusalOf(() => parseBatch(bytesOf({ queries: [query, { ...query, x: 1 }] })))).toEqual([
    'invalid_request',
    '/queries/1/x',
  ])
  expect(refusalOf(() => parseBatch(bytesOf({ queries: [] })))).toEqual([
    'invalid_request',
    '/queries',
  ])
  const many = { queries: Array.from({ length: limits.batchQueries + 1 }, () => query) }
  expect(refusalOf(() => parseBatch(bytesOf(many)))).toEqual(['invalid_request', '/queries'])
})

it('a query inside another message has pointers into that message', () => {
  const at = '/context/countersign'
  expect(checkQuery(query, at)).toEqual(query)
  expect(refusalOf(() => checkQuery({ ...query, phase: 1 }, at))).toEqual([
    'invalid_request',
    `${at}/phase`,
  ])
  expect(refusalOf(() => checkQuery({ ...query, result: {} }, at))).toEqual([
    'invalid_request',
    `${at}/result`,
  ])
  expect(refusalOf(() => checkQuery(undefined, at))).toEqual(['invalid_request', at])
})

it('an outcome and an open object have their doors too', () => {
  expect(parseOutcome(bytesOf({ status: 'executed' }))).toEqual({ status: 'executed' })
  expect(refusalOf(() => parseOutcome(bytesOf({ status: 'maybe' })))).toEqual([
    'invalid_request',
    '/status',
  ])
  expect(parseJsonObject(bytesOf({ a: 1 }))).toEqual({ a: 1 })
  for (const value of [[], null, 1]) {
    expect(refusalOf(() => parseJsonObject(bytesOf(value)))).toEqual(['invalid_request', ''])
  }
})
