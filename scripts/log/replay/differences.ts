// How a decision that was judged again differs from its record: member by member, as canonical JSON has them.

import type { Decision } from '../../../service/contract/decision.ts'
import { judgedClaims } from '../../../service/decision/judged-claims.ts'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'
import type { Recorded } from './recorded-decisions.ts'

export interface Difference {
  /** A member of the leaf, or `params` of the reasons, which are disclosed beside it. */
  readonly member: string
  readonly recorded: unknown
  readonly again: unknown
}

/** None when everything is as recorded, byte for byte. */
export function differencesOf(
  { leaf, input, reasons }: Recorded,
  decision: Decision,
): readonly Difference[] {
  const { exp, effect, observed, obligations, hold, approval, verdict_source, authority } = leaf
  const { rules } = authority
  const was: Record<string, unknown> = {
    ...{ exp, effect, observed, obligations, hold, approval, verdict_source, rules },
    ...{ reasons: leaf.reasons, params: reasons.map(({ params }) => params) },
  }
  const again: Record<string, unknown> = {
    ...judgedClaims(decision, input, leaf.binding),
    params: decision.reasons.map(({ params }) => params),
  }
  // As it was written, it is what comes out again: only what differs as text needs to be looked at.
  if (
    JSON.stringify(Object.values(was)) === JSON.stringify(Object.keys(was).map((one) => again[one]))
  )
    return []
  return Object.keys(was).flatMap((member) => {
    const [one, other] = [was[member] ?? null, again[member] ?? null]
    return canonicalJson(one) === canonicalJson(other)
      ? []
      : [{ member, recorded: one, again: other }]
  })
}
