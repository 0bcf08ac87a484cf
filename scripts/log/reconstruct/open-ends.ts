// What a decision asks for and the log does not have by its end: an answer to a hold, an outcome of a permit.

import { answeredEffect } from '../../../service/contract/observation.ts'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { instantText } from '../printable.ts'
import type { OpenDecision } from './decision-step.ts'
import type { Missing } from './steps.ts'

/** @param end seconds: the time of the log's last leaf; what comes after it nobody knows here */
export function openEnds(decisions: readonly OpenDecision[], end: number): readonly Missing[] {
  return decisions.flatMap(({ leaf, outcome, answeredBy, toldBy }) => [
    ...(leaf.hold === undefined || answeredBy !== null
      ? []
      : [openHold(leaf, leaf.hold, { end, isTold: toldBy.length > 0 })]),
    // What a permitted grant led to is the service's own next leaf.
    ...(answeredEffect(leaf) !== 'permit' || outcome !== null || leaf.capability.kind === 'grant'
      ? []
      : [noOutcome(leaf, end)]),
  ])
}

function openHold(
  { index }: DecisionLeaf,
  { id, exp, kind, group, quorum }: NonNullable<DecisionLeaf['hold']>,
  { end, isTold }: { readonly end: number; readonly isTold: boolean },
): Missing {
  const whose = group === undefined ? '' : ` by ${String(quorum ?? 1)} of ${group}`
  const what = `the hold ${id} (${kind}${whose})`
  const told = isTold || kind !== 'approval' ? '' : '; no delivery told anybody of it'
  return exp > end
    ? {
        ...{ kind: 'open_hold', index },
        text: `${what} was not answered yet when the log ends; it stands until ${instantText(exp)}${told}`,
      }
    : {
        ...{ kind: 'unanswered_hold', index },
        text: `${what} expired at ${instantText(exp)}, and nothing answered it${told}`,
      }
}

function noOutcome({ index, exp }: DecisionLeaf, end: number): Missing {
  const text =
    exp > end
      ? `no outcome was reported before the log ends; the permit stands until ${instantText(exp)}`
      : 'the gateway was told to go on, and reported no outcome'
  return { kind: 'outcome', index, text }
}
