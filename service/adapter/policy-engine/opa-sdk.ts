/**
 * What of `@open-policy-agent/opa-wasm` 1.10.0 is used, and the exports of a module that OPA compiled
 * (ABI 1.2 and later).
 *
 * The SDK links the module, checks the ABI and parses data. Its `evaluate` is gone round, because it reads
 * results byte by byte and grows memory behind the module's back; its host functions are replaced when the
 * module is instantiated, because they pass values as JSON, prefer builtins of their own, and abort on errors.
 */
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import type { HostCalls, HostExports } from './host-calls.ts'
import type { LoadBuiltins } from './rego-value.ts'

/** Addresses are unsigned 32-bit numbers, which WebAssembly hands out as signed ones. */
export type PolicyExports = HostExports & {
  readonly opa_heap_ptr_set: (address: number) => void
  readonly builtins: () => number
  readonly opa_json_dump: (value: number) => number
  readonly opa_eval: (
    reserved: 0,
    entrypoint: number,
    data: number,
    input: number,
    inputBytes: number,
    heap: number,
    /** 0: JSON; 1: the text of a Rego value. */
    format: 0 | 1,
  ) => number
}

export type LinkedPolicy = {
  readonly exports: PolicyExports
  readonly memory: WebAssembly.Memory
  /** Entrypoints by name: `countersign/decision` -> number. */
  readonly entrypoints: Readonly<Record<string, number>>
  /** Address of the parsed data, and of the first byte behind it. */
  readonly data: number
  readonly heap: number
}

export type LinkOptions = {
  readonly module: WebAssembly.Module
  /** JSON text; an `ArrayBuffer`, because the SDK takes nothing else for text. */
  readonly data: ArrayBuffer
  readonly initialPages: number
  readonly maximumPages: number
  readonly calls: HostCalls
  readonly loadBuiltins: LoadBuiltins
}

/** A new instance with its data parsed. Throws what the SDK throws: strings and objects, too. */
export async function linkPolicy(options: LinkOptions): Promise<LinkedPolicy> {
  const { initialPages: initial, maximumPages: maximum, calls } = options
  const loaded = await withHostCalls(calls, () => loadPolicy(options.module, { initial, maximum }))
  if (!(Number(loaded.minorVersion) >= 2)) throw new Error('the module has an ABI older than 1.2')
  const { exports } = loaded.wasmInstance as { exports: PolicyExports }
  const names = namesOf(exports, loaded.mem)
  const builtins = await options.loadBuiltins([...names.values()])
  calls.bind({ exports, memory: loaded.mem, names, builtins })
  loaded.setData(options.data)
  return {
    exports,
    memory: loaded.mem,
    entrypoints: loaded.entrypoints as LinkedPolicy['entrypoints'],
    data: loaded.dataAddr,
    heap: loaded.dataHeapPtr as number,
  }
}

type Imports = { readonly env: Readonly<Record<string, unknown>> }

/**
 * The SDK takes no host functions, but it calls `WebAssembly.instantiate` before it first waits: for just that
 * call another function stands in its place, which swaps the imports.
 */
function withHostCalls<T>(calls: HostCalls, load: () => Promise<T>): Promise<T> {
  const { instantiate } = WebAssembly
  const { call } = calls
  const functions = Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`opa_builtin${n}`, call]))
  const silent = { opa_println: () => undefined }
  WebAssembly.instantiate = (module, { env }: Imports) =>
    instantiate(module, { env: { ...env, ...functions, ...silent } })
  try {
    return load()
  } finally {
    WebAssembly.instantiate = instantiate
  }
}

function namesOf(exports: PolicyExports, memory: WebAssembly.Memory): ReadonlyMap<number, string> {
  const address = exports.opa_json_dump(exports.builtins()) >>> 0
  const end = new Uint8Array(memory.buffer).indexOf(0, address)
  const text = Buffer.from(memory.buffer, address, end - address).toString('utf8')
  const numbers = JSON.parse(text) as Readonly<Record<string, number>>
  return new Map(Object.entries(numbers).map(([name, number]) => [number, name]))
}
