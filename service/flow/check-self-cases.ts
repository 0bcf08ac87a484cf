/** Asks a policy the questions of its own bundle, by the way of every query: nothing else judges them. */
import { refusal } from '../bundle/refusal.ts'
import { selfCheckFile } from '../bundle/self-check.ts'
import type { SelfCheckCase } from '../contract/self-check.ts'
import { readVerdict } from '../decision/read-verdict.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import type { Evaluation, PolicyEngine } from '../port/policy-engine.ts'

const attempts = 4

/** @throws PdpError `bundle_refused` (`self_check`) for the first case that is answered otherwise. */
export async function checkSelfCases(
  cases: readonly SelfCheckCase[],
  engine: PolicyEngine,
): Promise<void> {
  for (const { name, input, want } of cases) {
    const evaluation = await evaluated(engine, canonicalJson(input))
    const verdict = evaluation.ok ? readVerdict(evaluation.result) : null
    const got =
      verdict?.source === 'policy'
        ? {
            effect: verdict.result.effect,
            codes: verdict.result.findings
              .filter((finding) => finding.waived_by === undefined)
              .map(({ code }) => code),
          }
        : { effect: evaluation.ok ? 'engine.malformed' : evaluation.fault, codes: [] }
    const isAsWanted =
      got.effect === want.effect && (want.codes === undefined || sameMembers(want.codes, got.codes))
    if (isAsWanted) continue
    throw refusal(
      'self_check',
      selfCheckFile,
      `the case "${name}" must be ${want.effect} ${listOf(want.codes ?? [])} and is ${got.effect} ${listOf(got.codes)}: mend the policy or the case`,
    )
  }
}

/**
 * What stops on a busy machine before it is warm is asked again: a new release must not be refused for the load
 * that the old one serves. What is slow by itself is stopped each time.
 */
async function evaluated(engine: PolicyEngine, input: string): Promise<Evaluation> {
  for (let i = 1; i < attempts; i += 1) {
    const evaluation = await engine.evaluate(input)
    if (evaluation.ok || evaluation.fault !== 'engine.timeout') return evaluation
  }
  return engine.evaluate(input)
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return listOf(a) === listOf(b)
}

function listOf(codes: readonly string[]): string {
  return `[${[...new Set(codes)].sort().join(', ')}]`
}
