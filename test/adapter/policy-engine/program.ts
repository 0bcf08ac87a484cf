/** Policies that OPA compiled, as the engine takes them. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parseJson } from '../../../service/bundle/parse-json.ts'
import { readTar } from '../../../service/bundle/read-tar.ts'
import type { JsonObject } from '../../../service/bundle/json-value.ts'
import type { EngineActivation } from '../../../service/adapter/policy-engine/start-policy-engine.ts'
import type { Registry } from '../../../service/contract/registry.ts'

export type TrialName = 'trials' | 'foreign' | 'hostile'

/** The module of a fixture, built by `opa build` 1.22.2. */
export function wasmOf(name: TrialName): Uint8Array {
  const packed = readFileSync(new URL(`../../fixtures/policy/${name}.tar.gz`, import.meta.url))
  return readTar(gunzipSync(packed)).get('policy.wasm')!
}

export function activationOf(name: TrialName, data = '{}'): EngineActivation {
  return {
    policy: { revision: name, digest: `sha256:${'0'.repeat(64)}` },
    wasm: wasmOf(name),
    entrypoint: `${name}/choose`,
    authors: [],
    rawAuthzen: false,
    rules: {},
    data: parseJson(new TextEncoder().encode(data)) as JsonObject,
    registry: {} as Registry,
  }
}

export const engineLimits = { workers: 1, evaluationMilliseconds: 1000, pages: 64 }

/** A question that the policy answers with the value. */
export function echo(value: unknown): string {
  return JSON.stringify({ do: 'echo', value })
}
