// Five attacks on the engine through its input, by a policy that falls for them (hostile.rego of the fixtures).

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { EngineActivation } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { readTar } from '../../service/bundle/read-tar.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { root } from '../parts/root.ts'

const packed = join(root, 'test/fixtures/policy/hostile.tar.gz')
/** Most automata of RE2 are small; of this one it has to follow thousands of states through a long text. */
const pattern = '(x*)*(y?){200}(a.{0,200}){4}b'

const levels = 100_000

/** The input of each attack, as JSON. */
export const attacks = {
  'an endless comprehension': '{"do":"comprehension"}',
  'a catastrophic regular expression': JSON.stringify({
    ...{ do: 'regex', pattern, text: 'a'.repeat(43) },
  }),
  'memory growth': '{"do":"memory"}',
  'deep recursion through walk': `{"do":"walk","value":${'['.repeat(levels)}1${']'.repeat(levels)}}`,
  'a 50 MB result': JSON.stringify({ do: 'result', text: 'x'.repeat(250_000), times: 200 }),
} as const

export type Attack = keyof typeof attacks

export const attackNames = Object.keys(attacks) as Attack[]

export function hostileActivation(): EngineActivation {
  const wasm = readTar(gunzipSync(readFileSync(packed))).get('policy.wasm')
  if (wasm === undefined) throw new Error(`${packed} holds no policy.wasm: build it again`)
  return {
    policy: { revision: 'hostile', digest: `sha256:${'0'.repeat(64)}` },
    ...{ wasm, entrypoint: 'hostile/choose', authors: [], rawAuthzen: false, rules: {} },
    data: new Map(),
    registry: {} as Registry,
  }
}

/** A question that the same policy answers at once, as large as an ordinary one. */
export function ordinary(value: number): string {
  return JSON.stringify({ do: 'echo', value, ballast: 'x'.repeat(3000) })
}
