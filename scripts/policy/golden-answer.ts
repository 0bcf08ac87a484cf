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

/** One way in which an answer is not the wanted one: `null` where one of the two has nothing. */
export interface Difference {
  readonly member: keyof Answer
  readonly wanted: string | null
  readonly got: string | null
}

/** Name by name; empty when the answer is the wanted one. */
export function differencesOf(wanted: Answer, got: Answer): readonly Difference[] {
  const single = (['effect', 'hold'] as const)
    .filter((member) => wanted[member] !== got[member])
    .map((member) => ({ member, wanted: wanted[member] ?? null, got: got[member] ?? null }))
  const lists = (['codes', 'waived', 'obligations'] as const).flatMap((member) => [
    ...wanted[member]
      .filter((name) => !got[member].includes(name))
      .map((name) => ({ member, wanted: name, got: null })),
    ...got[member]
      .filter((name) => !wanted[member].includes(name))
      .map((name) => ({ member, wanted: null, got: name })),
  ])
  return [...single, ...lists]
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
