// `npm run conformance`: OPA's own conformance suite through the engine that the service runs. Counts by
// topic and the cause of every failure go to RESULTS.md; `--check` compares instead of writing. The last line is
// `passed P of N compilable (X %)`.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../parts/root.ts'
import { judgeCase } from './judge-case.ts'
import { report, summary, type Result } from './report.ts'
import { compiledCases } from './suite.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean' }, topic: { type: 'string' } } })
const path = join(root, 'scripts/conformance/RESULTS.md')

const results: Result[] = []
for await (const one of compiledCases()) {
  if (values.topic !== undefined && one.topic !== values.topic) continue
  const { version, topic, wasm, refused } = one
  const named = { name: `${version} ${topic}/${one.case.note}`, topic }
  results.push(
    wasm === null
      ? { ...named, outcome: 'uncompilable', why: refused, missing: [] }
      : { ...named, ...outcomeOf(await judgeCase(one, wasm)) },
  )
}
if (values.topic === undefined) process.exitCode = publish(report(results), values.check === true)
else
  for (const { name, outcome, why } of results)
    if (outcome !== 'passed') print(`${outcome} ${name}: ${why}`)
print(summary(results))

function outcomeOf({ passed, missing, why }: Awaited<ReturnType<typeof judgeCase>>) {
  return { outcome: passed ? 'passed' : 'failed', why, missing } as const
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
