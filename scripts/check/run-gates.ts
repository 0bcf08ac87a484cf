// Runs gates beside each other, as many at a time as there are processors for them: most of them use one.

import type { Gate } from './gate.ts'
import { preparePart, runGate, type GateResult } from './run-gate.ts'

/** They start in their order; so do their results stand. @param most at a time */
export function runGates(gates: readonly Gate[], most: number): readonly Promise<GateResult>[] {
  for (const part of gates.flatMap((gate) => gate.parts)) void preparePart(part).catch(() => null)
  const waiting: (() => void)[] = []
  let free = most
  return gates.map(async (gate) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await runGate(gate)
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  })
}
