/** An agent whose client id is a URL, at a real service and over real HTTPS: its own document has a say, at configured origins alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startDocumentsServer, type DocumentsServer } from '../support/documents-server.ts'
import { startStage, type Stage } from '../support/stage.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-agents-'))
let server: DocumentsServer
let canary: DocumentsServer
let stage: Stage

beforeAll(async () => {
  server = await startDocumentsServer((request, response) => {
    const client_id = `${server.origin}${request.url === '/stolen.json' ? '/other.json' : (request.url ?? '')}`
    response.end(JSON.stringify({ client_id }))
  })
  canary = await startDocumentsServer((_request, response) => response.end('{}'))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, server.ca)
  const agents = { origins: [server.origin], internal: true, ca_file: file }
  stage = await startStage({
    configure: (tenant) => (tenant.id === 'a' ? { ...tenant, agent_documents: agents } : tenant),
  })
})
afterAll(async () => {
  await stage.stop()
  server.stop()
  canary.stop()
  rmSync(folder, { recursive: true })
})

async function codes(client_id: string, party = stage.a): Promise<readonly string[]> {
  const query = {
    ...(await party.query()),
    initiator: { access_token: await party.access({ client_id }) },
  }
  return await party.ask(query)
}

it('a document of another client denies, before policy is asked', async () => {
  expect(await codes(`${server.origin}/stolen.json`)).toEqual(['deny', 'initiator.agent_document'])
})

it('a document of its own leaves the rest to policy, as for a name', async () => {
  const named = await codes('an-agent')
  expect(named).not.toEqual(['permit'])
  const before = server.connections()
  expect(await codes(`${server.origin}/agent.json`)).toEqual(named)
  expect(server.connections()).toBe(before + 1)
})

it('an origin that is not configured is never contacted, nor one that another tenant configured', async () => {
  const named = await codes('an-agent')
  const before = server.connections()
  expect(await codes(`${canary.origin}/agent.json`)).toEqual(named)
  expect(await codes(`${server.origin}/stolen.json`, stage.b)).toEqual(named)
  expect([canary.connections(), server.connections()]).toEqual([0, before])
})
