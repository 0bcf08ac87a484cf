// Judges recorded decisions again, many at once, in bounded memory; what cannot be judged is told with its cause.

import type { Decision } from '../../../service/contract/decision.ts'
import type { PolicyInput } from '../../../service/contract/policy-input.ts'
import { judgeAgain } from '../../../service/flow/judge-again.ts'
import type { PolicyEngine } from '../../../service/port/policy-engine.ts'
import type { NoSet } from './recorded-sets.ts'
import type { NotRecorded, Recorded } from './recorded-decisions.ts'
import { Window } from './window.ts'

/** `engine_fault`: the engine could not answer this time (time, memory, no worker): it says nothing of the policy. */
export type Unjudged = NotRecorded['cause'] | NoSet | 'engine_fault' | 'shaped_otherwise'

export interface Question {
  readonly engine: PolicyEngine
  readonly input: PolicyInput
  readonly text: string
}

export interface Judging {
  /** By whom and as what it is asked. */
  readonly ask: (recorded: Recorded) => Promise<Question | { readonly cause: Unjudged }>
  readonly judged: (recorded: Recorded, decision: Decision) => void
  /** @param classes of its input that have ended */
  readonly unjudged: (cause: Unjudged, entries: number, classes?: readonly string[]) => void
}

const mostUnderWay = 512

export async function judgeAll(
  decisions: Iterable<Recorded | NotRecorded>,
  { ask, judged, unjudged }: Judging,
): Promise<void> {
  const window = new Window(mostUnderWay)
  for (const recorded of decisions) {
    if ('cause' in recorded) {
      unjudged(recorded.cause, recorded.entries, recorded.classes)
      continue
    }
    const question = await ask(recorded)
    if ('cause' in question) unjudged(question.cause, 1)
    else
      await window.begin(async () => {
        const { input, text, engine } = question
        const first = await judgeAgain(input, text, engine)
        // On a busy machine a thread may find no time: that says nothing yet.
        const decision = isPassing(first) ? await judgeAgain(input, text, engine) : first
        if (isPassing(decision)) unjudged('engine_fault', 1)
        else judged(recorded, decision)
      })
  }
  await window.end()
}

/** Another try, or a machine with more room, might have answered. What is malformed or undefined is the policy's own. */
function isPassing({ source, reasons }: Decision): boolean {
  const passing = ['engine.timeout', 'engine.memory', 'engine.unavailable']
  return source === 'engine_fault' && reasons.some(({ code }) => passing.includes(code))
}
