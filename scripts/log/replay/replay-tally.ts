// What a replay found, bounded whatever the log: every decision is counted, the first that differ are kept.

import type { Decision } from '../../../service/contract/decision.ts'
import { instantText } from '../printable.ts'
import { type Difference, differencesOf } from './differences.ts'
import type { Unjudged } from './judge-all.ts'
import type { Recorded } from './recorded-decisions.ts'

export interface Differing {
  readonly index: number
  readonly decision_id: string
  readonly at: string
  readonly policy: string | null
  readonly differences: readonly Difference[]
}

export interface Replayed {
  readonly equal: number
  readonly differ: number
  /** By cause. */
  readonly not_replayed: Readonly<Record<string, number>>
  /** Of those of which some of the input has ended: how many lack which class. */
  readonly ended_classes: Readonly<Record<string, number>>
  /** Decisions that were judged again, by the digest of the set that decided. */
  readonly sets: Readonly<Record<string, number>>
  /** The first of them, in the order of the log. */
  readonly differing: readonly Differing[]
}

const mostShown = 100

export class ReplayTally {
  #equal = 0
  #differ = 0
  readonly #causes = new Map<string, number>()
  readonly #ended = new Map<string, number>()
  readonly #sets = new Map<string, number>()
  #differing: Differing[] = []

  readonly judged = (recorded: Recorded, decision: Decision): void => {
    const { leaf } = recorded
    const policy = leaf.authority.policy?.digest ?? null
    add(this.#sets, String(policy), 1)
    const differences = differencesOf(recorded, decision)
    if (differences.length === 0) {
      this.#equal += 1
      return
    }
    this.#differ += 1
    const { index, jti, iat } = leaf
    const one = { index, decision_id: jti, at: instantText(iat), policy, differences }
    this.#differing = [...this.#differing, one]
      .sort((a, b) => a.index - b.index)
      .slice(0, mostShown)
  }

  readonly unjudged = (cause: Unjudged, entries: number, classes: readonly string[] = []): void => {
    add(this.#causes, cause, entries)
    for (const name of classes) add(this.#ended, name, entries)
  }

  replayed(): Replayed {
    return {
      ...{ equal: this.#equal, differ: this.#differ },
      not_replayed: Object.fromEntries([...this.#causes].sort()),
      ended_classes: Object.fromEntries([...this.#ended].sort()),
      sets: Object.fromEntries(this.#sets),
      differing: this.#differing,
    }
  }
}

/** Counts something under a name. */
export function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count)
}
