// `npm run isolation -- --queries 10000`: hostile queries of five kinds, at the engine by itself and at the service whole,
// while either serves others.
//
// Rounds with and without them are interleaved, since a shared machine changes its pace. The last lines give the ratio of
// what others waited (p99), and what the process holds more at the end than in the middle. It exits 1 when something leaks, when
// one of the others was not answered, or when the decisions of the service waited more than twice as long.

import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { startEngineStage } from './engine-stage.ts'
import { attack, noEndings, type Endings } from './hostile-load.ts'
import { startOrdinaryLoad, type Waits } from './ordinary-load.ts'
import { closingLine, endingsTable, heldLine, type Closing } from './report.ts'
import { startServiceStage } from './service-stage.ts'
import type { Stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '10000' },
    milliseconds: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '10' },
    askers: { type: 'string', default: '8' },
    at: { type: 'string', default: 'engine,service' },
  },
})
/** Of a round without hostile queries, at most. */
const quietMilliseconds = 20_000
const [queries, milliseconds] = [whole('queries'), whole('milliseconds')]
const [rounds, askers] = [whole('rounds'), whole('askers')]
const stages: Readonly<Record<string, () => Promise<Stage>>> = {
  engine: () => startEngineStage(milliseconds),
  service: startServiceStage,
}
const closings: Closing[] = []
for (const name of values.at.split(',')) {
  const start = stages[name]
  if (start === undefined) refuse(`--at ${name}: name ${Object.keys(stages).join(' or ')}`)
  const stage = await start()
  try {
    closings.push(await run(stage))
  } finally {
    await stage.close()
  }
}
for (const { line } of closings) print(line)
process.exitCode = closings.every(({ isGood }) => isGood) ? 0 : 1

async function run(stage: Stage): Promise<Closing> {
  const endings = noEndings()
  const waited = { without: [] as (readonly number[])[], with: [] as (readonly number[])[] }
  const faults: string[] = []
  print(`${stage.name}: ${queries} hostile queries in ${rounds} rounds`)
  await round(stage, endings, 0)
  const holdings = [stage.held()]
  print(heldLine('after the warm-up', stage.held()))
  for (let i = 1; i <= rounds; i += 1) {
    const hostile = await round(stage, endings, i)
    const calm = await quiet(stage, hostile.milliseconds)
    waited.with.push(hostile.waits.waited)
    waited.without.push(calm.waited)
    faults.push(...hostile.waits.faults, ...calm.faults)
    const held = stage.held()
    holdings.push(held)
    print(heldLine(`after round ${i}`, held))
  }
  print(endingsTable(endings))
  const all = { without: waited.without.flat(), with: waited.with.flat() }
  return closingLine({ stage: stage.name, queries, waited: all, faults, holdings })
}

/** The first one, of number 0, warms up: what it starts stays. */
async function round(stage: Stage, endings: Endings, number: number) {
  const share = Math.ceil(queries / rounds)
  const start = performance.now()
  const load = startOrdinaryLoad(stage, askers)
  const kept = number === 0 ? noEndings() : endings
  await attack(stage, kept, { first: number * share, queries: number === 0 ? 20 : share })
  return { waits: await load.stop(), milliseconds: performance.now() - start }
}

async function quiet(stage: Stage, lasting: number): Promise<Waits> {
  const load = startOrdinaryLoad(stage, askers)
  await pause(Math.min(lasting, quietMilliseconds))
  return load.stop()
}

function whole(name: 'queries' | 'milliseconds' | 'rounds' | 'askers'): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number > 0) return number
  return refuse(`--${name} ${values[name]}: give a whole number above 0`)
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
