/**
 * Gateways with a real authorization server: private_key_jwt (RFC 7523) for a token, bound by DPoP (RFC 9449), keys
 * fetched from the server.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import {
  startAuthorizationServer,
  type AuthorizationServer,
} from '../support/authorization-client.ts'
import { silent } from '../support/development-service.ts'
import { dpopHeaders } from '../support/gateway.ts'
import { createHolder } from '../support/workload.ts'

const publicUrl = 'https://pdp.example'
const seconds = (): number => Math.floor(Date.now() / 1000)
const holder = await createHolder(seconds)
let issuer: string
let authorizationServer: AuthorizationServer
let running: RunningService

beforeAll(async () => {
  authorizationServer = await startAuthorizationServer()
  ;({ issuer } = authorizationServer)
  const data = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  const keys = await loadDevelopmentKeys(data)
  const config = developmentConfig(keys, { data, port: 0, bundles: undefined })
  const [tenant] = config.tenants
  if (tenant === undefined) throw new Error('no tenant')
  running = await startService(
    {
      ...config,
      development: null,
      publicUrl,
      tenants: [
        {
          ...tenant,
          issuers: [
            ...tenant.issuers,
            {
              issuer,
              kinds: ['pep'],
              algorithms: ['ES256'],
              keys: { url: `${issuer}/jwks`, internal: true },
            },
          ],
          peps: [registered('gateway-1'), registered('gateway-3', { bearer: {} })],
        },
      ],
    },
    silent,
  )
})
afterAll(async () => {
  await running.stop('test')
  await authorizationServer.stop()
})

function registered(id: string, proof?: PepRegistration['proof']): PepRegistration {
  return {
    ...{ client_id: id, issuer, project: 'p', environment: 'prod', servers: [] },
    ...(proof === undefined ? {} : { proof }),
    ...{ owner: 'o', review_by: 4_102_444_800 },
  }
}

const tokenOf = (client: string, resource: string): Promise<string> =>
  authorizationServer.tokenOf(client, {
    resource,
    ...(client === 'gateway-1' ? { holder } : {}),
  })

const path = '/v1/decisions'
const ask = (headers: Record<string, string>): Promise<Response> =>
  fetch(`${running.url}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      phase: 'request',
      server: { id: 'ops' },
      capability: { kind: 'tool', name: 'status' },
      protocol: { version: '2026-07-28', method: 'tools/call' },
    }),
  })
const bearer = (token: string) => ask({ authorization: `Bearer ${token}` })
const sent = { method: 'POST', url: `${publicUrl}${path}`, body: '' }

describe('a gateway whose authorization server binds its token', () => {
  it('is answered, in the project and environment of its registration', async () => {
    const token = await tokenOf('gateway-1', development.audience)
    const reply = await ask(await dpopHeaders(holder, token, sent))
    expect(reply.status).toBe(200)
    expect(await reply.json()).toMatchObject({ effect: 'deny' })
  })

  it('is refused without the proof, and with the proof of another key', async () => {
    const token = await tokenOf('gateway-1', development.audience)
    expect((await bearer(token)).status).toBe(401)
    const thief = await createHolder(seconds)
    expect((await ask(await dpopHeaders(thief, token, sent))).status).toBe(401)
  })
})

describe('a gateway that may come with a bearer token', () => {
  it('is answered', async () => {
    expect((await bearer(await tokenOf('gateway-3', development.audience))).status).toBe(200)
  })

  it('is refused when it is not registered here', async () => {
    expect((await bearer(await tokenOf('gateway-2', development.audience))).status).toBe(401)
  })

  it('is refused when its token is for somebody else', async () => {
    expect((await bearer(await tokenOf('gateway-3', 'https://other.example'))).status).toBe(401)
  })
})
