// `npm test`: every gate, one line each, in order, all of them even if one fails. Exits non-zero on any failure.
// What is left out is left out by choice, and the last line counts it.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { gates } from './check/gates.ts'
import type { Gate } from './check/gate.ts'
import type { GateResult } from './check/run-gate.ts'
import { runGates } from './check/run-gates.ts'
import { lineOf, sumOf, tallyOf, type Tally } from './check/tally.ts'
import { messageOf } from './parts/run.ts'

try {
  process.exitCode = await check()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 2
}

async function check(): Promise<number> {
  const options = parseArgs({
    options: { 'without-parts': { type: 'boolean' }, only: { type: 'string' } },
  }).values
  // Tests that run a part leave themselves out by the same choice, and are counted.
  if (options['without-parts'] === true) process.env['COUNTERSIGN_WITHOUT_PARTS'] = '1'
  const chosen = options.only === undefined ? gates : gatesNamed(options.only.split(','))
  const run = chosen.filter((gate) => options['without-parts'] !== true || gate.parts.length === 0)
  const tallies: Tally[] = []
  const failed: string[] = []
  const results = runGates(run, Math.min(2, availableParallelism()))
  for (const [at, gate] of run.entries()) {
    print(gate.name.padEnd(14))
    const result = await results[at]
    if (result === undefined) throw new Error(`${gate.name} was not run`)
    tallies.push(printResult(result))
    if (!result.ok) failed.push(gate.name)
  }
  const total = sumOf(tallies)
  printEnd(run, failed, total)
  const left = gates.filter((gate) => !run.includes(gate)).map((gate) => gate.name)
  if (left.length > 0) {
    const names = left.join(', ')
    print(`left out by choice: ${left.length} gates (${names}) and ${total.skipped} tests\n`)
  }
  return failed.length === 0 ? 0 : 1
}

function printResult({ ok, printed, seconds }: GateResult): Tally {
  const tally = tallyOf(printed)
  const counted = tally.passed + tally.failed + tally.skipped > 0 ? `  ${lineOf(tally)}` : ''
  print(`${ok ? 'ok  ' : 'FAIL'} ${seconds.toFixed(1).padStart(6)} s${counted}\n`)
  if (!ok) print(`${printed.trimEnd()}\n\n`)
  return tally
}

function printEnd(run: readonly Gate[], failed: readonly string[], tally: Tally): void {
  print(
    failed.length === 0
      ? `all ${run.length} gates ok\n`
      : `${failed.length} of ${run.length} gates FAILED: ${failed.join(', ')}\n`,
  )
  print(`${lineOf(tally)}\n`)
}

function gatesNamed(names: readonly string[]): readonly Gate[] {
  const unknown = names.filter((name) => !gates.some((gate) => gate.name === name))
  if (unknown.length > 0) {
    const known = gates.map((gate) => gate.name).join(', ')
    throw new Error(`no gate is called ${unknown.join(', ')}; there are ${known}`)
  }
  return gates.filter((gate) => names.includes(gate.name))
}

function print(text: string): void {
  process.stdout.write(text)
}
