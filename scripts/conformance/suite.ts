// The cases of OPA's own conformance suite, compiled to WebAssembly by OPA itself: once, kept in .cache/.

import { spawnSync } from 'node:child_process'
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { parts } from '../parts.ts'
import { cache, root } from '../parts/root.ts'
import { run } from '../parts/run.ts'

/** One case as the suite writes it; what it wants is JSON. */
export interface SuiteCase {
  readonly note: string
  readonly query: string
  readonly data?: unknown
  readonly input?: unknown
  /** A Rego term in place of the input. */
  readonly input_term?: string
  readonly want_defined?: boolean
  readonly want_result?: readonly Readonly<Record<string, unknown>>[]
  readonly want_error_code?: string
  readonly want_error?: string
  readonly sort_bindings?: boolean
  readonly strict_error?: boolean
}

export interface CompiledCase {
  /** Of Rego: v0 or v1. */
  readonly version: string
  readonly topic: string
  readonly case: SuiteCase
  /** The line as it was written: numbers of any size keep their text in it. */
  readonly text: string
  /** Null, and why: OPA does not compile the case. */
  readonly wasm: Uint8Array | null
  readonly refused: string
}

const folder = join(root, 'scripts/tools/opa')
const { version } = parts.opa

/** @param topic none: all of them */
export async function* compiledCases(topic?: string): AsyncGenerator<CompiledCase> {
  const lines = createInterface({ input: createReadStream(compiledFile()), crlfDelay: Infinity })
  for await (const text of lines) {
    // A line is up to a megabyte; what is not asked for is not read.
    if (topic !== undefined && !text.includes(`"topic":"${topic}"`)) continue
    const {
      wasm,
      refused = '',
      ...rest
    } = JSON.parse(text) as Omit<CompiledCase, 'wasm' | 'text' | 'refused'> & {
      readonly wasm?: string
      readonly refused?: string
    }
    const module = wasm === undefined ? null : gunzipSync(Buffer.from(wasm, 'base64'))
    yield { ...rest, refused, wasm: module, text: text.replace(/"wasm":"[^"]*",/, '') }
  }
}

/** Made whole or not at all. */
function compiledFile(): string {
  const path = join(cache, `conformance-${version}.jsonl`)
  if (existsSync(path)) return path
  mkdirSync(cache, { recursive: true })
  const options = { folder, environment: { CGO_ENABLED: '0', GOWORK: 'off' } }
  const module = 'github.com/open-policy-agent/opa'
  const [found, source] = run('go', ['list', '-m', '-f', '{{.Version}} {{.Dir}}', module], options)
    .trim()
    .split(' ')
  if (found !== `v${version}` || source === undefined)
    throw new Error(`go.mod has OPA ${found ?? ''}, the list has ${version}`)
  process.stderr.write(`compiling the conformance suite of OPA ${version} (once)\n`)
  const compiler = join(cache, `conformance-${version}-compiler`)
  run('go', ['build', '-mod=readonly', '-o', compiler, './conformance'], options)
  const unfinished = `${path}.${String(process.pid)}`
  const out = openSync(unfinished, 'w')
  const { status } = spawnSync(compiler, [join(source, 'v1/test/cases/testdata')], {
    stdio: ['ignore', out, 'inherit'],
  })
  closeSync(out)
  rmSync(compiler)
  if (status !== 0) throw new Error('the conformance suite could not be compiled')
  renameSync(unfinished, path)
  return path
}
