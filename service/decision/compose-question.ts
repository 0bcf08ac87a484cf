/** What is asked, as policy sees it: the MCP content as it came, and the features that Rego cannot compute. */
import type { Question } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { Capability } from '../contract/registry.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOf } from '../statement/digest.ts'
import { deriveScope } from './derive-scope.ts'
import { elicitationFeatures } from './elicitation-features.ts'
import { textOf, type JsonObject } from './json-value.ts'
import { listItems } from './list-items.ts'
import type { RegistryIndex } from './registry-index.ts'
import { samplingFeatures } from './sampling-features.ts'
import { hasHiddenInside } from './text-feature.ts'

/**
 * @param key the registry key of the question.
 * @param capability what is registered under it; null when nothing is.
 */
export function composeQuestion(
  query: Query,
  index: RegistryIndex,
  key: string,
  capability: Capability | null,
): Question {
  const { phase, capability: asked, protocol } = query
  const definition = definitionFeatures(query)
  const input = inputFeatures(query)
  return {
    arguments: asked.arguments ?? {},
    content: contentOf(query),
    data_scope: deriveScope(query, capability),
    definition_digest: definition.definition_digest,
    definition_hidden_text: definition.definition_hidden_text,
    definition_remote_ref: definition.definition_remote_ref,
    elicitation: input.elicitation,
    key,
    kind: asked.kind,
    list: listItems(query, index),
    method: protocol.method,
    name: asked.name ?? null,
    phase,
    protocol_version: protocol.version,
    result: resultFeatures(query.result),
    round: query.workflow?.round ?? 0,
    sampling: input.sampling,
    server_id: query.server.id,
    uri: asked.uri ?? null,
  }
}

type DefinitionFeatures = Pick<
  Question,
  'definition_digest' | 'definition_hidden_text' | 'definition_remote_ref'
>

/** An asked input is its own definition, whatever else is given, so that the answer that quotes it has the same digest. */
function definitionFeatures(query: Query): DefinitionFeatures {
  const given = query.capability.definition
  const asked = query.phase === 'input_request' ? (query.sampling ?? query.elicitation) : undefined
  const definition = asked ?? given
  return {
    definition_digest: definition === undefined ? null : digestOf('definition', definition),
    definition_hidden_text: given !== undefined && hasHiddenInside(given),
    definition_remote_ref: given !== undefined && hasRemoteRef(given),
  }
}

/** A reference that leads out of the definition itself: its digest would not bind what it means. */
function hasRemoteRef(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasRemoteRef)
  return Object.entries(value).some(
    ([name, member]) => isRemote(name, member) || hasRemoteRef(member),
  )
}

function isRemote(name: string, member: unknown): boolean {
  const refers = name === '$ref' || name === '$dynamicRef'
  return refers && typeof member === 'string' && !member.startsWith('#')
}

/** In an answer the definition is what was asked, and the member is what the client said. */
function inputFeatures(query: Query): Pick<Question, 'sampling' | 'elicitation'> {
  const { sampling, elicitation } = query
  if (query.phase !== 'input_response') {
    return {
      sampling: sampling === undefined ? null : samplingFeatures(sampling, null),
      elicitation: elicitation === undefined ? null : elicitationFeatures(elicitation, null),
    }
  }
  const asked = query.capability.definition ?? null
  return {
    sampling: sampling === undefined ? null : samplingFeatures(asked, sampling),
    elicitation: elicitation === undefined ? null : elicitationFeatures(asked, elicitation),
  }
}

function resultFeatures(result: JsonObject | undefined): Question['result'] {
  if (result === undefined) return null
  return {
    bytes: canonicalJson(result).length,
    is_error: result['isError'] === true,
    result_type: textOf(result['resultType']),
    texts_hidden: hasHiddenInside(result),
  }
}

function contentOf(query: Query): JsonObject | null {
  return query.sampling ?? query.elicitation ?? query.result ?? null
}
