// `npm run conformance`: OPA's own conformance suite through the engine that the service runs. Counts by
// topic and the cause of every failure go to RESULTS.md; `--check` compares instead of writing. The last line is
// `passed P of N compilable (X %)`.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../parts/root.ts'
import { judgeCase } from './judge-case.ts'
import { report, summary, type Result } from './report.ts'
import { type CompiledCase, compiledCases } from './suite.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean' }, topic: { type: 'string' } } })
const path = join(root, 'scripts/conformance/RESULTS.md')

/** Modules that are compiled at once, in threads of the runtime, while others are evaluated. */
const mostAtOnce = 8

const results: Result[] = []
const begun: Promise<Result>[] = []
for await (const one of compiledCases(values.topic)) {
  begun.push(resultOf(one))
  if (begun.length >= mostAtOnce) results.push(...(await Promise.all(begun.splice(0, 1))))
}
results.push(...(await Promise.all(begun)))
if (values.topic === undefined) process.exitCode = publish(report(results), values.check === true)
else
  for (const { name, outcome, why } of results)
    if (outcome !== 'passed') print(`${outcome} ${name}: ${why}`)
print(summary(results))

async function resultOf(one: CompiledCase): Promise<Result> {
  const { version, topic, wasm, refused } = one
  const named = { name: `${version} ${topic}/${one.case.note}`, topic }
  if (wasm === null) return { ...named, outcome: 'uncompilable', why: refused, missing: [] }
  const { passed, ...judged } = await judgeCase(one, wasm)
  return { ...named, ...judged, outcome: passed ? 'passed' : 'failed' }
}

function publish(text: string, isCheck: boolean): number {
  if (!isCheck) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    print(
      'scripts/conformance/RESULTS.md is not what the suite gives: run npm run conformance and commit it',
    )
    return 1
  }
  return 0
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
