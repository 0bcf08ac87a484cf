// Askers with ordinary questions, each of which asks again a little after it was answered; and what they waited.

import { setTimeout as pause } from 'node:timers/promises'
import type { Stage } from './stage.ts'

const pauseMilliseconds = 2

export type Waits = {
  /** What each question waited, in milliseconds. */
  readonly waited: readonly number[]
  /** What came instead of an answer, each time. */
  readonly faults: readonly string[]
}

export type OrdinaryLoad = { readonly stop: () => Promise<Waits> }

export function startOrdinaryLoad(stage: Stage, askers: number): OrdinaryLoad {
  const waited: number[] = []
  const faults: string[] = []
  let asking = true
  const ask = async (asker: number): Promise<void> => {
    for (let i = asker; asking; i += askers) {
      const start = performance.now()
      const fault = await stage.ask(i)
      waited.push(performance.now() - start)
      if (fault !== null) faults.push(fault)
      await pause(pauseMilliseconds)
    }
  }
  const all = Promise.all(Array.from({ length: askers }, (_, i) => ask(i)))
  // A failure is thrown where the load is stopped.
  all.catch(() => undefined)
  return {
    stop: async () => {
      asking = false
      await all
      return { waited, faults }
    },
  }
}

/** @param part from 0 to 1 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}
