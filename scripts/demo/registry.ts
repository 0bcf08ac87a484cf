/**
 * The tenant's registry for the demo: the repository's own, with the tools that the demo's servers add,
 * and with each tool pinned to the definition that its server really serves.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry, type Capability, type Server } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { digestOf } from '../../service/statement/digest.ts'
import type { JsonObject } from './clients.ts'
import { servers, type ServerId } from './scene.ts'

export type ToolLists = Readonly<Record<ServerId, readonly JsonObject[]>>

const inside: NonNullable<Capability['data_scope']>[number] = {
  source: 'always',
  add: { classifications: ['internal'], residency: ['EU'], direction: 'internal' },
}

function tool(...effects: Capability['effects']): Capability {
  return { kind: 'tool', effects, groups: ['staff'], data_scope: [inside] }
}

/** What a reviewer writes of the tools that the repository's registry lacks; any other stays unknown. */
const reviewed: Readonly<Record<ServerId, Readonly<Record<string, Capability>>>> = {
  ops: {
    open_ticket: tool('asks_person'),
    connect_repository: tool('asks_person'),
    summarise_incident: tool('borrows_model'),
    explain_outage: tool('borrows_model'),
    compare_servers: tool('borrows_model'),
  },
  everything: {
    'trigger-sampling-request': tool('borrows_model'),
    'trigger-elicitation-request': tool('asks_person'),
  },
  legacy: {
    choose_region: tool('asks_person'),
    link_account: tool('asks_person'),
    review_context: tool('borrows_model'),
  },
}

const file = join(import.meta.dirname, '../../rego/data/registry.json')
const check = compileChecker(Registry, { allErrors: true })

/** @param lists the tools of each server, as listed just now. */
export function composeRegistry(lists: ToolLists): Registry {
  const own = JSON.parse(readFileSync(file, 'utf8')) as Registry
  const pinned = servers.map((id) => [id, pinServer(id, own.servers[id], lists[id])] as const)
  const checked = check({ ...own, servers: { ...own.servers, ...Object.fromEntries(pinned) } })
  if (checked.ok) return checked.value
  throw new Error(checked.faults.map(({ pointer, reason }) => `${pointer}: ${reason}`).join('\n'))
}

function pinServer(id: ServerId, own: Server | undefined, tools: readonly JsonObject[]): Server {
  if (own === undefined) throw new Error(`${file} lacks the server ${id}.`)
  const capabilities: Record<string, Capability> = { ...own.capabilities }
  for (const served of tools) {
    const name = String(served['name'])
    const key = `tool:${name}`
    const capability = own.capabilities[key] ?? reviewed[id][name]
    if (capability === undefined) continue
    capabilities[key] = { ...capability, definition_digest: digestOf('definition', served) }
  }
  return { ...own, capabilities }
}

/** How many of the tools are registered, and so pinned. */
export function countPinned(
  registry: Registry,
  id: ServerId,
  tools: readonly JsonObject[],
): number {
  const capabilities = registry.servers[id]?.capabilities ?? {}
  return tools.filter((served) => Object.hasOwn(capabilities, `tool:${String(served['name'])}`))
    .length
}
