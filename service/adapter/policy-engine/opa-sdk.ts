/**
 * What of `@open-policy-agent/opa-wasm` 1.10.0 is used, and the exports of a module that OPA compiled
 * (ABI 1.2 and later).
 *
 * The SDK links the module, checks the ABI and dispatches builtins; its `evaluate` is gone round,
 * because it reads results byte by byte and grows memory behind the module's back.
 */
import { loadPolicy } from '@open-policy-agent/opa-wasm'

export type HostBuiltins = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>

/** Addresses are unsigned 32-bit numbers, which WebAssembly hands out as signed ones. */
export type PolicyExports = {
  readonly opa_malloc: (bytes: number) => number
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
    format: 0,
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
  readonly builtins: HostBuiltins
}

/** A new instance with its data parsed. Throws what the SDK throws: strings and objects, too. */
export async function linkPolicy(options: LinkOptions): Promise<LinkedPolicy> {
  const { initialPages: initial, maximumPages: maximum } = options
  const loaded = await loadPolicy(options.module, { initial, maximum }, { ...options.builtins })
  if (!(Number(loaded.minorVersion) >= 2)) throw new Error('the module has an ABI older than 1.2')
  loaded.setData(options.data)
  const { exports } = loaded.wasmInstance as { exports: unknown }
  return {
    exports: exports as PolicyExports,
    memory: loaded.mem,
    entrypoints: loaded.entrypoints as LinkedPolicy['entrypoints'],
    data: loaded.dataAddr,
    heap: loaded.dataHeapPtr as number,
  }
}
