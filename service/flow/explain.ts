/**
 * Why a query would be answered as it would, or a decision was: the rooms of `decide`, up to the door of the
 * log. Nothing is signed or recorded here, so that nothing of it can be taken for a decision.
 */
import type { Explanation } from '../contract/explanation.ts'
import { PdpError } from '../contract/error-code.ts'
import type { Query } from '../contract/query.ts'
import type { EngineFault, Gap } from '../contract/reason-code.ts'
import { composeInput } from '../decision/compose-input.ts'
import { explainVerdict } from '../decision/explain-verdict.ts'
import type { Pep } from '../decision/facts.ts'
import { reachDecision } from '../decision/reach-decision.ts'
import { readVerdict } from '../decision/read-verdict.ts'
import { faultVerdict, gapVerdict, type Verdict } from '../decision/verdict.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { wholeOf, type RecordedDecision } from './answer.ts'
import type { DisclosedDecision } from './draft-decision.ts'
import { gatherFacts } from './gather-facts.ts'
import { judge } from './judge.ts'
import type { KeptPolicies } from './kept-policies.ts'
import type { DecidePorts } from './tenant.ts'

/** Rooms 3 to 6 for a query that is asked only here. Total, as they are. */
export async function explainQuery(
  query: Query,
  pep: Pep,
  ports: DecidePorts,
): Promise<Explanation> {
  const engine = ports.policy()
  const facts = await gatherFacts(query, pep, ports, engine, {})
  const input = composeInput(query, facts)
  const verdict = await judge(input, facts, engine)
  const { source, reasons, observed } = reachDecision(verdict, facts, input.value.attested.approval)
  const { rules = {}, policy = null } = engine ?? {}
  // Policy may answer, and the answer be more than a leaf takes.
  const reached = source === verdict.source ? verdict : gapVerdict(reasons as readonly Gap[])
  const explanation = explainVerdict({ verdict: reached, input: input.value, rules, policy })
  return observed === undefined ? explanation : { ...explanation, observed }
}

/**
 * A decision of the log: its recorded policy input, judged again by the very set of bundles that decided.
 *
 * @throws PdpError `not_found` when its input was erased or its bundles are no longer kept; `overloaded`.
 */
export async function explainDecision(
  decision: RecordedDecision,
  kept: KeptPolicies,
): Promise<Explanation> {
  const { leaf } = decision
  const { input, reasons } = disclosedOf(decision)
  const asRecorded = {
    ...(leaf.observed === undefined ? {} : { observed: leaf.observed }),
    recorded: {
      decision_id: leaf.jti,
      effect: leaf.effect,
      reasons: leaf.reasons.map(({ code }) => code),
    },
  }
  const { policy } = leaf.authority
  if (leaf.verdict_source !== 'policy' || policy === null) {
    const verdict = unasked(leaf.verdict_source, reasons)
    return { ...explainVerdict({ verdict, input, rules: {}, policy }), ...asRecorded }
  }
  const { evaluation, rules } = await kept.judge(policy.digest, canonicalJson(input))
  const verdict = evaluation.ok ? readVerdict(evaluation.result) : faultVerdict(evaluation.fault)
  return { ...explainVerdict({ verdict, input, rules, policy }), ...asRecorded }
}

function disclosedOf(decision: RecordedDecision): DisclosedDecision {
  const whole = wholeOf(decision)
  if (whole !== null) return whole
  throw new PdpError(
    'not_found',
    `What the decision was made from was erased, or has ended (${decision.ended.join(', ')}): it cannot be explained.`,
  )
}

/** Policy was not asked, or did not answer: the record itself says why. */
function unasked(source: string, reasons: DisclosedDecision['reasons']): Verdict {
  const [first] = reasons
  return source === 'engine_fault' && first !== undefined
    ? faultVerdict(first.code as EngineFault)
    : gapVerdict(reasons as readonly Gap[])
}
