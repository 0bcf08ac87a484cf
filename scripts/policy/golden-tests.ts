// The golden cases of a project through the engine of the service, and how each answer differs from what is wanted.

import { isDeepStrictEqual } from 'node:util'
import { readVerdict } from '../../service/decision/read-verdict.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { canonicalJson } from '../../service/statement/canonical-json.ts'
import { answerOf, wantedOf, type Answer } from './golden-answer.ts'
import type { GoldenCase } from './golden.ts'

export interface GoldenTest {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly passed: boolean
  /** One line for each member that differs: `codes  - team.frozen  + capability.unknown`. */
  readonly difference: readonly string[]
}

export async function runGoldenTests(
  engine: PolicyEngine,
  cases: readonly GoldenCase[],
): Promise<readonly GoldenTest[]> {
  return await Promise.all(cases.map((one) => runCase(engine, one)))
}

async function runCase(engine: PolicyEngine, one: GoldenCase): Promise<GoldenTest> {
  const { area, name, input, want, place } = one
  const evaluation = await engine.evaluate(canonicalJson(input))
  const verdict = evaluation.ok ? readVerdict(evaluation.result) : null
  const difference =
    verdict?.source === 'policy'
      ? differenceOf(wantedOf(want), answerOf(verdict.result))
      : [`the engine gave no verdict: ${evaluation.ok ? 'engine.malformed' : evaluation.fault}`]
  const { file, line } = place
  return { name: `${area}: ${name}`, file, line, passed: difference.length === 0, difference }
}

const members = ['effect', 'codes', 'waived', 'obligations', 'hold'] as const

/** What was wanted and did not come (`-`), and what came unwanted (`+`). */
export function differenceOf(wanted: Answer, got: Answer): readonly string[] {
  return members.flatMap((member) => {
    const [want, came] = [listOf(wanted[member]), listOf(got[member])]
    if (isDeepStrictEqual(want, came)) return []
    const missing = want.filter((one) => !came.includes(one)).map((one) => `- ${one}`)
    const surplus = came.filter((one) => !want.includes(one)).map((one) => `+ ${one}`)
    return [`${member}  ${[...missing, ...surplus].join('  ')}`]
  })
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
