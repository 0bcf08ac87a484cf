// Which questions two policies answer differently, and through which findings: each is asked of the real engine
// of either side, on the slice of its own registry.

import { isDeepStrictEqual } from 'node:util'
import type { Explanation, ExplainedFinding } from '../../service/contract/explanation.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { explainInput } from './explain-input.ts'

/** A question as either side is asked it. */
export interface Pair {
  readonly name: string
  readonly before: unknown
  readonly after: unknown
}

export interface ChangedFinding {
  readonly code: string
  readonly effect: string
  readonly file?: string
  readonly lines?: readonly number[]
  readonly params: unknown
}

export interface ChangedDecision {
  readonly question: string
  readonly before: string
  readonly after: string
  readonly appeared: readonly ChangedFinding[]
  readonly vanished: readonly ChangedFinding[]
  readonly grounds_gained: readonly string[]
  readonly grounds_lost: readonly string[]
  /** The obligations or the hold are others. */
  readonly terms_changed: boolean
  /** Faults of an engine, on either side. */
  readonly faults: readonly string[]
}

/** In the order of the questions; one at a time, so that none waits behind another. */
export async function compareDecisions(
  before: PolicyEngine,
  after: PolicyEngine,
  pairs: readonly Pair[],
): Promise<readonly ChangedDecision[]> {
  const changed: ChangedDecision[] = []
  for (const pair of pairs) {
    const old = explainInput(before, pair.before)
    const now = explainInput(after, pair.after)
    const change = changeOf(pair.name, await old, await now)
    if (change !== null) changed.push(change)
  }
  return changed
}

function changeOf(question: string, old: Explanation, now: Explanation): ChangedDecision | null {
  const [before, after] = [standing(old), standing(now)]
  const terms = isDeepStrictEqual([old.obligations, old.hold], [now.obligations, now.hold])
  const [oldGrounds, nowGrounds] = [groundsOf(old), groundsOf(now)]
  const change = {
    question,
    before: old.effect,
    after: now.effect,
    appeared: missing(after, before),
    vanished: missing(before, after),
    grounds_gained: nowGrounds.filter((code) => !oldGrounds.includes(code)),
    grounds_lost: oldGrounds.filter((code) => !nowGrounds.includes(code)),
    terms_changed: !terms,
    faults: [...old.gaps, ...now.gaps].map(({ code }) => code),
  }
  const isSame =
    change.before === change.after &&
    terms &&
    isDeepStrictEqual(old.gaps, now.gaps) &&
    [change.appeared, change.vanished, change.grounds_gained, change.grounds_lost].every(
      ({ length }) => length === 0,
    )
  return isSame ? null : change
}

/** A waived finding has no effect. */
function standing({ findings }: Explanation): readonly ExplainedFinding[] {
  return findings.filter((finding) => finding.waived_by === undefined)
}

/** Findings of the first that the second has not, by code and effect: parameters may be worded anew. */
function missing(
  first: readonly ExplainedFinding[],
  second: readonly ExplainedFinding[],
): readonly ChangedFinding[] {
  return first
    .filter((one) => !second.some(({ code, effect }) => code === one.code && effect === one.effect))
    .map(({ code, effect, file, lines, params }) => ({
      ...{ code, effect, params },
      ...(file === undefined ? {} : { file }),
      ...(lines === undefined ? {} : { lines }),
    }))
}

function groundsOf({ grounds }: Explanation): readonly string[] {
  return grounds.map(({ code }) => code)
}
