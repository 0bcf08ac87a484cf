/**
 * Three queries that answer permit, deny and hold under the default bundles, with fresh tokens, and
 * the curl commands that ask them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Query } from '../../contract/query.ts'
import type { DevelopmentKeys } from './development-keys.ts'
import { development } from './development-tenant.ts'
import { mintAccessToken, mintJwtSvid, mintPurposeGrant, type Person } from './mint.ts'

const definitions = join(import.meta.dirname, '../../../rego/data/definitions')
const resource = 'https://mcp.dev.countersign.test/ops'
const spiffeId = 'spiffe://dev.countersign.test/mcp/ops'

/** The person of the examples: an engineer on call, through a registered agent. */
export const alice: Person = {
  sub: 'alice',
  groups: ['staff', 'sre'],
  client: 'https://agent.dev.countersign.test/client.json',
}

export type Example = {
  readonly effect: 'permit' | 'deny' | 'hold'
  readonly what: string
  readonly query: Query
}

export async function exampleQueries(keys: DevelopmentKeys): Promise<readonly Example[]> {
  const proofs = {
    initiator: { access_token: await mintAccessToken(keys, alice, resource) },
    server: { id: 'ops', proof: { jwt_svid: await mintJwtSvid(keys, spiffeId) } },
    purpose: {
      code: 'incident.restore',
      ref: 'INC-4711',
      grant: await mintPurposeGrant(keys, alice.sub, {
        purpose: { code: 'incident.restore', ref: 'INC-4711' },
        capabilities: ['ops/tool:status', 'ops/tool:deploy', 'ops/tool:restart'],
        data: {
          classifications: ['internal'],
          resources: [],
          residency: ['EU'],
          directions: ['internal', 'ingress', 'egress'],
        },
      }),
    },
    protocol: { version: '2026-07-28', method: 'tools/call' },
  }
  const call = (name: string, args: Record<string, unknown>): Query => ({
    ...proofs,
    phase: 'request',
    capability: { kind: 'tool', name, arguments: args, definition: definitionOf(name) },
  })
  return [
    {
      effect: 'permit',
      what: 'read the status of a service',
      query: call('status', { service: 'api' }),
    },
    {
      effect: 'deny',
      what: 'send mail, which the purpose does not cover',
      query: call('send_mail', { to: 'someone@example.com', body: 'hello' }),
    },
    {
      effect: 'hold',
      what: 'deploy to production, which a person must approve',
      query: call('deploy', { env: 'prod', replicas: 3 }),
    },
  ]
}

function definitionOf(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(definitions, `${name}.json`), 'utf8')) as Record<
    string,
    unknown
  >
}

/** A command to paste into a shell. */
export function curlCommand(query: Query, url: string, apiKey: string): string {
  const body = JSON.stringify(query).replaceAll("'", String.raw`'\''`)
  return `curl -s ${url}/v1/decisions -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${body}'`
}

export async function banner(
  keys: DevelopmentKeys,
  { url, consoleUrl }: { readonly url: string; readonly consoleUrl: () => string | null },
  dataDirectory: string,
): Promise<string> {
  const examples = await exampleQueries(keys)
  const commands = examples.map(
    ({ effect, what, query }) => `# ${effect}: ${what}\n${curlCommand(query, url, keys.apiKey)}\n`,
  )
  return [
    '',
    '  Countersign, DEVELOPMENT MODE: its own token issuers, an API key, a signing key of the repository.',
    '  It listens on loopback only. Never put it in front of anything real; see `countersign serve --config`.',
    '',
    `  API      ${url}/openapi.json`,
    `  console  ${consoleUrl() ?? ''}   (signs you in, once)`,
    `  data     ${dataDirectory}`,
    `  tenant   ${development.tenant}`,
    '',
    '  Three questions to paste (server proofs last ten minutes; `npx countersign examples` mints new ones):',
    '',
    ...commands,
  ].join('\n')
}
