/** One tenant of a stage: its issuers with keys of its own, genuine tokens, and how it asks. */
import { randomUUID } from 'node:crypto'
import {
  development,
  developmentTenant,
} from '../../service/adapter/development/development-tenant.ts'
import { alice } from '../../service/adapter/development/example-queries.ts'
import type { TenantConfig } from '../../service/contract/config.ts'
import type { Query } from '../../service/contract/query.ts'
import { createTestIssuer, type TestIssuer } from './issuer.ts'
import { createHolder, type Holder } from './workload.ts'

/** Issuers of every tenant: names, and names of keys, are the same in all. */
export const names = {
  second: 'https://idp-2.dev.countersign.test',
  platform: 'https://ci.dev.countersign.test',
  /** A second trust domain. */
  elsewhere: 'elsewhere.countersign.test',
  /** A gateway that may ask about another server only. */
  outsider: 'outsider',
  resource: 'https://mcp.dev.countersign.test/ops',
  spiffeId: 'spiffe://dev.countersign.test/mcp/ops',
} as const

type World = {
  readonly now: () => number
  readonly url: () => string
  /** Directory of the bundles. */
  readonly bundles: string
  readonly examples: Readonly<Record<'permit' | 'deny' | 'hold', Query>>
}

type Keys = Readonly<
  Record<
    'identity' | 'second' | 'spiffe' | 'elsewhere' | 'wit' | 'purpose' | 'platform',
    TestIssuer
  >
>

/** Signs genuine claims with changes; members that are undefined are left out. */
type Mint = (claims?: object, header?: Record<string, unknown>) => Promise<string>

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

export type Party = {
  readonly id: string
  readonly audience: string
  readonly config: TenantConfig
  readonly keys: Keys
  readonly holder: Holder
  readonly access: Mint
  readonly svid: Mint
  readonly wit: Mint
  readonly grant: Mint
  readonly job: Mint
  readonly event: Mint
  readonly credential: Mint
  /** What is permitted, held or denied, with fresh proofs. */
  readonly query: (of?: 'permit' | 'deny' | 'hold') => Promise<Query>
  readonly call: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
  /** The effect and the reasons; or the status and the code of the problem. */
  readonly ask: (query: unknown, credential?: string) => Promise<readonly string[]>
}

export async function createParty(id: string, world: World): Promise<Party> {
  const keys = await createKeys()
  const holder = await createHolder(world.now)
  const audience = `https://pdp.dev.countersign.test/tenants/${id}`
  const config = configOf(id, audience, keys, world.bundles)
  const mints = mintsOf(keys, holder, audience, world.now)
  const call: Party['call'] = async (path, body, headers = {}) => {
    const reply = await fetch(`${world.url()}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...headers,
        authorization: headers['authorization'] ?? `Bearer ${await mints.credential()}`,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') === true
    const parsed = isJson && text !== '' ? (JSON.parse(text) as Reply['body']) : {}
    return { status: reply.status, headers: reply.headers, text, body: parsed }
  }
  return {
    ...{ id, audience, config, keys, holder, ...mints, call },
    query: async (of = 'permit') => ({
      ...world.examples[of],
      initiator: { access_token: await mints.access() },
      server: { id: 'ops', proof: { jwt_svid: await mints.svid() } },
      purpose: { grant: await mints.grant() },
    }),
    ask: async (query, credential) => {
      const authorization = `Bearer ${credential ?? (await mints.credential())}`
      return endingOf(await call('/v1/decisions', query, { authorization }))
    },
  }
}

function endingOf({ status, body }: Reply): readonly string[] {
  if (status !== 200) return [String(status), String(body['code'])]
  const { effect, reasons } = body as { effect: string; reasons: readonly { code: string }[] }
  return [effect, ...reasons.map(({ code }) => code)]
}

async function createKeys(): Promise<Keys> {
  const key = (kid: string): Promise<TestIssuer> => createTestIssuer('ES256', kid, null)
  return {
    identity: await key('identity'),
    second: await key('second'),
    spiffe: await key('spiffe'),
    elsewhere: await key('spiffe'),
    wit: await key('wit'),
    purpose: await key('purpose'),
    platform: await key('platform'),
  }
}

function configOf(id: string, audience: string, keys: Keys, bundles: string): TenantConfig {
  const { identity, second, spiffe, elsewhere, wit, purpose, platform } = keys
  const asDevelopment = ({ jwk, kid }: TestIssuer) => ({ kid, publicJwk: jwk, privateJwk: {} })
  const base = developmentTenant(
    {
      ...{ identity: asDevelopment(identity), spiffe: asDevelopment(spiffe), apiKey: '' },
      ...{ wit: asDevelopment(wit), purpose: asDevelopment(purpose) },
    },
    bundles,
  )
  const inline = (key: TestIssuer) => ({ inline: { keys: [key.jwk] } })
  const [pep] = base.peps
  const more: TenantConfig['issuers'] = [
    { issuer: names.second, kinds: ['initiator'], algorithms: ['ES256'], keys: inline(second) },
    {
      ...{ issuer: names.platform, kinds: ['platform'], algorithms: ['ES256'] },
      ...{ keys: inline(platform), claims: { repository_owner_id: '12' } },
    },
  ]
  const domain = {
    name: names.elsewhere,
    bundle: { inline: { keys: [{ ...elsewhere.jwk, use: 'jwt-svid' }] } },
  }
  return {
    ...base,
    ...{ id, audience, issuers: [...base.issuers, ...more] },
    trust_domains: [...base.trust_domains, domain],
    peps: pep === undefined ? [] : [pep, { ...pep, client_id: names.outsider, servers: ['crm'] }],
  }
}

type Mints = Pick<Party, 'access' | 'svid' | 'wit' | 'grant' | 'job' | 'event' | 'credential'>

function mintsOf(keys: Keys, holder: Holder, aud: string, now: () => number): Mints {
  const times = (seconds: number) => ({ iat: now(), exp: now() + seconds, jti: randomUUID() })
  const mint =
    (key: TestIssuer, typ: string, claims: () => object): Mint =>
    (changes = {}, header = {}) =>
      key.sign({ ...claims(), ...changes }, { typ, ...header })
  const { identityIssuer: iss, purposeIssuer, pep } = development
  const person = { iss, sub: alice.sub, client_id: alice.client, groups: alice.groups }
  const data = {
    ...{ classifications: ['internal'], resources: [], residency: ['EU'] },
    directions: ['internal', 'ingress', 'egress'],
  }
  const purpose = { code: 'incident.restore', ref: 'INC-4711' }
  const capabilities = ['ops/tool:status', 'ops/tool:deploy', 'ops/tool:restart']
  return {
    access: mint(keys.identity, 'at+jwt', () => ({
      ...{ ...times(600), ...person, aud: names.resource, scope: 'mcp' },
    })),
    svid: mint(keys.spiffe, 'JWT', () => ({ ...times(300), sub: names.spiffeId, aud })),
    wit: mint(keys.wit, 'wit+jwt', () => ({
      ...{ ...times(300), sub: names.spiffeId, cnf: { jwk: holder.key.jwk } },
    })),
    grant: mint(keys.purpose, 'purpose-grant+jwt', () => ({
      ...{ ...times(3600), iss: purposeIssuer, aud, purpose, capabilities, data },
      initiator: { iss, sub: alice.sub },
    })),
    job: mint(keys.platform, 'JWT', () => ({
      ...{
        ...times(300),
        iss: names.platform,
        aud,
        sub: 'repo:acme@12/tools@34:ref:refs/heads/main',
      },
      ...{ repository_owner_id: '12', event_name: 'push' },
    })),
    event: mint(keys.identity, 'secevent+jwt', () => ({
      ...{ iss, aud, jti: randomUUID(), iat: now() },
      sub_id: { format: 'iss_sub', iss, sub: alice.sub },
      events: { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} },
    })),
    credential: mint(keys.identity, 'at+jwt', () => ({
      ...{
        ...times(300),
        iss,
        sub: pep,
        client_id: pep,
        aud,
        scope: 'pdp.evaluate pdp.audit.read pdp.stop',
      },
    })),
  }
}
