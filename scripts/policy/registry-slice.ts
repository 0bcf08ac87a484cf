// The slice of a registry that concerns a question, as a golden case gets it.

import type { Registry } from '../../service/contract/registry.ts'
import { workloadSlice } from '../../service/decision/workload-slice.ts'
import type { Json } from './json-merge.ts'

/** What a question says, as far as a slice is chosen by it; any member may be missing in a case. */
interface Asked {
  readonly question?: {
    readonly server_id?: string
    readonly key?: string
    readonly kind?: string
    readonly name?: string
  }
  readonly attested?: { readonly purpose?: { readonly code?: string } | null }
  readonly verified?: {
    readonly initiator?: {
      readonly iss?: string
      readonly sub?: string
      readonly client_id?: string
    }
  }
}

export interface Slice {
  readonly capability: { readonly definition_digest?: string } | null
  readonly [member: string]: unknown
}

export function sliceOf(registry: Registry, question: Json, key?: string): Slice {
  const { server, key: asked, purpose, initiator } = askedBy(question)
  return {
    server: serverOf(registry, server),
    capability: registry.servers[server]?.capabilities[key ?? asked] ?? null,
    purpose: registry.purposes[purpose] ?? null,
    agent: registry.agents[initiator.client_id ?? ''] ?? null,
    initiator_groups: Object.entries(registry.groups)
      .filter(([, members]) =>
        members.some(({ iss, sub }) => iss === initiator.iss && sub === initiator.sub),
      )
      .map(([group]) => group),
    issuing: null,
    shadows: [],
    governed_tool_names: [],
    exceptions: registry.exceptions,
    parameters: registry.parameters,
  }
}

function askedBy(asked: Asked) {
  return {
    server: asked.question?.server_id ?? '',
    key: asked.question?.key ?? '',
    // Whoever wants a grant names the purpose.
    purpose:
      (asked.question?.kind === 'grant' ? asked.question.name : asked.attested?.purpose?.code) ??
      '',
    initiator: asked.verified?.initiator ?? {},
  }
}

function serverOf(registry: Registry, id: string): Json | null {
  const server = registry.servers[id]
  if (server === undefined) return null
  const { workload, resource, owner, review_by, elicitation_hosts: hosts = [] } = server
  return { id, ...workloadSlice(workload), resource, owner, review_by, elicitation_hosts: hosts }
}
