/**
 * Expressions of Rego, evaluated by the real OPA and by the engine of the service: both must say the same, to
 * the digit. All rows of a table are compiled into one module. Rows may use `input` (see `differentialInput`),
 * where the compiler would refuse operands of the wrong kind as literals.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWasm } from '../../../../scripts/bundles/opa-build.ts'
import { resolvePart } from '../../../../scripts/parts/resolve.ts'
import { run } from '../../../../scripts/parts/run.ts'
import { loadHostBuiltins } from '../../../../service/adapter/policy-engine/builtin/host-builtins.ts'
import {
  parseWritten,
  printJson,
  printLiteral,
} from '../../../../service/adapter/policy-engine/rego-literal.ts'
import { RegoObject, type RegoValue } from '../../../../service/adapter/policy-engine/rego-value.ts'
import { WasmPolicy } from '../../../../service/adapter/policy-engine/wasm-policy.ts'
import { importedMemory } from '../../../../service/bundle/wasm-memory.ts'

/** Of every kind, for operands that the type checker must not know. */
export const differentialInput = {
  null: null,
  true: true,
  number: 7,
  text: 'text',
  list: [1, 'a'],
  object: { a: 1 },
}

const context = { nowNs: () => 1_795_000_000_000_000_000n, seed: () => 'differential' }

/** The expressions that the two differ on, and what each says; sets are lists, as in JSON. */
export async function differences(expressions: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-differential-'))
  try {
    const file = join(folder, 'differential.rego')
    const rules = expressions.map((expression, i) => `r${i} := ${expression}`)
    writeFileSync(file, `package differential\n\n${rules.join('\n')}\n`)
    const theirs = askOpa(file, folder)
    const ours = await askEngine(file, folder)
    return expressions.flatMap((expression, i) => {
      const [wanted, got] = [theirs, ours].map((results) => shown(results.get(`r${i}`)))
      return wanted === got ? [] : [`${expression}: OPA says ${wanted!}, the engine ${got!}`]
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function shown(value: RegoValue | undefined): string {
  return value === undefined ? 'undefined' : printLiteral(value)
}

function askOpa(file: string, folder: string): RegoObject {
  const input = join(folder, 'input.json')
  writeFileSync(input, JSON.stringify(differentialInput))
  const query = ['eval', '--format', 'json', '--input', input, '--data', file, 'data.differential']
  const printed = run(resolvePart('opa'), query, { environment: { TZ: 'UTC' } })
  const [first] = listOf(member(parseWritten(printed), 'result'))
  const [expression] = listOf(member(first, 'expressions'))
  return objectOf(member(expression, 'value'))
}

async function askEngine(file: string, folder: string): Promise<RegoObject> {
  const { wasm } = buildWasm(resolvePart('opa'), [file], { entrypoints: ['differential'], folder })
  const program = {
    module: await WebAssembly.compile(wasm),
    data: new Uint8Array([0x7b, 0x7d]).buffer,
    entrypoint: 'differential',
    // With many constants OPA states less memory than its own data take.
    initialPages: importedMemory(wasm).minimum + 64,
    maximumPages: 4096,
    resultBytes: 64 * 1024 * 1024,
  }
  const policy = new WasmPolicy(program, loadHostBuiltins)
  await policy.link()
  const input = JSON.stringify(differentialInput)
  const options = { entrypoint: 'differential', format: 'value', context } as const
  const evaluation = policy.evaluateSet(input, options)
  if (!evaluation.ok) throw new Error(`the engine failed: ${evaluation.fault}`)
  const [first] = listOf(parseWritten(printJson(parseWritten(evaluation.result))))
  return objectOf(member(first, 'result'))
}

function member(value: RegoValue | undefined, key: string): RegoValue | undefined {
  return objectOf(value).get(key)
}

function objectOf(value: RegoValue | undefined): RegoObject {
  if (value instanceof RegoObject) return value
  throw new Error('OPA or the engine gave no object')
}

function listOf(value: RegoValue | undefined): readonly RegoValue[] {
  return Array.isArray(value) ? (value as readonly RegoValue[]) : []
}
