// The decisions of a log in its order, each with the input that it was made from, or why there is none to judge again.

import type { DecisionLeaf, EventLeaf } from '../../../service/contract/leaf.ts'
import { leafIn } from '../read/read-leaf.ts'
import { type NoInput, recordedInput, type RecordedInput } from './recorded-input.ts'
import type { RecordedSource } from './recorded-source.ts'

/** Seconds since the epoch: from then on, and before then; null for no bound. */
export interface Period {
  readonly from: number | null
  readonly to: number | null
}

export interface Recorded extends RecordedInput {
  readonly leaf: DecisionLeaf
}

/** `not_policy`: evidence or the engine decided, and policy was not asked, or did not answer. */
export interface NotRecorded {
  readonly cause: NoInput | 'entry_missing' | 'unreadable_leaf' | 'not_policy'
  /** How many entries; a stretch that is missing may hold many. */
  readonly entries: number
  /** Of its input, those that have ended. */
  readonly classes?: readonly string[]
}

/** @param learn is given every event before the decisions that come after it */
export function* recordedDecisions(
  source: RecordedSource,
  period: Period,
  learn: (leaf: EventLeaf) => void,
): Generator<Recorded | NotRecorded> {
  for (const entry of source.entries()) {
    if ('from' in entry) {
      yield { cause: 'entry_missing', entries: entry.to - entry.from }
      continue
    }
    const leaf = leafIn(entry.token)
    if (leaf === null) {
      yield { cause: 'unreadable_leaf', entries: 1 }
      continue
    }
    if (leaf.kind !== 'decision') learn(leaf)
    else if (isWithin(period, leaf)) {
      if (leaf.verdict_source !== 'policy') yield { cause: 'not_policy', entries: 1 }
      else {
        const input = recordedInput(entry, leaf)
        yield 'cause' in input ? { ...input, entries: 1 } : { ...input, leaf }
      }
    }
  }
}

function isWithin({ from, to }: Period, { iat }: DecisionLeaf): boolean {
  return (from === null || iat >= from) && (to === null || iat < to)
}
