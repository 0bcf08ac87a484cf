/**
 * Gateways with a real authorization server: private_key_jwt (RFC 7523) for a token, bound by DPoP (RFC 9449), keys
 * fetched from the server.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { silent } from '../support/development-service.ts'
import { dpopHeaders } from '../support/gateway.ts'
import { createHolder } from '../support/workload.ts'

const publicUrl = 'https://pdp.example'
const seconds = (): number => Math.floor(Date.now() / 1000)
const holder = await createHolder(seconds)
let issuer: string
let authorizationServer: ChildProcess
let running: RunningService
let clientKey: CryptoKey

beforeAll(async () => {
  const client = await generateKeyPair('ES256', { extractable: true })
  clientKey = client.privateKey
  const publicJwk = await exportJWK(client.publicKey)
  issuer = await startAuthorizationServer({ ...publicJwk, kid: 'gateway', alg: 'ES256' })
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
  authorizationServer.stdin?.end()
})

function registered(id: string, proof?: PepRegistration['proof']): PepRegistration {
  return {
    ...{ client_id: id, issuer, project: 'p', environment: 'prod', servers: [] },
    ...(proof === undefined ? {} : { proof }),
    ...{ owner: 'o', review_by: 4_102_444_800 },
  }
}

async function startAuthorizationServer(clientJwk: object): Promise<string> {
  const script = join(import.meta.dirname, '../support/authorization-server.ts')
  authorizationServer = spawn(process.execPath, [script, JSON.stringify(clientJwk)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const [line] = (await once(authorizationServer.stdout!, 'data')) as [Buffer]
  return line.toString().trim()
}

async function tokenOf(clientId: string, audience: string): Promise<string> {
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: 'gateway' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(clientKey)
  const endpoint = `${issuer}/token`
  const isBound = clientId === 'gateway-1'
  const reply = await fetch(endpoint, {
    method: 'POST',
    headers: isBound
      ? { dpop: await holder.dpop('', endpoint, { claims: { ath: undefined } }) }
      : {},
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: 'pdp.evaluate',
      resource: audience,
    }),
  })
  const body = (await reply.json()) as { access_token?: string; token_type?: string }
  if (body.access_token === undefined) throw new Error(JSON.stringify(body))
  expect(body.token_type).toBe(isBound ? 'DPoP' : 'Bearer')
  return body.access_token
}

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
