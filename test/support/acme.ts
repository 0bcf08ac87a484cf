/** The people and machines of the sample policy repository: issuers, a workload, a gateway, and what they ask. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestIssuer } from './issuer.ts'

const audience = 'https://pdp.acme.example/tenants/acme'
const idp = 'https://idp.acme.example'
const purposes = 'https://purposes.acme.example'
const gateway = 'gateway-1'
const helpdesk = 'https://mcp.acme.example/helpdesk'

export type Tool = { readonly name: string } & Readonly<Record<string, unknown>>

export type Acme = {
  readonly folder: string
  /** Writes the configuration of a service that takes its bundles so; its path. */
  readonly configure: (port: number, bundles: unknown) => string
  /** A file with the token of the gateway, for the commands of an operator. */
  readonly tokenFile: string
  /** What the gateway asks before a support agent calls a tool of the helpdesk. */
  readonly query: (tool: Tool) => Promise<Readonly<Record<string, unknown>>>
  readonly ask: (
    url: string,
    query: Readonly<Record<string, unknown>>,
  ) => Promise<Readonly<Record<string, unknown>>>
}

export async function startAcme(): Promise<Acme> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-acme-'))
  const people = await createTestIssuer('ES256', 'people')
  const workloads = await createTestIssuer('ES256', 'workloads', 'JWT')
  const grants = await createTestIssuer('ES256', 'grants', 'purpose-grant+jwt')
  const lasting = (seconds: number): Record<string, unknown> => {
    const now = Math.floor(Date.now() / 1000)
    return { iat: now, exp: now + seconds, jti: crypto.randomUUID() }
  }
  const token = await people.sign({
    ...{ iss: idp, sub: gateway, client_id: gateway, aud: audience, ...lasting(3600) },
    scope: 'pdp.evaluate pdp.policy.manage',
  })
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, token)
  const issuer = (name: string, kinds: readonly string[], jwk: object): object => ({
    ...{ issuer: name, kinds, algorithms: ['ES256'], keys: { inline: { keys: [jwk] } } },
  })
  return {
    folder,
    tokenFile,
    configure: (port, bundles) => {
      const tenant = {
        ...{ id: 'acme', audience, bundles, signing: { algorithm: 'ES256' } },
        issuers: [
          issuer(idp, ['initiator', 'pep'], people.jwk),
          issuer(purposes, ['grant'], grants.jwk),
        ],
        trust_domains: [
          {
            name: 'acme.example',
            bundle: { inline: { keys: [{ ...workloads.jwk, use: 'jwt-svid' }] } },
          },
        ],
        peps: [
          {
            ...{ client_id: gateway, issuer: idp, project: 'support', environment: 'prod' },
            ...{ servers: [], owner: 'platform-team', review_by: 4_102_444_800 },
            proof: { bearer: {} },
            scopes: ['pdp.evaluate', 'pdp.policy.manage'],
          },
        ],
      }
      const file = join(folder, 'countersign.json')
      const listen = { host: '127.0.0.1', port }
      const config = { public_url: 'https://pdp.acme.example', listen, data_directory: 'data' }
      writeFileSync(file, JSON.stringify({ ...config, tenants: [tenant] }))
      return file
    },
    query: async (definition) => ({
      phase: 'request',
      initiator: {
        access_token: await people.sign({
          ...{ iss: idp, sub: 'alice', aud: helpdesk, scope: 'mcp', ...lasting(600) },
          ...{ client_id: 'https://agent.acme.example/client.json', groups: ['support'] },
        }),
      },
      server: {
        id: 'helpdesk',
        proof: {
          jwt_svid: await workloads.sign({
            ...{ sub: 'spiffe://acme.example/mcp/helpdesk', aud: audience, ...lasting(290) },
          }),
        },
      },
      capability: {
        ...{ kind: 'tool', name: definition.name, arguments: { service: 'api' }, definition },
      },
      purpose: {
        ...{ code: 'support.answer', ref: 'T-4711' },
        grant: await grants.sign({
          ...{
            iss: purposes,
            aud: audience,
            ...lasting(600),
            initiator: { iss: idp, sub: 'alice' },
          },
          ...{ purpose: { code: 'support.answer', ref: 'T-4711' }, capabilities: ['helpdesk/*'] },
          data: {
            ...{ classifications: ['internal'], resources: [], residency: ['EU'] },
            directions: ['internal'],
          },
        }),
      },
      protocol: { version: '2026-07-28', method: 'tools/call' },
    }),
    ask: async (url, query) => {
      const reply = await fetch(`${url}/v1/decisions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(query),
      })
      const body = (await reply.json()) as Record<string, unknown>
      if (reply.status !== 200) throw new Error(`${String(reply.status)} ${JSON.stringify(body)}`)
      return body
    },
  }
}
