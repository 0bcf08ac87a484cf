/** Asks policy. Total: broken evidence and a broken engine are verdicts, never throws. */
import type { ComposedInput } from '../decision/compose-input.ts'
import type { Facts, Pep } from '../decision/facts.ts'
import { readVerdict } from '../decision/read-verdict.ts'
import { faultVerdict, gapVerdict, type Verdict } from '../decision/verdict.ts'
import { limits } from '../contract/limits.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'

/** What of input and facts the question to the engine rests on. */
export type JudgedInput = Pick<ComposedInput, 'text' | 'registeredKey'>
export type JudgedFacts = Pick<Facts, 'gaps' | 'initiator'> & { readonly pep: Pick<Pep, 'id'> }

/** @param engine the activated policy that the facts were gathered with; null when there is none. */
export async function judge(
  input: JudgedInput,
  facts: JudgedFacts,
  engine: PolicyEngine | null,
): Promise<Verdict> {
  if (facts.gaps.length > 0) return gapVerdict(facts.gaps)
  if (engine === null) return faultVerdict('engine.no_policy')
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (input.text.length * 3 > limits.policyInputBytes) return faultVerdict('engine.too_large')
  const evaluation = await engine.evaluate(input.text, askerOf(input, facts))
  return evaluation.ok ? readVerdict(evaluation.result) : faultVerdict(evaluation.fault)
}

/** Registered capabilities are few: nobody gets a new name by asking for what there is not. */
function askerOf({ registeredKey }: JudgedInput, { pep, initiator }: JudgedFacts): string {
  return JSON.stringify([pep.id, initiator.iss, initiator.sub, registeredKey])
}
