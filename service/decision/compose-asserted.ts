/** What peers say of themselves, apart from everything else: policy may tighten by it and never loosen. */
import type { Asserted } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import { objectOf, type JsonObject } from './json-value.ts'

export function composeAsserted(query: Query): Asserted {
  const { workflow, protocol } = query
  return {
    annotations: annotationsOf(query.capability.definition),
    approval_id: query.approval?.id ?? null,
    client_capabilities: protocol.client_capabilities ?? null,
    client_info: protocol.client_info ?? null,
    purpose_code: query.purpose?.code ?? null,
    workflow: {
      id: workflow?.id ?? null,
      parent_decision_id: workflow?.parent_decision_id ?? null,
    },
  }
}

/** MCP's own defaults (ToolAnnotations): what is not stated counts as the worst. */
const defaults = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
}

function annotationsOf(definition: JsonObject | undefined): Asserted['annotations'] {
  if (definition === undefined) return null
  const stated = objectOf(definition['annotations']) ?? {}
  const hint = (name: keyof typeof defaults): boolean => {
    const value = stated[name]
    return typeof value === 'boolean' ? value : defaults[name]
  }
  return {
    destructive: hint('destructiveHint'),
    idempotent: hint('idempotentHint'),
    open_world: hint('openWorldHint'),
    read_only: hint('readOnlyHint'),
    stated: Object.keys(defaults).filter((name) => typeof stated[name] === 'boolean'),
  }
}
