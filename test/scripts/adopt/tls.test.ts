/** `countersign adopt server --tls`: the pin is what the very connections showed that the server was listed over. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Registry } from '../../../service/contract/registry.ts'
import type { Listener } from '../../../scripts/demo/listen.ts'
import {
  createRoot,
  keyPin,
  serverCertificate,
  valid,
  type Issued,
} from '../../support/certificates.ts'
import { runCommand, type CommandRun } from '../../support/command.ts'
import { serveTools } from '../../support/mcp-servers.ts'
import { describeWithParts } from '../../support/parts.ts'
import { policyRepository } from '../../support/policy-repository.ts'

const seconds = Math.floor(Date.now() / 1000)
const long = valid(seconds - 3600, seconds + 7200)
const root = createRoot('root', long)
const served = serverCertificate(root, 'localhost', long)
const trusted = join(mkdtempSync(join(tmpdir(), 'countersign-adopt-')), 'root.pem')
let behind: Listener
beforeAll(async () => {
  writeFileSync(trusted, root.certificates)
  behind = await serveTools([{ name: 'read', inputSchema: { type: 'object' } }])
})
afterAll(async () => {
  await behind.close()
})

/** The server again, behind TLS. */
async function adoptedBehind({ certificates, key }: Issued, folder: string): Promise<CommandRun> {
  const front: Server = createServer({ cert: certificates, key }, (asked, answered) => {
    const { method, url = '', headers } = asked
    const onward = request(new URL(url, behind.url), { method, headers }, (reply) => {
      answered.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(answered)
    })
    asked.pipe(onward)
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo
  const at = `https://localhost:${String(port)}/mcp`
  const run = await runCommand(
    ['adopt', 'server', 'files', '--owner', 'team', '--tls', '--at', at],
    { folder, limit: `export NODE_EXTRA_CA_CERTS='${trusted}'` },
  )
  front.closeAllConnections()
  front.close()
  return run
}

describeWithParts('a server that is adopted over https', () => {
  it('is pinned by the name of its URL and the key that it showed, which is said to the reviewer', async () => {
    const folder = policyRepository()
    expect(await adoptedBehind(served, folder)).toMatchObject({ status: 0, stderr: '' })
    const text = readFileSync(join(folder, 'data/registry/servers/files.json'), 'utf8')
    const { servers } = JSON.parse(text) as Pick<Registry, 'servers'>
    expect(servers['files']?.workload).toEqual({
      tls: { name: 'localhost', keys: [keyPin(served.der)] },
    })
    const page = readFileSync(join(folder, 'adopted/files.md'), 'utf8')
    expect(page).toMatch(/Its TLS key: the one that was shown to this run/u)
    expect(page).not.toMatch(/nobody can prove/u)
  })

  it.each([
    ['for another name', serverCertificate(root, 'other.example', long), /altnames/u],
    [
      'of a root that is not trusted',
      serverCertificate(createRoot('x', long), 'localhost', long),
      /unable to verify/u,
    ],
  ])('is not adopted by a certificate %s', async (_what, shown, why) => {
    const run = await adoptedBehind(shown, policyRepository())
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(why)
  })
})
