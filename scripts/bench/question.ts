// The questions: tool calls with their whole definition and arguments, of which about 82 in 100 are to
// be permitted, 10 denied (outside the grant, arguments out of bounds, group missing) and 8 held.

import type { Effect } from '../../service/contract/policy-result.ts'
import type { Query } from '../../service/contract/query.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { definitionOf, regions, tools, type Tool } from './definition.ts'
import {
  agentOf,
  counts,
  groupOf,
  initiatorSub,
  padded,
  purposeCode,
  resourceOf,
  serverId,
  serverOfAgent,
  spiffeIdOf,
} from './registry.ts'
import type { Issuers } from './token.ts'

export type Question = { readonly query: Query; readonly expected: Effect }

/** `reused`: a token is minted once and asked with again; `distinct`: every question has its own. */
export type Tokens = 'reused' | 'distinct'

const purposesOfOne = 5
const serversOfGrant = 8
const scattered = 2_654_435_761

/** Who asks what; all of it follows from the number of the question. */
type Plan = {
  readonly number: number
  readonly initiator: number
  readonly purpose: number
  readonly server: number
  readonly tool: Tool
  readonly fault: 'none' | 'outside' | 'bounds'
  readonly expected: Effect
}

export function questionsOf(count: number, tokens: Tokens, issuers: Issuers): readonly Question[] {
  const mint = tokens === 'reused' ? remembering() : (_: string, make: () => string) => make()
  return Array.from({ length: count }, (_, number) => {
    const plan = planOf(number)
    return { query: queryOf(plan, mint, issuers), expected: plan.expected }
  })
}

type Mint = (key: string, make: () => string) => string

function remembering(): Mint {
  const minted = new Map<string, string>()
  return (key, make) => {
    const token = minted.get(key) ?? make()
    minted.set(key, token)
    return token
  }
}

function planOf(number: number): Plan {
  const initiator = number % counts.initiators
  const slot = Math.floor(number / counts.initiators) % purposesOfOne
  const purpose = (initiator * purposesOfOne + slot) % counts.purposes
  // The mix must not fall in step with who asks.
  const share = Math.floor(((number * scattered) % 2 ** 32) / (2 ** 32 / 100))
  const outside = share < 4
  const own = Math.floor(number / (counts.initiators * purposesOfOne)) % serversOfGrant
  const server = serverOfGrant(initiator, purpose, outside ? serversOfGrant : own)
  const common = { number, initiator, purpose, server }
  if (outside) return { ...common, tool: toolAt(number % 17), fault: 'outside', expected: 'deny' }
  if (share < 7) return { ...common, tool: toolAt(number % 17), fault: 'bounds', expected: 'deny' }
  if (share < 10) return { ...common, tool: toolAt(19), fault: 'none', expected: 'deny' }
  if (share < 18)
    return { ...common, tool: toolAt(17 + (number % 2)), fault: 'none', expected: 'hold' }
  return { ...common, tool: toolAt(number % 17), fault: 'none', expected: 'permit' }
}

/** The first 17 tools may be used by everybody, the next two are held, the last is restricted. */
function toolAt(index: number): Tool {
  const tool = tools[index]
  if (tool === undefined) throw new RangeError('there are twenty tools')
  return tool
}

function serverOfGrant(initiator: number, purpose: number, index: number): number {
  return serverOfAgent(initiator, initiator * 13 + purpose * 7 + index * 11)
}

function queryOf(plan: Plan, mint: Mint, issuers: Issuers): Query {
  const { initiator, purpose, server, tool } = plan
  const definition = definitionOf(server, tool)
  const code = purposeCode(purpose)
  const ref = `INC-${padded(initiator)}-${padded(purpose)}`
  return {
    phase: 'request',
    initiator: {
      access_token: mint(`access ${initiator} ${server}`, () =>
        issuers.accessToken(accessClaims(initiator, server)),
      ),
    },
    server: {
      id: serverId(server),
      proof: {
        jwt_svid: mint(`svid ${server}`, () => issuers.jwtSvid({ sub: spiffeIdOf(server) })),
      },
    },
    capability: {
      kind: 'tool',
      name: definition.name,
      arguments: argumentsOf(plan),
      definition: { ...definition },
    },
    purpose: {
      code,
      ref,
      grant: mint(`grant ${initiator} ${purpose}`, () =>
        issuers.purposeGrant(grantClaims(initiator, purpose, { code, ref })),
      ),
    },
    workflow: { round: 0 },
    protocol: {
      version: '2026-07-28',
      method: 'tools/call',
      client_capabilities: { sampling: { context: {} }, elicitation: { form: {}, url: {} } },
      client_info: { name: 'agent-runtime', version: '4.2.0' },
    },
  }
}

function argumentsOf({ number, fault }: Plan): Record<string, unknown> {
  return {
    service: `checkout-${padded(number % 400)}`,
    region: regions[number % regions.length],
    query: 'status:open severity:high updated:last-hour',
    limit: fault === 'bounds' ? 100_000 : 1 + (number % 200),
    labels: ['incident', `shift-${padded(number % 3)}`],
    since: '2026-11-01T00:00:00Z',
  }
}

function accessClaims(initiator: number, server: number): object {
  return {
    sub: initiatorSub(initiator),
    aud: resourceOf(server),
    client_id: agentOf(initiator),
    groups: ['staff', groupOf(initiator)],
    scope: 'mcp',
    auth_time: Math.floor(Date.now() / 1000) - 600,
    acr: 'urn:mfa',
  }
}

function grantClaims(initiator: number, number: number, purpose: object): object {
  return {
    initiator: { iss: development.identityIssuer, sub: initiatorSub(initiator) },
    purpose,
    capabilities: Array.from(
      { length: serversOfGrant },
      (_, index) => `${serverId(serverOfGrant(initiator, number, index))}/tool:*`,
    ),
    data: {
      classifications: ['public', 'internal'],
      resources: ['service:'],
      residency: ['EU'],
      directions: ['ingress', 'egress'],
    },
  }
}
