// Askers with ordinary questions, each of which asks again a little after it was answered; and what they waited.

import { setTimeout as pause } from 'node:timers/promises'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { ordinary } from './hostile.ts'

const askers = 8
const pauseMilliseconds = 2

export type Waits = {
  /** What each question waited, in milliseconds. */
  readonly waited: readonly number[]
  /** Questions that were a fault of the engine. */
  readonly faults: number
}

export type OrdinaryLoad = { readonly stop: () => Promise<Waits> }

/** Throws, when it is stopped, if one question was answered wrong. */
export function startOrdinaryLoad(engine: PolicyEngine): OrdinaryLoad {
  const waited: number[] = []
  let faults = 0
  let asking = true
  const ask = async (asker: string): Promise<void> => {
    for (let i = 0; asking; i += 1) {
      const start = performance.now()
      const answer = await engine.evaluate(ordinary(i), asker)
      waited.push(performance.now() - start)
      if (!answer.ok) faults += 1
      else if (answer.result !== String(i))
        throw new Error(`an ordinary question was answered with ${answer.result}`)
      await pause(pauseMilliseconds)
    }
  }
  const all = Promise.all(Array.from({ length: askers }, (_, i) => ask(`ordinary ${i}`)))
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
