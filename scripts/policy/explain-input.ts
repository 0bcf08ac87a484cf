// Explains one policy input by a started policy: what the decision path does with a composed input, which is the
// engine and the one reader of what it says.

import type { Explanation } from '../../service/contract/explanation.ts'
import { explainVerdict } from '../../service/decision/explain-verdict.ts'
import { readVerdict } from '../../service/decision/read-verdict.ts'
import { faultVerdict } from '../../service/decision/verdict.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { canonicalJson } from '../../service/statement/canonical-json.ts'

export async function explainInput(engine: PolicyEngine, input: unknown): Promise<Explanation> {
  const evaluation = await engine.evaluate(canonicalJson(input))
  const verdict = evaluation.ok ? readVerdict(evaluation.result) : faultVerdict(evaluation.fault)
  return explainVerdict({ verdict, input, rules: engine.rules, policy: engine.policy })
}
