// The registry that is measured with: 200 servers with 20 tools each, 50 purposes, 10 agents, 20
// groups. The same at every run: nothing in it is random.

import type { Capability, Purpose, Registry, Server } from '../../service/contract/registry.ts'
import { digestOf } from '../../service/statement/digest.ts'
import { definitionOf, regions, tools, type Tool } from './definition.ts'

export const counts = {
  servers: 200,
  serversOfAgent: 40,
  purposes: 50,
  agents: 10,
  groups: 20,
  initiators: 50,
} as const

/** The start of 2100: nothing here is ever overdue. */
const reviewBy = 4_102_444_800

export const trustDomain = 'dev.countersign.test'

export function serverId(server: number): string {
  return `server-${padded(server)}`
}

export function resourceOf(server: number): string {
  return `https://mcp.dev.countersign.test/${serverId(server)}`
}

export function spiffeIdOf(server: number): string {
  return `spiffe://${trustDomain}/mcp/${serverId(server)}`
}

export function purposeCode(purpose: number): string {
  return `work.${padded(purpose)}`
}

export function agentOf(initiator: number): string {
  return `https://agent-${padded(initiator % counts.agents)}.dev.countersign.test/client.json`
}

/** The servers of an agent, of which neighbours share half; `index` may be any number. */
export function serverOfAgent(initiator: number, index: number): number {
  const first = (initiator % counts.agents) * (counts.serversOfAgent / 2)
  return (first + (index % counts.serversOfAgent)) % counts.servers
}

export function initiatorSub(initiator: number): string {
  return `person-${padded(initiator)}`
}

/** Everybody is in one of these; nobody is in `keyholders`. */
export function groupOf(initiator: number): string {
  return `team-${padded(initiator % counts.groups)}`
}

export function padded(number: number): string {
  return String(number).padStart(3, '0')
}

/** @param identityIssuer who issues the tokens of the members of groups. */
export function benchRegistry(identityIssuer: string): Registry {
  return {
    servers: recordOf(counts.servers, serverId, serverEntry),
    purposes: recordOf(counts.purposes, purposeCode, purposeEntry),
    agents: recordOf(counts.agents, agentOf, (agent) => agentEntry(agent, identityIssuer)),
    groups: recordOf(
      counts.groups,
      (group) => `team-${padded(group)}`,
      (group) =>
        Array.from({ length: 40 }, (_, member) => ({
          iss: identityIssuer,
          sub: initiatorSub(member * counts.groups + group),
        })),
    ),
    exceptions: [],
    parameters: {
      max_delegation_depth: 2,
      hold_facets: ['irreversible'],
      pop_facets: [],
      default_approval: { group: 'approvers', quorum: 1 },
      valid_seconds: 60,
      max_elicitation_text: 4000,
      review_grace_seconds: 0,
      releasable: { input_response: ['public'], result: ['public', 'internal'] },
    },
  }
}

function recordOf<T>(
  count: number,
  key: (i: number) => string,
  value: (i: number) => T,
): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [key(i), value(i)]))
}

function agentEntry(agent: number, iss: string): Registry['agents'][string] {
  const servers = Array.from({ length: counts.serversOfAgent }, (_, index) =>
    serverId(serverOfAgent(agent, index)),
  )
  return { iss, owner: 'platform', review_by: reviewBy, servers, groups: ['staff'] }
}

function serverEntry(server: number): Server {
  return {
    workload: { spiffe_id: spiffeIdOf(server) },
    resource: resourceOf(server),
    owner: `team-${padded(server % counts.groups)}`,
    review_by: reviewBy,
    elicitation_hosts: ['forms.dev.countersign.test'],
    capabilities: Object.fromEntries(
      tools.map((tool) => {
        const definition = definitionOf(server, tool)
        return [`tool:${definition.name}`, capabilityEntry(definition, tool)]
      }),
    ),
  }
}

function capabilityEntry(definition: object, tool: Tool): Capability {
  return {
    kind: 'tool',
    effects: [...tool.effects],
    definition_digest: digestOf('definition', definition),
    groups: tool.restricted ? ['keyholders'] : [],
    arguments: ['service', 'region', 'query', 'limit', 'labels', 'since'],
    bounds: [
      {
        path: ['service'],
        required: true,
        type: 'string',
        max_length: 63,
        pattern: '[a-z][a-z0-9-]*',
      },
      { path: ['region'], required: true, one_of: [...regions] },
      { path: ['query'], type: 'string', max_length: 512 },
      { path: ['limit'], type: 'number', minimum: 1, maximum: 200 },
    ],
    data_scope: [
      {
        source: 'always',
        add: { classifications: ['internal'], direction: tool.reads ? 'ingress' : 'egress' },
      },
      {
        source: 'arguments',
        path: ['service'],
        required: true,
        add: { resources: ['service:{value}'] },
      },
      { source: 'arguments', path: ['region'], prefix: 'eu-', add: { residency: ['EU'] } },
    ],
    ...(tool.effects.includes('irreversible') ? { approval: { group: 'owners', quorum: 2 } } : {}),
  }
}

function purposeEntry(purpose: number): Purpose {
  return {
    title: `Work item class ${padded(purpose)}`,
    owner: 'platform',
    review_by: reviewBy,
    classifications: ['public', 'internal'],
    residency: ['EU'],
    directions: ['internal', 'ingress', 'egress'],
  }
}
