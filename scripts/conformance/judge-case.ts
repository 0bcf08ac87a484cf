// Runs one case through the engine that the service runs, and holds its result against what the suite wants.

import {
  hostBuiltinNames,
  loadHostBuiltins,
} from '../../service/adapter/policy-engine/builtin/host-builtins.ts'
import {
  parseLiteral,
  printJson,
  printLiteral,
} from '../../service/adapter/policy-engine/rego-literal.ts'
import {
  type Builtins,
  compare,
  RegoObject,
  RegoSet,
  type RegoValue,
} from '../../service/adapter/policy-engine/rego-value.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import type { CompiledCase } from './suite.ts'

export interface Judgement {
  readonly passed: boolean
  /** Builtins that the module asks for and the host does not have. */
  readonly missing: readonly string[]
  /** What was wanted and what came; empty when it passed. */
  readonly why: string
}

/** Cases of the suite use `test.sleep` to wait; nothing else has it. */
async function loadBuiltins(names: readonly string[]): Promise<Builtins> {
  return { ...(await loadHostBuiltins(names)), 'test.sleep': () => null }
}

/** One moment for every run of the suite. */
const context = { nowNs: () => 1_795_000_000_000_000_000n, seed: () => 'conformance' }

export async function judgeCase(one: CompiledCase, wasm: Uint8Array): Promise<Judgement> {
  try {
    return await run(one, wasm)
  } catch (error) {
    return { passed: false, missing: [], why: String(error) }
  }
}

async function run(one: CompiledCase, wasm: Uint8Array): Promise<Judgement> {
  const members = membersOf(one)
  const data = members.get('data')
  const policy = new WasmPolicy(
    {
      module: await WebAssembly.compile(wasm),
      data: new TextEncoder().encode(data === undefined ? '{}' : printJson(data)).buffer,
      entrypoint: '',
      initialPages: importedMemory(wasm).minimum,
      maximumPages: 4096,
      resultBytes: 16 * 1024 * 1024,
    },
    loadBuiltins,
  )
  await policy.link()
  const { builtins: named, entrypoints } = policy.describe()
  const missing = named.filter((name) => name !== 'test.sleep' && !hostBuiltinNames.has(name))
  const input = members.get('input')
  const json = input === undefined ? null : printJson(input)
  const term = one.case.input_term === undefined ? json : withoutLastCommas(one.case.input_term)
  const [entrypoint = ''] = entrypoints
  const evaluation = policy.evaluateSet(term, { entrypoint, format: 'value', context })
  const got = evaluation.ok ? resultsOf(parseLiteral(evaluation.result), one) : evaluation.fault
  const why = differenceOf(one, members.get('want_result'), got)
  return { passed: why === '', missing, why }
}

/** Rego may have a comma before an end; the reader of modules takes none. */
function withoutLastCommas(term: string): string {
  return term.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? '' : found))
}

/** The case's own members, with numbers as exact as they are written. */
function membersOf({ text }: CompiledCase): RegoObject {
  const line = parseLiteral(text)
  const members = line instanceof RegoObject ? line.get('case') : undefined
  if (members instanceof RegoObject) return members
  throw new Error('the line has no case')
}

function differenceOf(
  { case: asked }: CompiledCase,
  want: RegoValue | undefined,
  got: RegoSet | string,
): string {
  if (asked.want_defined !== undefined) {
    const defined = typeof got !== 'string' && got.members.length > 0
    return defined === asked.want_defined
      ? ''
      : `wanted ${asked.want_defined ? '' : 'un'}defined, got ${textOf(got)}`
  }
  if (want !== undefined) return sameResults(want, got)
  if (asked.want_error_code === undefined && asked.want_error === undefined) return ''
  // WebAssembly knows no strict errors: there, undefined is right.
  if (asked.strict_error === true) return sameResults([], got)
  return typeof got === 'string'
    ? ''
    : `wanted ${asked.want_error_code ?? 'an error'}, got ${textOf(got)}`
}

function sameResults(want: RegoValue, got: RegoSet | string): string {
  const wanted = new RegoSet(Array.isArray(want) ? (want as readonly RegoValue[]) : [])
  return typeof got !== 'string' && compare(wanted, got) === 0
    ? ''
    : `wanted ${printLiteral(wanted)}, got ${textOf(got)}`
}

/** The set of bindings; sets in them are lists, as in JSON. */
function resultsOf(results: RegoValue, { case: asked }: CompiledCase): RegoSet {
  const all =
    results instanceof RegoSet
      ? results.members
      : Array.isArray(results)
        ? (results as readonly RegoValue[])
        : []
  return new RegoSet(
    all.map((bindings) => {
      if (!(bindings instanceof RegoObject)) return bindings
      return new RegoObject(
        bindings.entries.map(([name, value]) => {
          const json = parseLiteral(printJson(value))
          const isList = asked.sort_bindings === true && Array.isArray(json)
          return [name, isList ? [...(json as readonly RegoValue[])].sort(compare) : json]
        }),
      )
    }),
  )
}

function textOf(got: RegoSet | string): string {
  return typeof got === 'string' ? got : printLiteral(got)
}
