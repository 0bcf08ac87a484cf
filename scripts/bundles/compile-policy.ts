// Policy from Rego sources: the module, its sources and the map of its rules, as one bundle's content. Sources
// lie in a folder of their own while OPA compiles them, so that names and bytes depend on nothing else.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { RuleMap } from '../../service/contract/rule-map.ts'
import { buildWasm } from './opa-build.ts'
import { ruleMapOf } from './rule-map.ts'

export interface CompileOptions {
  readonly opa: string
  /** `package/rule`, each. */
  readonly entrypoints: readonly string[]
  /** The file of what policy may call. */
  readonly capabilities: string
}

export interface CompiledPolicy {
  /** `policy.wasm`, and the sources under their names. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly wasm: readonly unknown[]
  readonly metadata: { readonly rules: RuleMap }
}

/** @param sources name -> text; names are what people are shown. Throws what OPA says of them. */
export function compilePolicy(
  sources: ReadonlyMap<string, Uint8Array>,
  { opa, entrypoints, capabilities }: CompileOptions,
): CompiledPolicy {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-policy-'))
  try {
    for (const [name, text] of sources) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const limits = { folder, entrypoints, capabilities: resolve(capabilities) }
    const built = buildWasm(opa, [...sources.keys()].sort(), limits)
    const files = new Map([...built.sources, ['policy.wasm', built.wasm]])
    return { files, wasm: built.resolvers, metadata: { rules: ruleMapOf(opa, folder, sources) } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
