/** Rows 17 and 18: sources of keys that fail, lie, stall or go back; what was trusted before they did. */
import type { TenantConfig } from '../../service/contract/config.ts'
import type { JWK } from 'jose'
import type { TestIssuer } from '../support/issuer.ts'
import { answering, type Listener } from '../support/listener.ts'
import type { Stage } from '../support/stage.ts'
import { initiator, server, type Attack } from './attack.ts'

/** Issuers and trust domains by the path of the source that their keys come from. */
const issuers = ['good', 'rotating', 'slow', 'endless', 'redirect', 'html', 'error'] as const
const bundles = ['empty', 'no-keys', 'no-use', 'no-kid', 'rolling', 'twice'] as const
export const privateIssuer = 'https://private.example'
const issuerOf = (path: string): string => `https://${path}.example`
const domainOf = (path: string): string => `${path}.example`

/** What the sources say; attacks change it. */
export type Told = Partial<Record<string, Parameters<Listener['behave']>[0]>>

export function sourcesOf(key: TestIssuer, canary: string): Told {
  const jwk = { ...key.jwk, use: 'sig' }
  const svid = { ...key.jwk, use: 'jwt-svid' }
  const { use: _, ...bare } = svid
  const { kid: __, ...nameless } = svid
  return {
    good: answering(200, { keys: [jwk] }),
    rotating: answering(200, { keys: [jwk] }),
    slow: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"keys":[')
    },
    endless: (_request, response) => {
      const more = (): void => {
        while (response.write(' '.repeat(65_536)));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).on('drain', more)
      more()
    },
    redirect: answering(302, '', { location: `${canary}/keys` }),
    html: answering(200, '<html>Sign in</html>', { 'content-type': 'text/html' }),
    error: answering(500, { keys: [jwk] }),
    empty: answering(200, { keys: [] }),
    'no-keys': answering(200, { spiffe_sequence: 1 }),
    'no-use': answering(200, { keys: [bare] }),
    'no-kid': answering(200, { keys: [nameless] }),
    twice: answering(200, { keys: [svid, svid] }),
    rolling: answering(200, { keys: [svid], spiffe_sequence: 5 }),
  }
}

/** The tenant, trusting all of them too. */
export function trusting(
  tenant: TenantConfig,
  listener: Listener,
  canaryPort: number,
): TenantConfig {
  const at = (path: string) => ({ url: `${listener.url}/${path}`, internal: true })
  const issuer = (name: string, keys: TenantConfig['issuers'][number]['keys']) => ({
    ...{ issuer: name, kinds: ['initiator' as const], algorithms: ['ES256' as const], keys },
  })
  return {
    ...tenant,
    issuers: [
      ...tenant.issuers,
      ...issuers.map((path) => issuer(issuerOf(path), at(path))),
      issuer(privateIssuer, { url: `https://localhost:${String(canaryPort)}/keys` }),
    ],
    trust_domains: [
      ...tenant.trust_domains,
      ...bundles.map((path) => ({ name: domainOf(path), bundle: at(path) })),
    ],
  }
}

const byIssuer = async ({ a }: Stage, iss: string, kid = 'identity') =>
  a.ask({ ...(await a.query()), ...initiator(await a.access({ iss }, { kid })) })
const byDomain = async ({ a }: Stage, domain: string, kid = 'identity') => {
  const claims = Buffer.from((await a.svid()).split('.')[1] ?? '', 'base64url').toString()
  const payload = { ...(JSON.parse(claims) as object), sub: `spiffe://${domain}/x` }
  return a.ask({
    ...(await a.query()),
    ...server(await a.keys.identity.sign(payload, { typ: 'JWT', kid })),
  })
}

/** What verified evidence of theirs would end in: policy knows neither the person nor the server. */
const verified = {
  initiator: 'purpose.initiator_mismatch',
  server: 'identity.server_mismatch',
} as const

const unusable: readonly Attack[] = [
  ...(['slow', 'endless', 'redirect', 'html', 'error'] as const).map((path) => ({
    ...{ row: 17, what: `keys from a source that is ${path}`, code: 'initiator.keys_unavailable' },
    play: (stage: Stage) => byIssuer(stage, issuerOf(path)),
  })),
  {
    ...{ row: 17, what: 'keys at a private address', code: 'initiator.keys_unavailable' },
    play: (stage) => byIssuer(stage, privateIssuer),
  },
]

/** @param told what the sources say, which these change */
export function sourceAttacks(told: Told): readonly Attack[] {
  const keysOf = (stage: Stage): JWK => ({ ...stage.a.keys.identity.jwk, use: 'jwt-svid' })
  return [
    ...unusable,
    {
      ...{
        row: 17,
        what: 'a key that was taken away before its source failed',
        code: 'initiator.key_not_found',
      },
      play: async (stage) => {
        if (!(await byIssuer(stage, issuerOf('rotating'))).includes(verified.initiator))
          return ['?']
        told['rotating'] = answering(200, { keys: [{ ...stage.a.keys.second.jwk, use: 'sig' }] })
        stage.advance(31)
        // An unknown key has the source asked.
        await byIssuer(stage, issuerOf('rotating'), 'unknown')
        told['rotating'] = answering(500, '')
        return byIssuer(stage, issuerOf('rotating'))
      },
    },
    ...(['empty', 'no-use'] as const).map((path) => ({
      ...{ row: 18, what: `a bundle that is ${path}`, code: 'server.key_not_found' },
      play: (stage: Stage) => byDomain(stage, domainOf(path)),
    })),
    ...(['no-keys', 'no-kid', 'twice'] as const).map((path) => ({
      ...{ row: 18, what: `a bundle with ${path}`, code: 'server.keys_unavailable' },
      play: (stage: Stage) => byDomain(stage, domainOf(path)),
    })),
    {
      ...{ row: 18, what: 'a bundle that goes back to an older one', code: 'server.key_not_found' },
      play: async (stage) => {
        if (!(await byDomain(stage, domainOf('rolling'))).includes(verified.server)) return ['?']
        const old = { ...keysOf(stage), kid: 'old' }
        told['rolling'] = answering(200, { keys: [old], spiffe_sequence: 4 })
        stage.advance(31)
        return byDomain(stage, domainOf('rolling'), 'old')
      },
    },
    {
      ...{
        row: 17,
        what: 'control: a source that fails, within the hour',
        code: verified.initiator,
      },
      play: async (stage) => {
        if (!(await byIssuer(stage, issuerOf('good'))).includes(verified.initiator)) return ['?']
        told['good'] = answering(500, '')
        stage.advance(3500)
        return byIssuer(stage, issuerOf('good'))
      },
    },
    {
      ...{
        row: 17,
        what: 'a source that has failed for more than an hour',
        code: 'initiator.keys_unavailable',
      },
      play: (stage) => {
        stage.advance(101)
        return byIssuer(stage, issuerOf('good'))
      },
    },
  ]
}
