// Rules that somebody relies on: whether a candidate would let through more of what they spoke against.

import type { Decision } from '../../../service/contract/decision.ts'
import type { Effect } from '../../../service/contract/policy-result.ts'
import type { RuleMap } from '../../../service/contract/rule-map.ts'
import type { Recorded } from '../replay/recorded-decisions.ts'
import { type ChangedRule, standing } from './change.ts'

export interface GuardCount {
  readonly guard: string
  /** Recorded decisions that it spoke against. */
  readonly met: number
  readonly loosened: number
  /** The first ids of the log. */
  readonly decisions: readonly string[]
  /** The candidate has a rule of that name. Of bundles that do not say where their rules stand, nobody knows. */
  readonly in_candidate: boolean | null
}

const strength: Readonly<Record<Effect, number>> = { permit: 0, hold: 1, deny: 2 }
const mostSamples = 20

interface Guard {
  readonly guard: string
  met: number
  loosened: number
  readonly decisions: string[]
}

export class Guards {
  readonly #guards: readonly Guard[]
  readonly #rules: RuleMap

  /** @param names codes of findings, or the rules that give them */
  constructor(names: readonly string[], rules: RuleMap) {
    this.#guards = names.map((guard) => ({ guard, met: 0, loosened: 0, decisions: [] }))
    this.#rules = rules
  }

  take({ leaf, reasons }: Recorded, decision: Decision): void {
    const [before, after] = [standing(reasons), standing(decision.reasons)]
    const isWeaker = strength[decision.effect] < strength[leaf.effect]
    for (const guard of this.#guards) {
      if (!before.some((one) => isOf(guard, one))) continue
      guard.met += 1
      // What could not be judged is denied, whatever no longer speaks.
      const isGone = decision.source === 'policy' && !after.some((one) => isOf(guard, one))
      if (!isGone && !isWeaker) continue
      guard.loosened += 1
      if (guard.decisions.length < mostSamples) guard.decisions.push(leaf.jti)
    }
  }

  counts(): readonly GuardCount[] {
    const entries = Object.entries(this.#rules)
    return this.#guards.map(({ guard, ...count }) => ({
      ...{ guard, ...count },
      in_candidate:
        entries.length === 0
          ? null
          : entries.some(([code, { rule }]) => code === guard || rule === guard),
    }))
  }
}

function isOf({ guard }: Guard, { code, rule }: ChangedRule): boolean {
  return code === guard || rule === guard
}
