// How a candidate would have decided a recorded decision otherwise: the effect, as judged, and the rules that make it.

import type { Decision, Reason } from '../../../service/contract/decision.ts'
import type { Effect } from '../../../service/contract/policy-result.ts'
import type { Recorded } from '../replay/recorded-decisions.ts'

export interface ChangedRule {
  readonly code: string
  readonly rule: string
  /** A finding speaks against a question, a ground for it. */
  readonly kind: 'finding' | 'ground'
}

export interface Change {
  readonly from: Effect
  readonly to: Effect
  readonly appeared: readonly ChangedRule[]
  readonly vanished: readonly ChangedRule[]
}

/** Null when effect and rules are as recorded. Parameters may be worded anew. */
export function changeOf({ leaf, reasons }: Recorded, decision: Decision): Change | null {
  const before = [...standing(reasons), ...groundsOf(leaf.authority.rules)]
  const after = [...standing(decision.reasons), ...groundsOf(decision.grounds)]
  const change = {
    from: leaf.effect,
    to: decision.effect,
    appeared: missing(after, before),
    vanished: missing(before, after),
  }
  const isSame = change.from === change.to && change.appeared.length + change.vanished.length === 0
  return isSame ? null : change
}

/** A waived finding has no effect. */
export function standing(reasons: readonly Reason[]): readonly ChangedRule[] {
  return reasons
    .filter(({ params }) => !('waived_by' in params))
    .map(({ code, rule = code }) => ({ code, rule, kind: 'finding' }))
}

function groundsOf(rules: readonly string[]): readonly ChangedRule[] {
  return rules.map((rule) => ({ code: rule, rule, kind: 'ground' }))
}

/** Of the first, those that the second has not, each once. */
function missing(
  first: readonly ChangedRule[],
  second: readonly ChangedRule[],
): readonly ChangedRule[] {
  const known = new Set(second.map(nameOf))
  return [...new Map(first.map((one) => [nameOf(one), one])).entries()]
    .filter(([name]) => !known.has(name))
    .map(([, one]) => one)
}

function nameOf({ kind, code }: ChangedRule): string {
  return `${kind} ${code}`
}
