/** One evaluation that somebody waits for. It is resolved exactly once. */
import type { EngineFault } from '../../contract/reason-code.ts'
import type { Evaluation } from '../../port/policy-engine.ts'

export type Job = {
  readonly input: string
  /** Who asks for what; null where that is not known. */
  readonly asker: string | null
  /** Milliseconds of `performance.now()`. */
  readonly since: number
  readonly resolve: (evaluation: Evaluation) => void
  /** How many workers held it and ended for no known cause. */
  attempts: number
}

export function giveUp(jobs: readonly Job[], fault: EngineFault): void {
  for (const job of jobs) job.resolve({ ok: false, fault })
}
