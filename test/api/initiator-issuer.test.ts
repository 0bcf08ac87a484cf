/**
 * Initiators of a real authorization server (oidc-provider) that is reached over TLS by its own authority: its keys by
 * discovery, its tokens of RFC 9068 bound by DPoP (RFC 9449).
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { alice } from '../../service/adapter/development/example-queries.ts'
import { mintPurposeGrant } from '../../service/adapter/development/mint.ts'
import type { Query } from '../../service/contract/query.ts'
import type { TrustState } from '../../service/contract/trust-state.ts'
import {
  startAuthorizationServer,
  type AuthorizationServer,
} from '../support/authorization-client.ts'
import { createRoot, serverCertificate, valid } from '../support/certificates.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { until } from '../support/listening-source.ts'
import { createHolder } from '../support/workload.ts'

const resource = 'https://mcp.dev.countersign.test/ops'
const seconds = (): number => Math.floor(Date.now() / 1000)
const hour = valid(seconds() - 60, seconds() + 3600)
const root = createRoot('issuers', hour)
const shown = serverCertificate(root, 'localhost', hour)
const stranger = createRoot('issuers', hour)
const holder = await createHolder(seconds)

let server: AuthorizationServer
const services: DevelopmentService[] = []
let service: DevelopmentService
let query: Query

/** A service whose issuer must chain to that authority. */
async function trusting(authority: string): Promise<DevelopmentService> {
  const file = join(mkdtempSync(join(tmpdir(), 'countersign-ca-')), 'ca.pem')
  writeFileSync(file, authority)
  const started = await startDevelopmentService({
    tenant: (tenant) => ({
      ...tenant,
      issuers: [
        ...tenant.issuers,
        {
          ...{ issuer: server.issuer, kinds: ['initiator'], algorithms: ['ES256'] },
          keys: { discovery: {}, internal: true, ca_file: file },
        },
      ],
    }),
  })
  services.push(started)
  return started
}

beforeAll(async () => {
  server = await startAuthorizationServer({ shown, ca: root.certificates })
  service = await trusting(root.certificates)
  query = await queryOf(service)
  await until(async () => (await keysOf(service))?.usable === true)
})
afterAll(async () => {
  for (const one of services) await one.stop()
  await server.stop()
})

/** The permitted question, with a purpose that was granted to the client. */
async function queryOf({ keys }: DevelopmentService): Promise<Query> {
  const { permit } = await queriesByEffect(keys)
  const terms = {
    // In the place of the issuer of development.
    initiator: { iss: server.issuer, sub: alice.client },
    purpose: { code: 'incident.restore', ref: 'INC-4711' },
    capabilities: ['ops/tool:status'],
    data: {
      classifications: ['internal' as const],
      resources: [],
      residency: ['EU'],
      directions: ['internal' as const, 'ingress' as const, 'egress' as const],
    },
  }
  const grant = await mintPurposeGrant(keys, alice.client, terms)
  return { ...permit, purpose: { ...permit.purpose, grant } }
}

async function keysOf(of: DevelopmentService) {
  const { body } = await of.get('/v1/trust')
  return (body as TrustState).key_sets.find(({ issuer }) => issuer === server.issuer)
}

const tokenFor = (audience: string): Promise<string> =>
  server.tokenOf(alice.client, { resource: audience, scope: 'mcp:tools', holder })

/** What is said of the initiator, or the effect. */
async function ask(of: DevelopmentService, initiator: Query['initiator']): Promise<string> {
  const { effect, reasons } = await of.ask({
    ...(of === service ? query : await queryOf(of)),
    initiator: initiator!,
  })
  const codes = reasons.map(({ code }) => code)
  return effect === 'permit' ? effect : codes.join(' ')
}

describe('an initiator whose authorization server binds its token', () => {
  it('is permitted with a proof of that key for that server', async () => {
    const token = await tokenFor(resource)
    const dpop = await holder.dpop(token, resource)
    expect(await ask(service, { access_token: token, dpop })).toBe('permit')
    expect(await ask(service, { access_token: token, dpop })).toContain('initiator.replay')
  })

  it('is nobody without it, or by the key of a thief', async () => {
    const token = await tokenFor(resource)
    const thief = await createHolder(seconds)
    expect(await ask(service, { access_token: token })).toContain('initiator.pop_missing')
    const dpop = await thief.dpop(token, resource)
    expect(await ask(service, { access_token: token, dpop })).toContain('initiator.pop_key')
  })

  it('is nobody with a token for another server', async () => {
    const token = await tokenFor('https://mcp.other.test/')
    const dpop = await holder.dpop(token, resource)
    expect(await ask(service, { access_token: token, dpop })).toContain('initiator.audience')
  })
})

describe('an issuer that is reached over TLS', () => {
  it('is known by the authority of its file, which is shown', async () => {
    expect(await keysOf(service)).toMatchObject({
      ...{ source: 'discovery', usable: true, kids: ['as-1'], failures: 0 },
      location: `${server.issuer}/.well-known/openid-configuration`,
    })
  })

  it('gives no keys when another authority of that name is in the file', async () => {
    const other = await trusting(stranger.certificates)
    await until(async () => ((await keysOf(other))?.failures ?? 0) > 0)
    expect(await keysOf(other)).toMatchObject({ usable: false, kids: [] })
    const token = await tokenFor(resource)
    const dpop = await holder.dpop(token, resource)
    expect(await ask(other, { access_token: token, dpop })).toContain('initiator.keys_unavailable')
  })
})
