/** The part of the registry that one question is about: what the tenant says of server, capability, agent and purpose. */
import type { Question, RegistrySlice, VerifiedInitiator } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { Agent, Capability, Registry } from '../contract/registry.ts'
import type { Facts } from './facts.ts'
import { issuingSlice, type AskedGrant, type IssuingFacts } from './issuing-slice.ts'
import { workloadSlice } from './workload-slice.ts'
import { serverOf, shadowsOf, type RegistryIndex } from './registry-index.ts'

export function composeSlice(
  query: Pick<Query, 'server'> & AskedGrant,
  facts: Pick<Facts, 'initiator' | 'purpose'> & IssuingFacts,
  question: Question,
  capability: Capability | null,
): RegistrySlice {
  const { index, initiator } = facts
  const { registry } = index
  const serverId = query.server.id
  return {
    agent: agentOf(registry.agents, initiator),
    capability,
    exceptions: registry.exceptions.filter((exception) => exception.server === serverId),
    governed_tool_names: (question.sampling?.tools ?? [])
      .map((tool) => tool.name)
      .filter((name) => index.owners.has(name)),
    initiator_groups: [
      ...(index.memberships.get(JSON.stringify([initiator.iss, initiator.sub])) ?? []),
    ],
    issuing: question.kind === 'grant' ? issuingSlice(query, facts) : null,
    parameters: registry.parameters,
    purpose: own(
      registry.purposes,
      question.kind === 'grant' ? question.name : (facts.purpose?.code ?? null),
    ),
    server: serverSlice(index, serverId),
    shadows: [...shadowsOf(index, serverId, bareName(question), capability)],
  }
}

/** The client that acts, if it is registered under the issuer that vouches for it. */
function agentOf(agents: Registry['agents'], initiator: VerifiedInitiator): Agent | null {
  const agent = own(agents, initiator.client_id)
  return agent?.iss === initiator.iss ? agent : null
}

function serverSlice(index: RegistryIndex, id: string): RegistrySlice['server'] {
  const server = serverOf(index, id)
  if (server === null) return null
  const { launch, platform, spiffe_id, tls } = workloadSlice(server.workload)
  return {
    elicitation_hosts: server.elicitation_hosts ?? [],
    id,
    launch,
    owner: server.owner,
    platform,
    resource: server.resource,
    review_by: server.review_by,
    spiffe_id,
    tls,
  }
}

/** The name by which a client would call it, where another server's could be meant. */
function bareName(question: Question): string | null {
  return question.kind === 'tool' || question.kind === 'prompt' ? question.name : null
}

function own<T>(record: Readonly<Record<string, T>>, key: string | null): T | null {
  return key !== null && Object.hasOwn(record, key) ? (record[key] ?? null) : null
}
