/** A SaaS server over real TLS, a gateway that verifies it, and what its word of that is worth with the pack as it ships. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mintAccessToken, mintPepToken } from '../../service/adapter/development/mint.ts'
import { alice } from '../../service/adapter/development/example-queries.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { ForwardedTls, Query } from '../../service/contract/query.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import { createRoot, keyPin, serverCertificate, valid } from '../support/certificates.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { registryCopy, releasedBundles } from '../support/released-bundles.ts'
import { connectTls } from '../support/tls-client.ts'

const seconds = Math.floor(Date.now() / 1000)
const long = valid(seconds - 3600, seconds + 7200)
const name = 'mcp.saas.example'
const root = createRoot('public root', long)
const middle = root.authority('public authority', long)
const served = serverCertificate(middle, name, long)
const agent = root.leaf(long)
let saas: Server
let seen: ForwardedTls & { x5c: string[] }
let service: DevelopmentService
let gateway: string
let queries: Awaited<ReturnType<typeof queriesByEffect>>

beforeAll(async () => {
  saas = createServer({ cert: served.certificates, key: served.key }).listen(0, '127.0.0.1')
  await once(saas, 'listening')
  const { port } = saas.address() as AddressInfo
  const url = `https://127.0.0.1:${String(port)}`
  // What a gateway does: the name and the path are checked by its own TLS, or there is no connection.
  const socket = await connectTls({ url, ca: root.certificates, servername: name })
  seen = { name, x5c: pathOf(socket) }
  socket.destroy()
  const registry = registryCopy()
  registry.servers['ops']!.workload = { tls: { name, keys: [keyPin(middle.der)] } }
  // The tenant has not said what demands possession: what the pack says counts.
  delete registry.parameters.pop_facets
  service = await startDevelopmentService({ bundles: releasedBundles(registry).directory })
  gateway = await mintPepToken(service.keys)
  queries = await queriesByEffect(service.keys)
})
afterAll(async () => {
  saas.close()
  await service.stop()
})

/** The path that it verified, as Node.js gives it. */
function pathOf(socket: TLSSocket): string[] {
  const path: string[] = []
  for (let one = socket.getPeerX509Certificate(); one !== undefined; one = one.issuerCertificate)
    path.push(one.raw.toString('base64'))
  return path
}

async function ask(
  query: Query,
  tls: ForwardedTls = seen,
  bearer: string = gateway,
): Promise<readonly unknown[]> {
  const asked = { ...query, server: { id: 'ops', proof: { tls } } }
  const headers = { authorization: `Bearer ${bearer}` }
  const { body, status } = await service.post('/v1/decisions', asked, headers)
  if (status !== 200) return [status, body['code']]
  const { effect, reasons } = body as unknown as DecisionAnswer
  return [effect, ...reasons.map(({ code, params }) => [code, params])]
}

describe('a server that its gateway reached by TLS', () => {
  it('is enough for what harms nobody, by its path or by the digests of its keys', async () => {
    expect(seen.x5c.length).toBeGreaterThan(1)
    expect(await ask(queries.permit)).toEqual(['permit'])
    const keys = seen.x5c.map((text) => keyPin(Buffer.from(text, 'base64')))
    expect(await ask(queries.permit, { name, keys })).toEqual(['permit'])
  })

  it('is not enough for what can do harm, and the finding says so', async () => {
    const [effect, ...reasons] = await ask(queries.hold)
    expect(effect).toBe('deny')
    expect(reasons).toContainEqual([
      'identity.server_unproven',
      expect.objectContaining({
        grade: 'forwarded',
        facets: ['modifies_downstream', 'irreversible'],
      }),
    ])
  })

  it('is nothing on the word of the key of development, which proves no gateway', async () => {
    const [effect, ...reasons] = await ask(queries.permit, seen, service.keys.apiKey)
    expect(effect).toBe('deny')
    expect(reasons).toContainEqual([
      'identity.server_unproven',
      expect.objectContaining({ grade: 'asserted' }),
    ])
  })

  it.each<readonly [string, () => ForwardedTls, string]>([
    ['under another name', () => ({ ...seen, name: 'other.example' }), 'server.pin_name'],
    ['by its leaf alone', () => ({ ...seen, x5c: seen.x5c.slice(0, 1) }), 'server.pin_key'],
    ['out of order', () => ({ ...seen, x5c: seen.x5c.toReversed() }), 'server.certificate_profile'],
    [
      'by a stranger',
      () => ({ name, x5c: [serverCertificate(root, name, long).der.toString('base64')] }),
      'server.pin_key',
    ],
  ])('is not known %s', async (_how, tls, code) => {
    expect(await ask(queries.permit, tls())).toEqual(
      expect.arrayContaining(['deny', [code, expect.anything()]]),
    )
  })
})

describe('an agent whose certificate its gateway forwards', () => {
  it('is known by the token that is bound to it, and not by another', async () => {
    const resource = 'https://mcp.dev.countersign.test/ops'
    const bound = { cnf: { 'x5t#S256': tokenHash(agent.der) } }
    const access_token = await mintAccessToken(service.keys, alice, resource, bound)
    const by = (der: Buffer): Query => ({
      ...queries.permit,
      initiator: { access_token, certificate: der.toString('base64') },
    })
    expect(await ask(by(agent.der))).toEqual(['permit'])
    expect(await ask(by(served.der))).toEqual(
      expect.arrayContaining(['deny', ['initiator.certificate_mismatch', expect.anything()]]),
    )
  })
})
