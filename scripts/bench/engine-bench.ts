// What one policy evaluation costs, in microseconds: in this thread, by the SDK's own `evaluate`, and
// through the engine's worker with 1, 32 and 64 queries waiting. On the bundles of the repository.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { parse } from 'yaml'
import { readBundleDirectory } from '../../service/adapter/bundle-reader/read-directory.ts'
import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import type { Activation } from '../../service/bundle/compose-activation.ts'
import { jsonText } from '../../service/bundle/json-text.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { limits } from '../../service/contract/limits.ts'
import { developmentBundleKeys } from '../bundles/development-signer.ts'
import { root } from '../parts/root.ts'

const rounds = 5
const evaluations = 10_000

const input = readInput()
const activation = await readBundleDirectory(join(root, 'bundles'), developmentBundleKeys())
const engineLimits = { workers: 1, evaluationMilliseconds: 250, pages: limits.evaluationPages }
const engine = await startPolicyEngine(activation, engineLimits)
const policy = await inThisThread(activation)
const sdk = await bySdk(activation)
const parsed: unknown = JSON.parse(input)

const measures: Readonly<Record<string, () => number | Promise<number>>> = {
  'in this thread': () => repeat(() => policy.evaluate(input)),
  'by the SDK': () => repeat(() => sdk.evaluate(parsed)),
  'worker, 1 waiting': () => throughEngine(1),
  'worker, 32 waiting': () => throughEngine(32),
  'worker, 64 waiting': () => throughEngine(64),
}
const seen = Object.entries(measures).map(([name, measure]) => ({
  name,
  measure,
  times: [] as number[],
}))
// In turns, so that what else the machine does meets all of them. The first round warms up.
for (let round = 0; round <= rounds; round += 1) {
  for (const { measure, times } of seen) times.push(await measure())
}
const first = policy.evaluate(input)
print(`input ${input.length} characters, result ${first.ok ? first.result.length : first.fault}`)
print(`us an evaluation, median of ${rounds} rounds (least)`)
for (const { name, times } of seen) print(`  ${name.padEnd(20)}${report(times.slice(1))}`)
await engine.close()

/** The question that most unit tests of the policy start from. */
function readInput(): string {
  const text = readFileSync(join(root, 'test/golden/base.yaml'), 'utf8')
  const { golden } = parse(text) as { golden: { base: { tool: unknown } } }
  return JSON.stringify(golden.base.tool)
}

async function inThisThread({ wasm, data, entrypoint }: Activation): Promise<WasmPolicy> {
  const program = {
    module: await WebAssembly.compile(wasm),
    data: new TextEncoder().encode(jsonText(data)).buffer,
    entrypoint,
    initialPages: importedMemory(wasm).minimum,
    maximumPages: limits.evaluationPages,
    resultBytes: limits.policyResultBytes,
  }
  const linked = new WasmPolicy(program, () => Promise.resolve({}))
  await linked.link()
  return linked
}

async function bySdk({ wasm, data }: Activation): ReturnType<typeof loadPolicy> {
  const loaded = await loadPolicy(Uint8Array.from(wasm), { initial: importedMemory(wasm).minimum })
  loaded.setData(new TextEncoder().encode(jsonText(data)).buffer)
  return loaded
}

function repeat(evaluate: () => unknown): number {
  const start = performance.now()
  for (let i = 0; i < evaluations; i += 1) evaluate()
  return (performance.now() - start) / evaluations
}

/** Keeps so many evaluations waiting at any time. */
async function throughEngine(waiting: number): Promise<number> {
  let left = evaluations
  const start = performance.now()
  const ask = async (): Promise<void> => {
    while (left-- > 0) await engine.evaluate(input)
  }
  await Promise.all(Array.from({ length: waiting }, ask))
  return (performance.now() - start) / evaluations
}

function report(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b).map((one) => (one * 1000).toFixed(1))
  return `${sorted[Math.floor(sorted.length / 2)]?.padStart(7) ?? ''}  (${sorted[0] ?? ''})`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
