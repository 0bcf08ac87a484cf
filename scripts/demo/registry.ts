/**
 * The tenant's registry for the demo: the repository's own, with the servers that the demo runs, and
 * with each tool pinned to the definition that its server really serves.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Registry,
  type Capability,
  type Purpose,
  type Server,
} from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { digestOf } from '../../service/statement/digest.ts'
import type { JsonObject } from './clients.ts'
import { servers, type ServerId } from './scene.ts'

export type ToolLists = Readonly<Record<ServerId, readonly JsonObject[]>>

type Entry = Omit<Capability, 'kind' | 'definition_digest'>

const everyone: Entry = { effects: [], groups: [] }
const internal: Entry = {
  ...everyone,
  data_scope: [
    {
      source: 'always',
      add: { classifications: ['internal'], residency: ['EU'], direction: 'internal' },
    },
  ],
}

/** What a reviewer would write of each tool; a tool that is not here stays unknown. */
const reviewed: Readonly<Record<ServerId, Readonly<Record<string, Entry>>>> = {
  ops: {
    status: internal,
    read_report: { ...internal, effects: ['reads_private'] },
    deploy: {
      ...internal,
      effects: ['modifies_downstream', 'irreversible'],
      bounds: [
        { path: ['env'], required: true, one_of: ['staging', 'prod'] },
        { path: ['replicas'], type: 'number', minimum: 1, maximum: 20 },
      ],
    },
    send_mail: { ...everyone, effects: ['calls_external', 'irreversible'] },
    open_ticket: { ...internal, effects: ['asks_person'] },
    connect_repository: { ...internal, effects: ['asks_person'] },
    summarise_incident: { ...internal, effects: ['borrows_model'] },
    explain_outage: { ...internal, effects: ['borrows_model'] },
    compare_servers: { ...internal, effects: ['borrows_model'] },
  },
  everything: {
    echo: everyone,
    'get-sum': everyone,
    'trigger-sampling-request': { ...everyone, effects: ['borrows_model'] },
    'trigger-elicitation-request': { ...everyone, effects: ['asks_person'] },
  },
  legacy: {
    choose_region: { ...everyone, effects: ['asks_person'] },
    link_account: { ...everyone, effects: ['asks_person'] },
    review_context: { ...everyone, effects: ['borrows_model'] },
  },
}

/** What any server may do beside its tools: each time it is decided whether this one may. */
const unnamed = {
  discover: { kind: 'discover', ...everyone },
  list: { kind: 'list', ...everyone },
  sampling: { kind: 'sampling', ...everyone, effects: ['borrows_model'] },
  elicitation: { kind: 'elicitation', ...everyone, effects: ['asks_person'] },
} satisfies Record<string, Capability>

/** The widest that a grant for an incident may be. */
const purpose: Purpose = {
  title: 'Restore service in an incident',
  classifications: ['internal'],
  residency: ['EU'],
  directions: ['internal', 'ingress', 'egress'],
  sampling: { include_context: ['none'], models: ['demo-*'], max_tokens: 1000, max_rounds: 4 },
}

const file = join(import.meta.dirname, '../../rego/data/registry.json')
const check = compileChecker(Registry, { allErrors: true })

/** @param lists the tools of each server, as listed just now. */
export function composeRegistry(lists: ToolLists): Registry {
  const own = JSON.parse(readFileSync(file, 'utf8')) as Registry
  const composed = servers.map((id) => [id, composeServer(id, own.servers[id], lists[id])] as const)
  const agents = Object.entries(own.agents).map(
    ([id, agent]) =>
      [id, { ...agent, servers: [...new Set([...agent.servers, ...servers])] }] as const,
  )
  const checked = check({
    ...own,
    servers: { ...own.servers, ...Object.fromEntries(composed) },
    agents: Object.fromEntries(agents),
    purposes: { ...own.purposes, 'incident.restore': purpose },
  })
  if (checked.ok) return checked.value
  throw new Error(checked.faults.map(({ pointer, reason }) => `${pointer}: ${reason}`).join('\n'))
}

function composeServer(
  id: ServerId,
  own: Server | undefined,
  tools: readonly JsonObject[],
): Server {
  const host = 'dev.countersign.test'
  const capabilities: Record<string, Capability> = { ...unnamed }
  for (const tool of tools) {
    const name = String(tool['name'])
    const entry = Object.hasOwn(reviewed[id], name) ? reviewed[id][name] : undefined
    if (entry === undefined) continue
    const pin = digestOf('definition', tool)
    capabilities[`tool:${name}`] = { kind: 'tool', ...entry, definition_digest: pin }
  }
  return {
    workload: own?.workload ?? { spiffe_id: `spiffe://${host}/mcp/${id}` },
    resource: own?.resource ?? `https://mcp.${host}/${id}`,
    owner: own?.owner ?? 'demo',
    capabilities,
  }
}
