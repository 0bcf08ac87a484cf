/** Asks a policy the questions of its own bundle, by the way of every query: nothing else judges them. */
import { refusal } from '../bundle/refusal.ts'
import { selfCheckFile } from '../bundle/self-check.ts'
import type { SelfCheckCase } from '../contract/self-check.ts'
import { readVerdict } from '../decision/read-verdict.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'

/** @throws PdpError `bundle_refused` (`self_check`) for the first case that is answered otherwise. */
export async function checkSelfCases(
  cases: readonly SelfCheckCase[],
  engine: PolicyEngine,
): Promise<void> {
  for (const { name, input, want } of cases) {
    const evaluation = await engine.evaluate(canonicalJson(input))
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

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return listOf(a) === listOf(b)
}

function listOf(codes: readonly string[]): string {
  return `[${[...new Set(codes)].sort().join(', ')}]`
}
