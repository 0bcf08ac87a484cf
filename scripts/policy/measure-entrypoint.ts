// What one entrypoint of a linked policy costs over a set of inputs.

import type { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'

export interface Cost {
  /** Of one evaluation: the median over rounds of the mean over inputs. */
  readonly microseconds: number
  /** By builtin, for one evaluation on average. */
  readonly host_calls: Readonly<Record<string, number>>
  /** Evaluations of one round that ended in a fault; a rule that is undefined is none. */
  readonly faults: number
}

/** @param policy linked; a fault that spoils the instance ends the measurement with an error. */
export function measureEntrypoint(
  policy: WasmPolicy,
  entrypoint: string,
  inputs: readonly string[],
  rounds: number,
): Cost {
  const before = new Map(policy.hostCalls)
  const faults = inputs.filter((input) => {
    const evaluation = policy.evaluate(input, entrypoint)
    return !evaluation.ok && evaluation.fault !== 'engine.undefined'
  }).length
  if (!policy.isLinked())
    throw new Error(`${entrypoint} ends in a fault of the engine: test it first`)
  const calls = [...policy.hostCalls].map(([name, count]) => {
    const each = (count - (before.get(name) ?? 0)) / inputs.length
    return [name, Math.round(each * 100) / 100] as const
  })
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now()
    for (const input of inputs) policy.evaluate(input, entrypoint)
    return ((performance.now() - began) * 1000) / inputs.length
  }).sort((a, b) => a - b)
  return {
    microseconds: times[Math.floor(times.length / 2)] ?? 0,
    host_calls: Object.fromEntries(calls.filter(([, count]) => count > 0)),
    faults,
  }
}
