/**
 * The policy input of one query, and its digests. Total: it composes whatever facts there are.
 *
 * Pure: the same query and facts give the same bytes, so that a decision can be replayed.
 */
import type { Asserted, PolicyInput, Question, RegistrySlice } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOf, digestOfText } from '../statement/digest.ts'
import { deriveScope } from './derive-scope.ts'
import { elicitationFeatures } from './elicitation-features.ts'
import type { Facts } from './facts.ts'
import { objectOf, textOf, type JsonObject } from './json-value.ts'
import { listItems } from './list-items.ts'
import { capabilityOf, keyOf, serverOf, shadowsOf } from './registry-index.ts'
import { samplingFeatures } from './sampling-features.ts'
import { hasHiddenInside } from './text-feature.ts'

export type ComposedInput = {
  readonly value: PolicyInput
  /** Canonical JSON of `value`: what the engine evaluates and what the digest is over. */
  readonly text: string
  readonly inputDigest: string
  readonly queryDigest: string
  readonly actionDigest: string
  readonly roundDigest: string
  /** The registry key that answers the question; null when none does. */
  readonly registeredKey: string | null
}

export function composeInput(query: Query, facts: Facts): ComposedInput {
  const { capability } = query
  const key = keyOf(capability.kind, capability.name ?? null, capability.uri ?? null)
  const registered = capabilityOf(facts.index, query.server.id, key)
  const question = composeQuestion(query, facts, key, registered?.capability ?? null)
  const value: PolicyInput = {
    v: 1,
    now: Math.floor(facts.now / 1000),
    decision_id: facts.decisionId,
    tenant: { id: facts.pep.tenant, project: facts.pep.project, environment: facts.pep.environment },
    question,
    verified: {
      pep: { id: facts.pep.id, grade: facts.pep.grade, servers: [...facts.pep.servers] },
      initiator: facts.initiator,
      server: facts.server,
    },
    attested: { purpose: facts.purpose },
    asserted: composeAsserted(query),
    registry: composeSlice(query, facts, question, registered?.capability ?? null),
  }
  const text = canonicalJson(value)
  const actionDigest = digestOf('action', actionOf(query, facts, question))
  return {
    value,
    text,
    inputDigest: digestOfText(`{"v":"countersign/policy-input/v1","value":${text}}`),
    queryDigest: queryDigest(query, facts),
    actionDigest,
    roundDigest: roundDigest(query, actionDigest),
    registeredKey: registered?.key ?? null,
  }
}

function composeQuestion(
  query: Query,
  facts: Facts,
  key: string,
  capability: RegistrySlice['capability'],
): Question {
  const { phase, capability: asked, result } = query
  const definition = asked.definition ?? null
  const answered = phase === 'input_response'
  const sampling = query.sampling ?? null
  const elicitation = query.elicitation ?? null
  return {
    phase,
    method: query.protocol.method,
    protocol_version: query.protocol.version,
    kind: asked.kind,
    name: asked.name ?? null,
    uri: asked.uri ?? null,
    key,
    server_id: query.server.id,
    arguments: asked.arguments ?? {},
    definition_digest: definitionDigest(query),
    definition_hidden_text: definition !== null && hasHiddenInside(definition),
    definition_remote_ref: definition !== null && hasRemoteRef(definition),
    data_scope: deriveScope(query, capability),
    round: query.workflow?.round ?? 0,
    sampling: sampling === null ? null : samplingFeatures(answered ? definition : sampling, answered ? sampling : null),
    elicitation:
      elicitation === null ? null : elicitationFeatures(answered ? definition : elicitation, answered ? elicitation : null),
    list: listItems(query, facts.index),
    result:
      result === undefined
        ? null
        : {
            bytes: canonicalJson(result).length,
            is_error: result['isError'] === true,
            result_type: textOf(result['resultType']),
            texts_hidden: hasHiddenInside(result),
          },
    content: sampling ?? elicitation ?? result ?? null,
  }
}

/** An asked input is its own definition, so that the answer to it, which quotes it, has the same digest. */
function definitionDigest(query: Query): string | null {
  const asked = query.phase === 'input_request' ? (query.sampling ?? query.elicitation) : undefined
  const definition = query.capability.definition ?? asked
  return definition === undefined ? null : digestOf('definition', definition)
}

/** A reference that leads out of the definition itself: its digest would not bind what it means. */
function hasRemoteRef(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasRemoteRef)
  return Object.entries(value).some(
    ([name, member]) =>
      (['$ref', '$dynamicRef'].includes(name) && typeof member === 'string' && !member.startsWith('#')) ||
      hasRemoteRef(member),
  )
}

const annotationDefaults = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }

function composeAsserted(query: Query): Asserted {
  return {
    annotations: annotationsOf(query.capability.definition),
    client_capabilities: query.protocol.client_capabilities ?? null,
    client_info: query.protocol.client_info ?? null,
    purpose_code: query.purpose?.code ?? null,
    workflow: {
      id: query.workflow?.id ?? null,
      parent_decision_id: query.workflow?.parent_decision_id ?? null,
    },
    approval_id: query.approval?.id ?? null,
  }
}

/** Hints with MCP's defaults, so that no rule meets an absent one. */
function annotationsOf(definition: JsonObject | undefined): Asserted['annotations'] {
  if (definition === undefined) return null
  const stated = objectOf(definition['annotations']) ?? {}
  const hint = (name: keyof typeof annotationDefaults): boolean => {
    const value = stated[name]
    return typeof value === 'boolean' ? value : annotationDefaults[name]
  }
  return {
    read_only: hint('readOnlyHint'),
    destructive: hint('destructiveHint'),
    idempotent: hint('idempotentHint'),
    open_world: hint('openWorldHint'),
    stated: Object.keys(annotationDefaults).filter((name) => typeof stated[name] === 'boolean'),
  }
}

function composeSlice(
  query: Query,
  facts: Facts,
  question: Question,
  capability: RegistrySlice['capability'],
): RegistrySlice {
  const { index } = facts
  const { registry } = index
  const server = serverOf(index, query.server.id)
  const { client_id: clientId, iss, sub } = facts.initiator
  const code = facts.purpose?.code ?? null
  return {
    server:
      server === null
        ? null
        : {
            id: query.server.id,
            spiffe_id: server.workload.spiffe_id,
            resource: server.resource,
            elicitation_hosts: server.elicitation_hosts ?? [],
          },
    capability,
    purpose: own(registry.purposes, code),
    agent: own(registry.agents, clientId),
    initiator_groups: [...(index.memberships.get(JSON.stringify([iss, sub])) ?? [])],
    shadows: question.kind === 'tool' || question.kind === 'prompt'
      ? [...shadowsOf(index, query.server.id, question.name, capability)]
      : [],
    governed_tool_names: (question.sampling?.tools ?? [])
      .map((tool) => tool.name)
      .filter((name) => index.owners.has(name)),
    exceptions: registry.exceptions.filter((exception) => exception.server === query.server.id),
    parameters: registry.parameters,
  }
}

function own<T>(record: Readonly<Record<string, T>>, key: string | null): T | null {
  return key !== null && Object.hasOwn(record, key) ? (record[key] ?? null) : null
}

/** What is to be done, by whom, through whom and for what; without the answers of later rounds. */
function actionOf(query: Query, facts: Facts, question: Question): unknown {
  const { initiator } = facts
  return {
    tenant: facts.pep.tenant,
    project: facts.pep.project,
    environment: facts.pep.environment,
    server: {
      id: query.server.id,
      resource: serverOf(facts.index, query.server.id)?.resource ?? null,
      spiffe_id: facts.server.spiffe_id,
    },
    method: question.method,
    capability: { kind: question.kind, name: question.name, uri: question.uri },
    definition_digest: question.definition_digest,
    arguments: question.arguments,
    initiator: { iss: initiator.iss, sub: initiator.sub },
    agent: initiator.client_id,
    delegation: initiator.delegation,
    purpose: facts.purpose === null ? null : [facts.purpose.code, facts.purpose.ref, facts.purpose.grant_id],
    data_scope: question.data_scope,
  }
}

function roundDigest(query: Query, actionDigest: string): string {
  const answers = query.phase === 'input_response' ? (query.elicitation ?? query.sampling ?? null) : null
  return digestOf('round', {
    action_digest: actionDigest,
    round: query.workflow?.round ?? 0,
    input_key: query.workflow?.input_key ?? null,
    request_state_digest:
      query.workflow?.request_state === undefined ? null : digestOfText(query.workflow.request_state),
    answers,
  })
}

/** Everything but proofs; whom they proved is in it, so that no one is answered from another's record. */
function queryDigest(query: Query, facts: Facts): string {
  const { initiator: _tokens, server, purpose, approval, request_id: _key, ...rest } = query
  return digestOf('query', {
    ...rest,
    server: { id: server.id, spiffe_id: facts.server.spiffe_id },
    purpose: { code: purpose?.code, ref: purpose?.ref, grant_id: facts.purpose?.grant_id ?? null },
    approval: approval?.id ?? null,
    initiator: [facts.initiator.iss, facts.initiator.sub, facts.initiator.client_id, facts.initiator.delegation],
    pep: [facts.pep.issuer, facts.pep.id],
  })
}
