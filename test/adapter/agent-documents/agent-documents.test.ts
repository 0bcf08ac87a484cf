/** Documents of agents from a real HTTPS server: whom we ask, what counts and for how long, and whose key proves an agent. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  createAgentDocuments,
  type AgentDocumentNotice,
} from '../../../service/adapter/agent-documents/agent-documents.ts'
import type { AgentOrigins } from '../../../service/contract/config.ts'
import { limits } from '../../../service/contract/limits.ts'
import type { Asked, ProofPorts } from '../../../service/flow/proof-ports.ts'
import { proveInitiator } from '../../../service/flow/prove-initiator.ts'
import type { AgentDocuments } from '../../../service/port/agent-documents.ts'
import { startDocumentsServer, type DocumentsServer } from '../../support/documents-server.ts'
import { idp, moment, resource, tenantAudience } from '../../support/issuer.ts'
import { startTokens } from '../../support/tokens.ts'
import { createHolder } from '../../support/workload.ts'

const tokens = await startTokens()
const holder = await createHolder(() => moment)
const stranger = await createHolder(() => moment)
const folder = mkdtempSync(join(tmpdir(), 'countersign-agents-'))
let server: DocumentsServer
let canary: DocumentsServer
let id: string
let now: number
let visits: number
let notices: AgentDocumentNotice[]
let documents: AgentDocuments

beforeEach(async () => {
  ;[now, visits, notices] = [moment, 0, []]
  server = await startDocumentsServer((_request, response) => response.end())
  canary = await startDocumentsServer((_request, response) => response.end())
  id = `${server.origin}/agent/client.json`
  writeFileSync(join(folder, 'ca.pem'), server.ca)
  open()
  serve({ client_id: id })
})
afterEach(() => {
  expect(canary.connections()).toBe(0)
  for (const one of [server, canary]) one.stop()
})
afterAll(async () => {
  await tokens.close()
  rmSync(folder, { recursive: true })
})

function open(changes: Partial<AgentOrigins> = {}): void {
  const allowed = { origins: [server.origin], internal: true, ca_file: join(folder, 'ca.pem') }
  documents = createAgentDocuments(
    [{ id: 'acme', agent_documents: { ...allowed, ...changes } }, { id: 'beta' }],
    {
      keySets: tokens.keySets,
      clock: { now: () => now * 1000, uuid: () => '' },
      observe: (notice) => notices.push(notice),
    },
  )
}

function serve(document: unknown, headers: Record<string, string> = {}, status = 200): void {
  server.behave((_request, response) => {
    visits += 1
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  })
}

const find = async (clientId = id, tenant = 'acme') => await documents.find(tenant, clientId)
const jwks = { keys: [holder.key.jwk] }
const failing = (failure: string) => ({ ok: false, failure })

describe('a document', () => {
  it('of a configured origin is known, with the keys that it publishes', async () => {
    expect(await find()).toEqual({ ok: true, keys: null })
    open()
    serve({ client_id: id, client_name: 'Agent', jwks })
    expect(await find()).toEqual({ ok: true, keys: new Set([holder.thumbprint]) })
  })

  it.each<[string, () => unknown]>([
    ['of another client', () => ({ client_id: `${id}x` })],
    [
      'of the same client in another spelling',
      () => ({ client_id: id.replace('localhost', 'LOCALHOST') }),
    ],
    ['of nobody', () => ({})],
    ['that names itself twice', () => `{"client_id":"${id}","client_id":"${id}"}`],
    ['that is a list', () => [{ client_id: id }]],
    ['that is a page', () => '<html></html>'],
    ['with a secret', () => ({ client_id: id, client_secret: 's' })],
    [
      'with a private key',
      () => ({ client_id: id, jwks: { keys: [{ ...holder.key.jwk, d: 'x' }] } }),
    ],
    [
      'with keys here and elsewhere',
      () => ({ client_id: id, jwks, jwks_uri: `${canary.origin}/keys` }),
    ],
    ['with keys that are none', () => ({ client_id: id, jwks: { keys: ['k'] } })],
  ])('%s does not count', async (_what, document) => {
    serve(document())
    expect(await find()).toEqual(failing('agent_document'))
    expect(notices.at(-1)?.event).toBe('document_refused')
  })

  it.each<[string, () => void]>([
    [
      'that is not there',
      () => {
        serve({ client_id: id }, {}, 404)
      },
    ],
    [
      'elsewhere, by a redirect',
      () => {
        serve('', { location: `${canary.origin}/client.json` }, 302)
      },
    ],
    [
      'that is too large',
      () => {
        serve({ client_id: id, name: 'x'.repeat(limits.agentDocumentBytes) })
      },
    ],
    [
      'behind a certificate of somebody else',
      () => {
        writeFileSync(join(folder, 'ca.pem'), canary.ca)
      },
    ],
    [
      'without its authority',
      () => {
        open({ ca_file: join(folder, 'none.pem') })
      },
    ],
    [
      'at a private address, where none is meant',
      () => {
        open({ internal: false })
      },
    ],
  ])('%s cannot be had', async (_what, prepare) => {
    prepare()
    expect(await find()).toEqual(failing('agent_unavailable'))
    expect(notices.at(-1)?.event).toBe('document_failed')
  })

  it('names keys elsewhere, and they are not fetched', async () => {
    serve({ client_id: id, jwks_uri: `${canary.origin}/keys`, logo_uri: `${canary.origin}/logo` })
    expect(await find()).toEqual({ ok: true, keys: null })
  })
})

describe('nobody is asked', () => {
  it.each<[string, () => string, string]>([
    ['of an origin that is not configured', () => `${canary.origin}/client.json`, 'acme'],
    ['by a tenant that configured none', () => id, 'beta'],
    ['by a tenant that nobody knows', () => id, 'gamma'],
    ['of an origin that begins like it', () => `${server.origin}.evil.example/client.json`, 'acme'],
    ['in clear text', () => id.replace('https:', 'http:'), 'acme'],
    ['of a name that is no URL', () => 'agent-1', 'acme'],
  ])('%s: it is only a name', async (_what, clientId, tenant) => {
    expect(await find(clientId(), tenant)).toBeNull()
    expect(server.connections()).toBe(0)
  })

  it.each([
    ['without a path', () => `${server.origin}/`],
    ['with dot segments', () => `${server.origin}/a/../agent/client.json`],
    ['with a fragment', () => `${id}#x`],
    ['with a user', () => id.replace('//', '//u@')],
    ['in another case', () => id.replace('localhost', 'LocalHost')],
  ])('of a URL %s, which is no client id', async (_what, clientId) => {
    expect(await find(clientId())).toEqual(failing('agent_document'))
    expect(server.connections()).toBe(0)
  })
})

describe('the age of a document', () => {
  it.each([
    ['what its server says', 'max-age=120', 120],
    ['a minute at least', 'no-store', limits.agentDocumentShortestSeconds],
    ['an hour at most', 'max-age=999999', limits.agentDocumentLongestSeconds],
    ['five minutes where it says nothing', 'public', limits.agentDocumentSeconds],
  ])('is %s, and then it is asked for again', async (_what, control, lasts) => {
    serve({ client_id: id }, { 'cache-control': control })
    await find()
    now += lasts - 1
    await find()
    expect(visits).toBe(1)
    now += 1
    serve('gone', {}, 500)
    expect(await find()).toEqual(failing('agent_unavailable'))
  })

  it('one flight for all that ask, and a rest after a failure', async () => {
    serve('gone', {}, 500)
    await Promise.all(Array.from({ length: 20 }, () => find()))
    await find()
    expect(visits).toBe(1)
    now += limits.agentDocumentRestSeconds
    serve({ client_id: id })
    expect(await find()).toEqual({ ok: true, keys: null })
  })
})

describe('an agent', () => {
  const asked: Asked = {
    ...{ now: moment, resource, accessToken: null, tlsPin: null },
    pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade: 'pop' },
    ...{ isRequest: () => true, isNonce: () => true, isRevoked: () => false },
    session: () => ({ ok: false, failure: 'session_unknown' }),
  }
  const prove = async (by = holder, changes: object = {}) => {
    const token = await tokens.sign('access_token', {
      ...{ client_id: id, cnf: { jkt: by.thumbprint }, ...changes },
    })
    const ports: ProofPorts = {
      ...{ verify: tokens.verify, keySets: tokens.keySets },
      tenant: {
        ...{ id: 'acme', audience: tenantAudience, initiatorIssuers: [idp] },
        ...{ platformDemands: () => null, agentDocument: (name) => documents.find('acme', name) },
      },
    }
    const evidence = { access_token: token, dpop: await by.dpop(token, resource) }
    const proved = await proveInitiator(evidence, asked, ports)
    return proved?.ok === true ? proved.facts.grade : proved?.failure
  }

  it('proves itself by a key that its document publishes, and by no other', async () => {
    serve({ client_id: id, jwks })
    expect([await prove(), await prove(stranger)]).toEqual(['pop', 'pop_key'])
  })

  it('whose document revoked every key proves itself by none', async () => {
    serve({ client_id: id, jwks: { keys: [] } })
    expect(await prove()).toBe('pop_key')
  })

  it('whose document publishes no key proves the key of its token', async () => {
    expect(await prove()).toBe('pop')
  })

  it('whose document is another’s, or is gone, is denied', async () => {
    serve({ client_id: 'https://another.example/x' })
    expect(await prove()).toBe('agent_document')
    now += limits.agentDocumentRestSeconds
    serve('gone', {}, 500)
    expect(await prove()).toBe('agent_unavailable')
  })

  it('is not looked up for a token that is not good', async () => {
    expect(await prove(holder, { exp: moment - 100, iat: moment - 200 })).toBe('expired')
    expect(await prove(holder, { aud: 'https://other.example' })).toBe('audience')
    expect(server.connections()).toBe(0)
  })

  it('of an origin that is not configured is only a name', async () => {
    expect(await prove(holder, { client_id: `${canary.origin}/client.json` })).toBe('pop')
  })
})
