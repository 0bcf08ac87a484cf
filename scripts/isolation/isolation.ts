// `npm run isolation -- --queries 10000`: hostile queries of five kinds at an engine that serves others meanwhile.
//
// Rounds with and without them are interleaved, since a shared machine changes its pace. The last line gives the ratio
// of what others waited (p99), and what the process holds more than after the first round; it exits 1 when either is bad.

import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { limits } from '../../service/contract/limits.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { held } from './held.ts'
import { hostileActivation } from './hostile.ts'
import { attack, noEndings, type Endings } from './hostile-load.ts'
import { quantile, startOrdinaryLoad } from './ordinary-load.ts'
import { closingLine, endingsTable, heldLine } from './report.ts'

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '10000' },
    milliseconds: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '10' },
  },
})
/** Of a round without hostile queries, at most. */
const quietMilliseconds = 20_000
const [queries, evaluationMilliseconds, rounds] = [
  whole('queries'),
  whole('milliseconds'),
  whole('rounds'),
]
const engine = await startPolicyEngine(hostileActivation(), {
  ...{ workers: 1, evaluationMilliseconds, pages: limits.evaluationPages },
})
try {
  process.exitCode = (await run(engine)) ? 0 : 1
} finally {
  await engine.close()
}

async function run(asked: PolicyEngine): Promise<boolean> {
  const endings = noEndings()
  const rounded = { without: [] as (readonly number[])[], with: [] as (readonly number[])[] }
  let faults = 0
  print(
    `${queries} hostile queries in ${rounds} rounds, each stopped after ${evaluationMilliseconds} ms`,
  )
  await round(asked, endings, 0)
  const before = held()
  print(heldLine('after the first round', before))
  for (let i = 1; i <= rounds; i += 1) {
    const hostile = await round(asked, endings, i)
    rounded.with.push(hostile.waits.waited)
    faults += hostile.waits.faults
    rounded.without.push(await quiet(asked, hostile.milliseconds))
  }
  const after = held()
  print(heldLine('after the last', after))
  print(endingsTable(endings))
  const waited = { without: rounded.without.flat(), with: rounded.with.flat() }
  const ratio = quantile(waited.with, 0.99) / quantile(waited.without, 0.99)
  const { line, isGood } = closingLine({ queries, waited, faults, ratio, before, after })
  print(line)
  return isGood
}

/** The first one, of number 0, warms up: what it starts stays. */
async function round(asked: PolicyEngine, endings: Endings, number: number) {
  const share = Math.ceil(queries / rounds)
  const start = performance.now()
  const load = startOrdinaryLoad(asked)
  const kept = number === 0 ? noEndings() : endings
  await attack(asked, kept, { first: number * share, queries: number === 0 ? 20 : share })
  return { waits: await load.stop(), milliseconds: performance.now() - start }
}

async function quiet(asked: PolicyEngine, milliseconds: number): Promise<readonly number[]> {
  const load = startOrdinaryLoad(asked)
  await pause(Math.min(milliseconds, quietMilliseconds))
  return (await load.stop()).waited
}

function whole(name: keyof typeof values): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number > 0) return number
  process.stderr.write(`--${name} ${values[name]}: give a whole number above 0\n`)
  process.exit(2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
