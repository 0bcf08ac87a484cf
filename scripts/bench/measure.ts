// Measures one contestant under load: the same generator for everybody, wrk where it can be had, else
// autocannon. What is no decision is not counted: it ends the run.

import { resolvePart } from '../parts/resolve.ts'
import { messageOf } from '../parts/run.ts'
import type { Contestant } from './contestant.ts'
import { costOf } from './cost.ts'
import type { Aim, Load } from './load.ts'
import { runAutocannon } from './load-autocannon.ts'
import { runWrk } from './load-wrk.ts'

export type Measurement = {
  readonly answered: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of CPU, for one decision. */
  readonly cpuMicroseconds: number
  readonly residentMegabytes: number
  /** Shares of permit, deny and hold, which must be the same for everybody. */
  readonly mix: readonly [number, number, number]
}

export type Generator = {
  readonly name: string
  readonly run: (aim: Aim, seconds: number) => Promise<Load>
}

export function loadGenerator(): Generator {
  try {
    const wrk = resolvePart('wrk')
    return { name: 'wrk', run: (aim, seconds) => runWrk(wrk, aim, seconds) }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\nautocannon takes the place of wrk\n`)
    return { name: 'autocannon', run: runAutocannon }
  }
}

/** Throws unless every answer was a decision: a fast error is none. */
export async function measure(
  generator: Generator,
  aim: Aim<Contestant>,
  seconds: number,
): Promise<Measurement> {
  const { name, process: child } = aim.target
  const pid = child.pid ?? 0
  const before = costOf(pid)
  const load = await generator.run(aim, seconds)
  const after = costOf(pid)
  const answered = load.permit + load.deny + load.hold
  if (load.others + load.broken > 0 || answered === 0) {
    throw new Error(
      `${name}: ${load.others} answers without an effect, ${load.broken} broken: ${load.example}`,
    )
  }
  return {
    answered,
    perSecond: answered / load.seconds,
    p50: load.p50Milliseconds,
    p99: load.p99Milliseconds,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / answered,
    residentMegabytes: after.residentMegabytes,
    mix: [load.permit / answered, load.deny / answered, load.hold / answered],
  }
}
