// What one policy evaluation costs, in microseconds: in this thread, by the SDK's own `evaluate`, and
// through the engine's worker with 1, 32 and 64 queries waiting. On the bundles of the repository.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { parse } from 'yaml'
import { readBundleDirectory } from '../../service/adapter/bundle-directory/read-bundle-directory.ts'
import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import type { Activation } from '../../service/bundle/compose-activation.ts'
import { jsonText } from '../../service/bundle/json-text.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { limits } from '../../service/contract/limits.ts'
import { developmentBundleKeys } from '../bundles/development-signer.ts'
import { root } from '../parts/root.ts'

const rounds = 5
const evaluations = 20_000

const input = readInput()
const activation = await readBundleDirectory(join(root, 'bundles'), developmentBundleKeys())
const engineLimits = { workers: 1, evaluationMilliseconds: 250, pages: limits.evaluationPages }
const engine = await startPolicyEngine(activation, engineLimits)
const policy = await inThisThread(activation)
const sdk = await bySdk(activation)
const parsed: unknown = JSON.parse(input)

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const first = policy.evaluate(input)
print(`input ${input.length} characters, result ${first.ok ? first.result.length : first.fault}`)
print('us an evaluation, median of rounds')
print(`  in this thread           ${await median(() => repeat(() => policy.evaluate(input)))}`)
print(`  by the SDK               ${await median(() => repeat(() => sdk.evaluate(parsed)))}`)
for (const waiting of [1, 32, 64]) {
  const through = await median(() => throughEngine(waiting))
  print(`  through a worker, ${String(waiting).padStart(2)}     ${through}`)
}
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
  const linked = new WasmPolicy(program, {})
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

/** The first round warms up and is not counted. */
async function median(measure: () => number | Promise<number>): Promise<string> {
  const milliseconds: number[] = []
  for (let round = 0; round <= rounds; round += 1) milliseconds.push(await measure())
  const sorted = milliseconds.slice(1).sort((a, b) => a - b)
  return ((sorted[Math.floor(rounds / 2)] ?? NaN) * 1000).toFixed(1).padStart(7)
}
