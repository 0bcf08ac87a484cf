/** Servers and initiators that a platform vouches for, found by discovery; and servers that a gateway starts. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken, mintPurposeGrant } from '../../service/adapter/development/mint.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Server } from '../../service/contract/registry.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { queriesByEffect, silent } from '../support/development-service.ts'
import { startPlatform, type Platform } from '../support/platform.ts'
import { registryCopy, releasedBundles } from '../support/released-bundles.ts'

const launched = `sha256:${'b'.repeat(64)}`
let [github, kubernetes, canary]: Platform[] = []
let running: RunningService
let permitted: Query
let grantFor: (iss: string, sub: string) => Promise<string>
let apiKey: string
let gateway: string

beforeAll(async () => {
  github = await startPlatform('/.well-known/jwks')
  kubernetes = await startPlatform('/openid/v1/jwks')
  canary = await startPlatform('/jwks')
  const data = mkdtempSync(join(tmpdir(), 'countersign-platform-'))
  const keys = await loadDevelopmentKeys(data)
  apiKey = keys.apiKey
  gateway = await mintPepToken(keys)
  permitted = (await queriesByEffect(keys)).permit
  const terms = {
    purpose: { code: 'incident.restore', ref: 'INC-4711' },
    capabilities: ['ops/*', 'crm/*', 'local/*'],
    data: {
      classifications: ['internal'],
      resources: [],
      residency: ['EU'],
      directions: ['ingress' as const, 'internal' as const, 'egress' as const],
    },
  }
  grantFor = (iss, sub) =>
    mintPurposeGrant(keys, sub, { ...terms, initiator: { iss, sub } } as never)
  const config = developmentConfig(keys, {
    data,
    port: 0,
    bundles: releasedBundles(registry()).directory,
  })
  const [tenant] = config.tenants
  if (tenant === undefined) throw new Error('no tenant')
  const platform = ({ issuer }: Platform, claims?: Record<string, string>) => ({
    ...{ issuer, kinds: ['platform' as const], algorithms: ['RS256' as const] },
    keys: { discovery: {}, internal: true },
    ...(claims === undefined ? {} : { claims }),
  })
  const issuers = [
    ...tenant.issuers,
    platform(github, { repository_owner_id: '12' }),
    platform(kubernetes),
  ]
  running = await startService({ ...config, tenants: [{ ...tenant, issuers }] }, silent)
})
afterAll(async () => {
  await running.stop('test')
  for (const platform of [github, kubernetes, canary]) await platform?.stop()
})

/** The server `ops` again, under other names and proofs. */
function registry() {
  const all = registryCopy()
  const { ops } = all.servers
  if (ops === undefined) throw new Error('no server ops')
  const server = (name: string, workload: Server['workload']): Server => ({
    ...ops,
    resource: `https://mcp.dev.countersign.test/${name}`,
    workload,
  })
  all.servers['crm'] = server('crm', {
    platform: {
      issuer: kubernetes?.issuer ?? '',
      claims: { 'kubernetes.io/namespace': 'ops', 'kubernetes.io/serviceaccount/uid': 'u-1' },
    },
  })
  all.servers['local'] = server('local', { launch: { digests: [launched] } })
  for (const { capabilities } of Object.values(all.servers))
    for (const capability of Object.values(capabilities))
      capability.shadows_reviewed = ['ops', 'crm', 'local']
  for (const agent of Object.values(all.agents)) agent.servers.push('crm', 'local')
  all.groups['sre'] = [
    ...(all.groups['sre'] ?? []),
    { iss: github?.issuer ?? '', sub: 'repo:acme@12/tools@34:ref:refs/heads/main' },
  ]
  return all
}

const now = (): number => Math.floor(Date.now() / 1000)
const common = () => ({
  aud: development.audience,
  jti: crypto.randomUUID(),
  iat: now(),
  exp: now() + 300,
})

async function podToken(changes: object = {}): Promise<string> {
  return kubernetes!.key.sign({
    ...common(),
    iss: kubernetes?.issuer,
    sub: 'system:serviceaccount:ops:mcp',
    'kubernetes.io': { namespace: 'ops', serviceaccount: { name: 'mcp', uid: 'u-1' } },
    ...changes,
  })
}

async function jobToken(changes: object = {}): Promise<string> {
  return github!.key.sign({
    ...common(),
    iss: github?.issuer,
    sub: 'repo:acme@12/tools@34:ref:refs/heads/main',
    ...{ repository_id: '34', repository_owner_id: '12', event_name: 'push' },
    ...changes,
  })
}

async function ask(query: Query, bearer = apiKey): Promise<readonly string[]> {
  const reply = await fetch(`${running.url}/v1/decisions`, {
    method: 'POST',
    body: JSON.stringify(query),
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
  })
  const { effect, reasons } = (await reply.json()) as DecisionAnswer
  return [effect, ...reasons.map(({ code }) => code)]
}

/** The permitted query to another server, by a pipeline. */
async function byPipeline(
  server: Query['server'],
  token?: string,
  name = 'status',
): Promise<Query> {
  const platform_token = token ?? (await jobToken())
  const sub = 'repo:acme@12/tools@34:ref:refs/heads/main'
  const grant = await grantFor(github?.issuer ?? '', sub)
  return {
    ...permitted,
    capability: { ...permitted.capability, name },
    initiator: { platform_token },
    purpose: { grant },
    server,
  }
}

describe('a pipeline asks a server that Kubernetes vouches for', () => {
  const crm = async (changes: object = {}) => ({
    id: 'crm',
    proof: { platform_token: await podToken(changes) },
  })

  it('and both are found by the discovery of their issuers', async () => {
    expect(await ask(await byPipeline(await crm()))).toEqual(['permit'])
    expect(github?.asked()).toContain('/.well-known/openid-configuration')
    expect(kubernetes?.asked()).toContain('/openid/v1/jwks')
  })

  it.each([
    [
      'another namespace',
      { 'kubernetes.io': { namespace: 'x', serviceaccount: { uid: 'u-1' } } },
      'identity.server_mismatch',
    ],
    [
      'the account made anew',
      { 'kubernetes.io': { namespace: 'ops', serviceaccount: { uid: 'u-2' } } },
      'identity.server_mismatch',
    ],
    ['another audience', { aud: 'https://kubernetes.default.svc' }, 'server.audience'],
    ['a year to live', { exp: now() + 365 * 24 * 3600 }, 'server.lifetime'],
  ])('with %s is denied', async (_name, changes, code) => {
    expect(await ask(await byPipeline(await crm(changes)))).toContain(code)
  })

  it.each([
    ['of another owner', { repository_owner_id: '13' }, 'initiator.issuer_scope'],
    ['for a pull request', { event_name: 'pull_request' }, 'initiator.issuer_scope'],
    [
      'of another branch',
      { sub: 'repo:acme@12/tools@34:ref:refs/heads/x' },
      'purpose.initiator_mismatch',
    ],
  ])('by a job %s is denied', async (_name, changes, code) => {
    expect(await ask(await byPipeline(await crm(), await jobToken(changes)))).toContain(code)
  })

  it('a job is no pod, and a pod no job of that issuer', async () => {
    const query = await byPipeline({ id: 'crm', proof: { platform_token: await jobToken() } })
    expect(await ask(query)).toContain('identity.server_mismatch')
    const forged = await canary!.key.sign({
      ...common(),
      iss: kubernetes?.issuer,
      sub: 'x',
    })
    expect(
      await ask({ ...query, server: { id: 'crm', proof: { platform_token: forged } } }),
    ).toContain('server.key_not_found')
  })

  it('an issuer that only the token names is never asked', async () => {
    const theirs = await canary!.key.sign(
      { ...common(), iss: canary?.issuer, sub: 'x' },
      { kid: 'x' },
    )
    expect(await ask(await byPipeline({ id: 'crm', proof: { platform_token: theirs } }))).toContain(
      'server.issuer_unknown',
    )
    expect(canary?.asked()).toEqual([])
  })
})

describe('a server that the gateway started', () => {
  it('is enough for what harms nobody, by the digest that is registered', async () => {
    const local = { id: 'local', proof: { launch: { digest: launched } } }
    expect(await ask(await byPipeline(local), gateway)).toEqual(['permit'])
    const other = { id: 'local', proof: { launch: { digest: `sha256:${'c'.repeat(64)}` } } }
    expect(await ask(await byPipeline(other), gateway)).toContain('identity.server_mismatch')
  })

  it('is nothing on the word of the key of development, which proves no gateway', async () => {
    const local = { id: 'local', proof: { launch: { digest: launched } } }
    expect(await ask(await byPipeline(local))).toContain('identity.server_unproven')
  })

  it('stands for no server that proves itself', async () => {
    const ops = { id: 'ops', proof: { launch: { digest: launched } } }
    expect(await ask(await byPipeline(ops), gateway)).toContain('identity.server_unproven')
  })
})
