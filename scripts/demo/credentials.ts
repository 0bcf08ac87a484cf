/**
 * What each party carries, minted by the development issuers: the person's access token, her purpose
 * grant, the servers' proofs and the gateway's own credential. In production real issuers give them.
 */
import type { DevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { alice } from '../../service/adapter/development/example-queries.ts'
import {
  mintAccessToken,
  mintJwtSvid,
  mintPepToken,
  mintPurposeGrant,
  type GrantTerms,
} from '../../service/adapter/development/mint.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { grantHeader } from './pep/headers.ts'

/** What alice was granted: to restore service in one incident, with a little help of a model. */
const terms: GrantTerms = {
  purpose: { code: 'incident.restore', ref: 'INC-4711' },
  capabilities: [
    'ops/tool:status',
    'ops/tool:read_report',
    'ops/tool:deploy',
    'ops/tool:debug_shell',
    'ops/tool:open_ticket',
    'ops/tool:connect_repository',
    'ops/tool:summarise_incident',
    'ops/tool:explain_outage',
    'ops/tool:compare_servers',
    ...['ops', 'everything', 'legacy'].flatMap((server) =>
      ['discover', 'list', 'sampling', 'elicitation'].map((kind) => `${server}/${kind}`),
    ),
    'everything/tool:*',
    'legacy/tool:*',
  ],
  data: {
    classifications: ['internal'],
    resources: [],
    residency: ['EU'],
    directions: ['internal', 'ingress', 'egress'],
  },
  sampling: {
    include_context: ['none'],
    models: ['claude-haiku-5'],
    max_tokens: 500,
    max_rounds: 4,
  },
  clarification: true,
}

export type Credentials = {
  /** Headers of an agent that acts for alice at one server. */
  readonly agentHeaders: (server: string) => Promise<Record<string, string>>
  readonly serverProof: (server: string) => Promise<string>
  readonly gateway: () => Promise<string>
}

export function createCredentials(keys: DevelopmentKeys, registry: Registry): Credentials {
  const server = (id: string): Registry['servers'][string] => {
    const found = registry.servers[id]
    if (found === undefined) throw new Error(`The registry of the demo lacks the server ${id}.`)
    return found
  }
  return {
    agentHeaders: async (id) => ({
      authorization: `Bearer ${await mintAccessToken(keys, alice, server(id).resource)}`,
      [grantHeader]: await mintPurposeGrant(keys, alice.sub, terms),
    }),
    serverProof: (id) => mintJwtSvid(keys, spiffeIdOf(server(id))),
    gateway: () => mintPepToken(keys),
  }
}

/** Servers of the demo have SPIFFE IDs, all of them. */
function spiffeIdOf({ workload }: Registry['servers'][string]): string {
  if ('spiffe_id' in workload) return workload.spiffe_id
  throw new Error('A server of the demo has no SPIFFE ID.')
}
