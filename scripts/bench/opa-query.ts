// A query as the gateway would send it to OPA: in the very shape that the rules read, with MCP's defaults
// filled in, so that Rego need not build what is neither looked up nor verified.

import type { Query } from '../../service/contract/query.ts'

/** The body of a request to OPA's Data API. */
export function opaBody(query: Query, pepToken: string): string {
  const { capability, initiator, server, purpose } = query
  return JSON.stringify({
    input: {
      tokens: {
        pep: pepToken,
        initiator: initiator?.access_token,
        server: server.proof?.jwt_svid,
        grant: purpose?.grant,
      },
      purpose: { code: purpose?.code, ref: purpose?.ref },
      definition: capability.definition,
      question: questionOf(query),
      asserted: assertedOf(query),
    },
  })
}

/** Tool calls only, and first ones: what other questions have is null. */
function questionOf({ phase, protocol, capability, server, workflow }: Query): object {
  return {
    phase,
    method: protocol.method,
    protocol_version: protocol.version,
    kind: capability.kind,
    name: capability.name,
    uri: null,
    key: `${capability.kind}:${capability.name ?? ''}`,
    server_id: server.id,
    arguments: capability.arguments ?? {},
    round: workflow?.round ?? 0,
    sampling: null,
    elicitation: null,
    list: null,
    result: null,
    content: null,
  }
}

const hints = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
}

function assertedOf({ capability, protocol, purpose, workflow }: Query): object {
  const stated = (capability.definition?.['annotations'] ?? {}) as Partial<typeof hints>
  const annotations = { ...hints, ...stated }
  return {
    annotations: {
      read_only: annotations.readOnlyHint,
      destructive: annotations.destructiveHint,
      idempotent: annotations.idempotentHint,
      open_world: annotations.openWorldHint,
      stated: Object.keys(hints).filter((name) => name in stated),
    },
    client_capabilities: protocol.client_capabilities ?? null,
    client_info: protocol.client_info ?? null,
    purpose_code: purpose?.code ?? null,
    workflow: { id: workflow?.id ?? null, parent_decision_id: null },
    approval_id: null,
  }
}
