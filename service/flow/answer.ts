/** The answer of a recorded decision; the same record always gives the same answer. */
import type { DecisionAnswer, McpAnswer, Reason } from '../contract/decision.ts'
import type { DecisionLeaf } from '../contract/leaf.ts'
import { answeredEffect } from '../contract/observation.ts'
import type { Recorded } from '../port/audit-log.ts'
import type { DisclosedDecision, PartlyDisclosed } from './draft-decision.ts'

/** A decision in the log, as distinct from an event. */
export type RecordedDecision = Recorded & { readonly leaf: DecisionLeaf }

export function isDecision(recorded: Recorded): recorded is RecordedDecision {
  return recorded.leaf.kind === 'decision'
}

/** What was disclosed beside it, whole; null when any of it has ended, or is not at hand. */
export function wholeOf({
  disclosed,
  ended,
}: Pick<Recorded, 'disclosed' | 'ended'>): DisclosedDecision | null {
  return ended.length === 0 ? (disclosed as DisclosedDecision | null) : null
}

/** As much of it as there is. */
export function partsOf({ disclosed }: Pick<Recorded, 'disclosed'>): PartlyDisclosed {
  return disclosed ?? {}
}

export function answerOf(recorded: RecordedDecision): DecisionAnswer {
  const { leaf } = recorded
  const reasons = reasonsOf(recorded)
  const mcp = mcpOf(leaf, reasons)
  return {
    decision_id: leaf.jti,
    effect: answeredEffect(leaf),
    ...(leaf.observed === undefined ? {} : { observed: leaf.observed }),
    reasons,
    obligations: leaf.obligations,
    ...(leaf.hold === undefined ? {} : { hold: holdOf(leaf.hold) }),
    binding: leaf.binding,
    authority: leaf.authority,
    verdict_source: leaf.verdict_source,
    workflow: { id: leaf.workflow.id },
    ...(mcp === null ? {} : { mcp }),
    token: recorded.token,
    log: { origin: leaf.iss, index: leaf.index, leaf_hash: recorded.leafHash },
  }
}

/** Parameters may be personal: they are in the disclosure, and gone when it is erased. */
function reasonsOf(recorded: RecordedDecision): Reason[] {
  const { reasons } = partsOf(recorded)
  return reasons === undefined
    ? recorded.leaf.reasons.map((reason) => ({ ...reason, params: {} }))
    : [...reasons]
}

function holdOf(hold: NonNullable<DecisionLeaf['hold']>): NonNullable<DecisionAnswer['hold']> {
  const { exp, taint: _, ...rest } = hold
  return { ...rest, expires_at: new Date(exp * 1000).toISOString() }
}

/** The JSON-RPC error that a gateway may send (-32001 is the denial of AuthZEN's COAZ-MCP binding). */
function mcpOf(leaf: DecisionLeaf, reasons: readonly Reason[]): McpAnswer | null {
  if (answeredEffect(leaf) === 'permit') return null
  const data = {
    decision_id: leaf.jti,
    effect: leaf.effect,
    reasons: reasons.map((reason) => reason.code),
    ...(leaf.hold === undefined ? {} : { hold: holdOf(leaf.hold) }),
  }
  const message = leaf.effect === 'hold' ? 'Held: a person must decide first' : 'Denied by policy'
  return { error: { code: -32001, message, data } }
}
