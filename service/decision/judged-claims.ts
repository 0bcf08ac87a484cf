/** What a leaf says of how it was judged: all that the same input and the same bundles must give again. */
import { demandOf } from '../contract/approval-demand.ts'
import { shownDigestOf, statementOf } from '../approval/statement.ts'
import type { Binding, Decision } from '../contract/decision.ts'
import type { DecisionLeaf } from '../contract/leaf.ts'
import type { PolicyInput } from '../contract/policy-input.ts'

export type JudgedClaims = Pick<
  DecisionLeaf,
  'exp' | 'effect' | 'observed' | 'reasons' | 'obligations' | 'hold' | 'approval' | 'verdict_source'
> & {
  /** Of `authority`. */
  readonly rules: readonly string[]
}

/** @param input what was judged, and when */
export function judgedClaims(
  decision: Decision,
  input: PolicyInput,
  binding: Binding,
): JudgedClaims {
  const { effect, observed, reasons, obligations, hold, approval } = decision
  const { grounds, validSeconds, source } = decision
  return {
    exp: input.now + validSeconds,
    effect,
    ...(observed === undefined ? {} : { observed }),
    reasons: reasons.map(({ code, rule }) => (rule === undefined ? { code } : { code, rule })),
    obligations: [...obligations],
    ...(hold === undefined ? {} : { hold: heldBy(hold, input, reasons, binding) }),
    ...(approval === undefined
      ? {}
      : { approval: { id: approval.id, votes: [...approval.votes] } }),
    verdict_source: source,
    rules: [...grounds],
  }
}

/** With the digest of what is shown the leaf is the request for an approval; other holds ask nobody to vote. */
function heldBy(
  { kind, id, expiresAt: exp, ...demanded }: NonNullable<Decision['hold']>,
  input: PolicyInput,
  reasons: Decision['reasons'],
  binding: Binding,
): NonNullable<DecisionLeaf['hold']> {
  const held = { kind, id, exp, ...demanded }
  const demand = demandOf(demanded)
  if (kind !== 'approval' || demand === null) return held
  const statement = statementOf({ id, exp, ...demand }, input, reasons, binding)
  const taint = input.verified.workflow.taint.map(({ facet }) => facet)
  return { ...held, shown_digest: shownDigestOf(statement), taint }
}
