// What policy answered to a golden case, beside what the case wants.

import type { PolicyResult } from '../../service/contract/policy-result.ts'
import type { Wanted } from './golden-file.ts'

/** Everything that a case compares; lists are sorted, each name once. */
export interface Answer {
  readonly effect: string
  readonly codes: readonly string[]
  readonly waived: readonly string[]
  readonly obligations: readonly string[]
  readonly hold: string | undefined
}

export function answerOf(result: PolicyResult): Answer {
  const { effect, findings, obligations, hold } = result
  const waived = findings.filter((finding) => finding.waived_by !== undefined)
  return {
    effect,
    codes: sorted(findings.map(({ code }) => code)),
    waived: sorted(waived.map(({ code }) => code)),
    obligations: sorted(obligations.map(({ id }) => id)),
    hold: hold?.kind,
  }
}

export function wantedOf({
  effect,
  codes = [],
  waived = [],
  obligations = [],
  hold,
}: Wanted): Answer {
  return {
    effect,
    codes: sorted(codes),
    waived: sorted(waived),
    obligations: sorted(obligations),
    hold,
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
