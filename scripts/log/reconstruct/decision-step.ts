// One decision of the timeline, from its leaf and, where it was given, what was disclosed beside it.

import { answeredEffect } from '../../../service/contract/observation.ts'
import type { DecisionLeaf, EventLeaf } from '../../../service/contract/leaf.ts'
import { instantText } from '../printable.ts'
import type { PartlyDisclosed } from '../read/disclosure-of.ts'
import type { Consent, DecisionStep, HoldStep, OutcomeStep } from './steps.ts'

/** A decision, until all that came of it is known. */
export interface OpenDecision {
  readonly leaf: DecisionLeaf
  readonly disclosed: PartlyDisclosed | null
  outcome: EventLeaf | null
  /** The leaf of the decision that answers its hold. */
  answeredBy: number | null
  /** Deliveries that took the notice that its approval is asked for. */
  toldBy: readonly string[]
  /** The votes that it rests on. */
  readonly consents: readonly Consent[]
}

export function decisionStep(open: OpenDecision): DecisionStep {
  const { leaf, disclosed, outcome, answeredBy, toldBy } = open
  const { sub, actors, aud, evidence, binding, workflow } = leaf
  return {
    kind: 'decision',
    index: leaf.index,
    at: instantText(leaf.iat),
    decision_id: leaf.jti,
    workflow: { id: workflow.id, seq: workflow.seq },
    who: {
      ...{ initiator: sub, actors, gateway: aud },
      disclosed: disclosed?.input?.verified?.initiator ?? null,
    },
    workload: { evidence, disclosed: disclosed?.input?.verified?.server ?? null },
    what: {
      ...leaf.capability,
      ...{ phase: leaf.phase, project: leaf.project, environment: leaf.environment },
      action_digest: binding.action_digest,
      disclosed: disclosed === null ? null : askedFor(disclosed),
    },
    why: leaf.purpose,
    said: saidOf(leaf, disclosed),
    hold: holdOf(leaf, answeredBy, toldBy),
    consents: open.consents,
    outcome: outcome === null ? null : outcomeOf(outcome),
  }
}

/** Null when none of it is left. */
function askedFor({ input }: PartlyDisclosed): DecisionStep['what']['disclosed'] {
  const { name, uri, arguments: given } = input?.question ?? {}
  if (name === undefined && uri === undefined && given === undefined) return null
  return { name: name ?? uri ?? null, arguments: given ?? null }
}

function saidOf(leaf: DecisionLeaf, disclosed: PartlyDisclosed | null): DecisionStep['said'] {
  const { effect, observed, reasons, authority, verdict_source: source, obligations } = leaf
  return {
    ...{ effect, answered: answeredEffect(leaf), observed: observed ?? null, source },
    reasons: disclosed?.reasons ?? reasons,
    ...{ rules: authority.rules, policy: authority.policy, obligations },
  }
}

function holdOf(
  { hold }: DecisionLeaf,
  answeredBy: number | null,
  toldBy: readonly string[],
): HoldStep | null {
  if (hold === undefined) return null
  const { id, kind, group = null, quorum = null, exp, shown_digest = null } = hold
  return {
    ...{ id, kind, group, quorum, shown_digest },
    ...{ expires_at: instantText(exp), answered_by: answeredBy },
    told_by: toldBy,
  }
}

function outcomeOf({ index, iat, event }: EventLeaf): OutcomeStep {
  return { index, at: instantText(iat), status: String(event['status']), event }
}
