/** The part of the registry that one question is about: what the tenant says of server, capability, agent and purpose. */
import type { Question, RegistrySlice } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { Capability } from '../contract/registry.ts'
import type { Facts } from './facts.ts'
import { serverOf, shadowsOf, type RegistryIndex } from './registry-index.ts'

export function composeSlice(
  query: Query,
  facts: Facts,
  question: Question,
  capability: Capability | null,
): RegistrySlice {
  const { index, initiator } = facts
  const { registry } = index
  const serverId = query.server.id
  return {
    server: serverSlice(index, serverId),
    capability,
    purpose: own(registry.purposes, facts.purpose?.code ?? null),
    agent: own(registry.agents, initiator.client_id),
    initiator_groups: [
      ...(index.memberships.get(JSON.stringify([initiator.iss, initiator.sub])) ?? []),
    ],
    shadows: [...shadowsOf(index, serverId, bareName(question), capability)],
    governed_tool_names: (question.sampling?.tools ?? [])
      .map((tool) => tool.name)
      .filter((name) => index.owners.has(name)),
    exceptions: registry.exceptions.filter((exception) => exception.server === serverId),
    parameters: registry.parameters,
  }
}

function serverSlice(index: RegistryIndex, id: string): RegistrySlice['server'] {
  const server = serverOf(index, id)
  if (server === null) return null
  return {
    id,
    spiffe_id: server.workload.spiffe_id,
    resource: server.resource,
    elicitation_hosts: server.elicitation_hosts ?? [],
  }
}

/** The name by which a client would call it, where another server's could be meant. */
function bareName(question: Question): string | null {
  return question.kind === 'tool' || question.kind === 'prompt' ? question.name : null
}

function own<T>(record: Readonly<Record<string, T>>, key: string | null): T | null {
  return key !== null && Object.hasOwn(record, key) ? (record[key] ?? null) : null
}
