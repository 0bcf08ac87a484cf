/**
 * The policy input of one query, and its digests. Total: it composes whatever facts there are.
 *
 * Pure: the same query and facts give the same bytes, so that a decision can be replayed.
 */
import type { Digest } from '../contract/digest.ts'
import { approvalKeyOf } from '../approval/approvals.ts'
import type { AttestedApproval } from '../contract/approval.ts'
import type { VerifiedInputs } from '../contract/asked-input.ts'
import type { PolicyInput, Question, RegistrySlice } from '../contract/policy-input.ts'
import type { Capability } from '../contract/registry.ts'
import type { Query } from '../contract/query.ts'
import type { Conduct } from '../contract/workflow.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOf, digestOfText } from '../statement/digest.ts'
import { conductOf, type Charged } from '../workflow/conduct.ts'
import { verifiedWorkflow, type Before } from '../workflow/workflow-facts.ts'
import { composeAsserted } from './compose-asserted.ts'
import { composeQuestion } from './compose-question.ts'
import { composeSlice } from './compose-slice.ts'
import type { Facts } from './facts.ts'
import { actionOf, queryOf, roundOf, templateOf } from './digested.ts'
import { capabilityOf, keyOf } from './registry-index.ts'

export type ComposedInput = {
  readonly value: PolicyInput
  /** Canonical JSON of `value`: what the engine evaluates and what the digest is over. */
  readonly text: string
  readonly inputDigest: Digest
  readonly queryDigest: Digest
  readonly actionDigest: Digest
  readonly roundDigest: Digest
  /** Null where no approval may leave an argument open. */
  readonly templateDigest: Digest | null
  /** The registry key that answers the question; null when none does. */
  readonly registeredKey: string | null
  readonly conduct: Conduct
}

export function composeInput(query: Query, facts: Facts): ComposedInput {
  const { kind, name, uri } = query.capability
  const key = keyOf(kind, name ?? null, uri ?? null)
  // Whoever wants a grant asks no server of the registry.
  const registered = kind === 'grant' ? null : capabilityOf(facts.index, query.server.id, key)
  const capability = registered?.capability ?? null
  const question = composeQuestion(query, facts.index, key, capability)
  const action = actionOf(query, facts, question)
  const actionDigest = digestOf('action', action)
  const templateDigest = templateDigestOf(action, question, capability)
  const roundDigest = digestOf('round', roundOf(query, actionDigest))
  const { pep } = facts
  const slice = composeSlice(query, facts, question, capability)
  const conduct = conductOf(question, chargedBy(slice, facts), facts.workflow)
  // Members stand in the order of canonical JSON, here and in what they hold, for it to be written at once.
  const value: PolicyInput = {
    asserted: composeAsserted(query),
    attested: {
      approval: approvalOf(
        question.phase,
        { action_digest: actionDigest, round_digest: roundDigest },
        templateDigest,
        facts,
      ),
      purpose: facts.purpose,
      refusal: facts.refusalFor(registered?.key ?? null),
    },
    decision_id: facts.decisionId,
    now: Math.floor(facts.now / 1000),
    question,
    registry: slice,
    tenant: { environment: pep.environment, id: pep.tenant, project: pep.project },
    v: 1,
    verified: {
      initiator: facts.initiator,
      inputs: inputsOf(question, roundDigest, facts),
      pep: {
        grade: pep.grade,
        id: pep.id,
        owner: pep.owner,
        review_by: pep.reviewBy,
        servers: [...pep.servers],
      },
      server: facts.server,
      workflow: verifiedWorkflow(facts.workflow, facts.workflowSeen, conduct, beforeOf(slice)),
    },
  }
  const text = canonicalJson(value)
  return {
    value,
    text,
    inputDigest: digestOfText(`{"v":"countersign/policy-input/v1","value":${text}}`),
    queryDigest: digestOf('query', queryOf(query, facts, question)),
    actionDigest,
    roundDigest,
    templateDigest,
    registeredKey: registered?.key ?? null,
    conduct,
  }
}

/** An answer quotes its question, by whose digest it is found. */
function inputsOf(
  { phase, definition_digest: definition }: Question,
  round: Digest,
  { inputs }: Facts,
): VerifiedInputs {
  const isAnswer = phase === 'input_response' && definition !== null
  return { asked: isAnswer ? inputs.find(definition, round) : null, lately: inputs.lately }
}

function chargedBy({ capability, parameters, purpose }: RegistrySlice, facts: Facts): Charged {
  return { capability, parameters, sampling: [purpose?.sampling, facts.purpose?.bounds.sampling] }
}

/** What the capability must come after. */
function beforeOf({ capability, server }: RegistrySlice): Before[] {
  return (capability?.after ?? []).map((rule) => ({
    server: rule.server ?? server?.id ?? '',
    key: rule.capability,
  }))
}

/** Null where no approval may leave an argument open. */
function templateDigestOf(
  action: ReturnType<typeof actionOf>,
  question: Question,
  capability: Capability | null,
): Digest | null {
  const template = capability?.approval?.template
  if (template === undefined || question.phase !== 'request') return null
  return digestOf('action-template', templateOf(action, question.arguments, template))
}

/**
 * Found by what the leaf of a hold is found by: whatever can be held for people can be answered by them. One that leaves
 * arguments open comes after one of the very action.
 */
function approvalOf(
  phase: Question['phase'],
  binding: { readonly action_digest: Digest; readonly round_digest: Digest },
  template: Digest | null,
  { approvalFor }: Facts,
): AttestedApproval | null {
  const exact = approvalFor(approvalKeyOf({ phase, binding }))
  return exact ?? (template === null ? null : approvalFor(template))
}
