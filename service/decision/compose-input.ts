/**
 * The policy input of one query, and its digests. Total: it composes whatever facts there are.
 *
 * Pure: the same query and facts give the same bytes, so that a decision can be replayed.
 */
import type { Digest } from '../contract/digest.ts'
import { approvalKeyOf } from '../approval/approvals.ts'
import type { AttestedApproval } from '../contract/approval.ts'
import type { PolicyInput, Question, RegistrySlice } from '../contract/policy-input.ts'
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
import { actionOf, queryOf, roundOf } from './digested.ts'
import { capabilityOf, keyOf } from './registry-index.ts'

export type ComposedInput = {
  readonly value: PolicyInput
  /** Canonical JSON of `value`: what the engine evaluates and what the digest is over. */
  readonly text: string
  readonly inputDigest: Digest
  readonly queryDigest: Digest
  readonly actionDigest: Digest
  readonly roundDigest: Digest
  /** The registry key that answers the question; null when none does. */
  readonly registeredKey: string | null
  readonly conduct: Conduct
}

export function composeInput(query: Query, facts: Facts): ComposedInput {
  const { kind, name, uri } = query.capability
  const key = keyOf(kind, name ?? null, uri ?? null)
  const registered = capabilityOf(facts.index, query.server.id, key)
  const capability = registered?.capability ?? null
  const question = composeQuestion(query, facts.index, key, capability)
  const actionDigest = digestOf('action', actionOf(query, facts, question))
  const roundDigest = digestOf('round', roundOf(query, actionDigest))
  const { pep } = facts
  const slice = composeSlice(query, facts, question, capability)
  const conduct = conductOf(question, chargedBy(slice, facts), facts.workflow)
  // Members stand in the order of canonical JSON, here and in what they hold, for it to be written at once.
  const value: PolicyInput = {
    asserted: composeAsserted(query),
    attested: {
      approval: approvalOf(question.phase, actionDigest, roundDigest, facts),
      purpose: facts.purpose,
    },
    decision_id: facts.decisionId,
    now: Math.floor(facts.now / 1000),
    question,
    registry: slice,
    tenant: { environment: pep.environment, id: pep.tenant, project: pep.project },
    v: 1,
    verified: {
      initiator: facts.initiator,
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
    registeredKey: registered?.key ?? null,
    conduct,
  }
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

/** Found by what the leaf of a hold is found by: whatever can be held for people can be answered by them. */
function approvalOf(
  phase: Question['phase'],
  action_digest: Digest,
  round_digest: Digest,
  { approvalFor }: Facts,
): AttestedApproval | null {
  return approvalFor(approvalKeyOf({ phase, binding: { action_digest, round_digest } }))
}
