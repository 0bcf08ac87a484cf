// What policy may use: the builtins that OPA compiles into WebAssembly and those that our host supplies.
// Found by asking: every builtin is called once in a module, and what the module imports is not native.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostBuiltinNames } from '../../service/adapter/policy-engine/builtin/host-builtins.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { run } from '../parts/run.ts'
import { buildWasm } from './opa-build.ts'

interface Builtin {
  readonly name: string
  readonly deprecated?: boolean
  readonly decl: { readonly args?: readonly unknown[]; readonly result?: unknown }
}

/** `wasm_abi_versions` is left out: an empty list would forbid WebAssembly. */
interface Capabilities {
  readonly builtins: readonly Builtin[]
  readonly features: readonly string[]
}

/** Resolved by the compiler, so no module imports them, whatever they are called with. */
const compileTime = ['assign', 'eq', 'rego.metadata.chain', 'rego.metadata.rule']
/** Language features that policy may use; new ones are taken up on purpose. */
const features = ['keywords_in_refs', 'rego_v1', 'template_strings']

/** JSON text of the capabilities for `opa build`, `opa check` and Regal. */
export async function capabilitiesText(opa: string): Promise<string> {
  const all = JSON.parse(run(opa, ['capabilities', '--current'])) as Capabilities
  const callable = all.builtins.filter(isCallable)
  const imported = await importsOf(opa, callable)
  const allowed = all.builtins.filter(
    ({ name }) =>
      compileTime.includes(name) ||
      hostBuiltinNames.has(name) ||
      (callable.some((builtin) => builtin.name === name) && !imported.includes(name)),
  )
  const capabilities = {
    builtins: allowed,
    future_keywords: [],
    features: all.features.filter((feature) => features.includes(feature)),
    allow_net: [],
  }
  return `${JSON.stringify(capabilities, null, 2)}\n`
}

/** Has a value, and can be written as a call; what is deprecated, strict Rego refuses. */
function isCallable({ name, deprecated, decl }: Builtin): boolean {
  return decl.result !== undefined && deprecated !== true && !compileTime.includes(name)
}

/** Builtins that a module which calls all of them asks of its host. */
async function importsOf(opa: string, builtins: readonly Builtin[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-capabilities-'))
  try {
    writeFileSync(join(folder, 'all.rego'), `package all\n\n${builtins.map(callOf).join('\n')}\n`)
    const { wasm } = buildWasm(opa, ['all.rego'], { folder, entrypoints: ['all'] })
    const program = {
      module: await WebAssembly.compile(wasm),
      data: new Uint8Array([0x7b, 0x7d]).buffer,
      entrypoint: 'all',
      initialPages: importedMemory(wasm).minimum,
      maximumPages: 1024,
      resultBytes: 0,
    }
    const policy = new WasmPolicy(program, () => Promise.resolve({}))
    await policy.link()
    return policy.describe().builtins
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function callOf({ name, decl }: Builtin, at: number): string {
  const given = (decl.args ?? []).map((_, argument) => `input.a${argument}`)
  return `r${at} := ${name}(${given.join(', ')})`
}
