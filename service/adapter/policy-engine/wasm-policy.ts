/**
 * One policy in WebAssembly, evaluated in this thread. It cannot be interrupted: a worker holds it.
 *
 * The input is written straight into the module's memory and the result is read from it; each evaluation
 * begins with the heap as it was after loading. After a fault the instance is dropped: nothing that a
 * trapped policy left in memory meets the next query.
 */
import type { EngineFault } from '../../contract/reason-code.ts'
import type { Evaluation } from '../../port/policy-engine.ts'
import { HostCalls } from './host-calls.ts'
import { linkPolicy, type LinkedPolicy } from './opa-sdk.ts'
import { contextOf } from './query-context.ts'
import type { BuiltinContext, LoadBuiltins } from './rego-value.ts'

export type PolicyProgram = {
  readonly module: WebAssembly.Module
  /** JSON text of the data, as UTF-8. */
  readonly data: ArrayBuffer
  readonly entrypoint: string
  readonly initialPages: number
  readonly maximumPages: number
  /** Bytes of a result that are still read. */
  readonly resultBytes: number
}

/** What a module says of itself. */
export type PolicyDescription = {
  readonly builtins: readonly string[]
  readonly entrypoints: readonly string[]
}

export type EvaluateOptions = {
  readonly entrypoint: string
  readonly format?: 'json' | 'value'
  readonly context?: BuiltinContext
}

const before = '[{"result":'
const after = '}]'
const utf8 = new TextEncoder()

export class WasmPolicy {
  readonly #program: PolicyProgram
  readonly #calls = new HostCalls()
  readonly #loadBuiltins: LoadBuiltins
  #linked: LinkedPolicy | null = null
  #view = new Uint8Array(0)

  constructor(program: PolicyProgram, loadBuiltins: LoadBuiltins) {
    this.#program = program
    this.#loadBuiltins = loadBuiltins
  }

  /** How often the host was called since this was made, by builtin. */
  get hostCalls(): ReadonlyMap<string, number> {
    return this.#calls.counts
  }

  /** Makes the instance, if there is none. */
  async link(): Promise<void> {
    const { module, data, initialPages, maximumPages } = this.#program
    const calls = this.#calls
    const loadBuiltins = this.#loadBuiltins
    const options = { module, data, initialPages, maximumPages, calls, loadBuiltins }
    this.#linked ??= await linkPolicy(options)
  }

  /** False before `link`, and after a fault that spoilt the instance. */
  isLinked(): boolean {
    return this.#linked !== null
  }

  describe(): PolicyDescription {
    if (this.#linked === null) return { builtins: [], entrypoints: [] }
    const { exports, entrypoints } = this.#linked
    const names = this.#text(
      this.#linked,
      exports.opa_json_dump(exports.builtins()) >>> 0,
      Infinity,
    )
    return {
      builtins: Object.keys(JSON.parse(names ?? '{}') as object),
      entrypoints: Object.keys(entrypoints),
    }
  }

  /** Never throws. @param entrypoint another one than that of the program. */
  evaluate(input: string, entrypoint = this.#program.entrypoint): Evaluation {
    const set = this.evaluateSet(input, { entrypoint })
    if (!set.ok) return set
    const { result } = set
    if (result === '[]') return fault('engine.undefined')
    if (!result.startsWith(before) || !result.endsWith(after)) return fault('engine.malformed')
    return { ok: true, result: result.slice(before.length, -after.length) }
  }

  /**
   * The whole set of results: as JSON, or as the text of a Rego value. Never throws.
   *
   * @param input JSON text; null for none
   */
  evaluateSet(
    input: string | null,
    { entrypoint, format = 'json', context = contextOf(input) }: EvaluateOptions,
  ): Evaluation {
    const linked = this.#linked
    const id = linked?.entrypoints[entrypoint]
    if (linked === null || id === undefined) return fault('engine.unavailable')
    this.#calls.context = context
    try {
      const address = this.#run(linked, id, input, format === 'json' ? 0 : 1)
      const result = this.#text(linked, address, this.#program.resultBytes)
      if (result !== null) return { ok: true, result }
      // Memory never shrinks: what one result made grow is let go with the instance.
      this.drop()
      return fault('engine.too_large')
    } catch (error) {
      this.drop()
      return fault(faultOf(error))
    }
  }

  /** The instance is spoilt: nothing is evaluated before `link`. */
  drop(): void {
    this.#linked = null
    this.#view = new Uint8Array(0)
  }

  /** The address of the JSON text of the result set. */
  #run(linked: LinkedPolicy, entrypoint: number, input: string | null, format: 0 | 1): number {
    const { exports, data, heap } = linked
    exports.opa_heap_ptr_set(heap)
    if (input === null) return exports.opa_eval(0, entrypoint, data, 0, 0, heap, format) >>> 0
    // The module's own allocator makes room: memory that the host grows is unknown to it, and it would
    // then grow by a page for every value. A UTF-16 unit is at most three bytes of UTF-8.
    const address = exports.opa_malloc(input.length * 3) >>> 0
    const room = this.#memory(linked).subarray(address, address + input.length * 3)
    const { written } = utf8.encodeInto(input, room)
    const free = (address + written + 7) & ~7
    return exports.opa_eval(0, entrypoint, data, address, written, free, format) >>> 0
  }

  /** Text up to its NUL; null when it is longer than that many bytes. */
  #text(linked: LinkedPolicy, address: number, most: number): string | null {
    const memory = this.#memory(linked)
    const end = memory.indexOf(0, address)
    if (end === -1) throw new Error('the text has no end')
    if (end - address > most + before.length + after.length) return null
    return Buffer.from(linked.memory.buffer, address, end - address).toString('utf8')
  }

  /** Growing the memory detaches its buffer. */
  #memory({ memory }: LinkedPolicy): Uint8Array {
    if (this.#view.buffer !== memory.buffer) this.#view = new Uint8Array(memory.buffer)
    return this.#view
  }
}

function fault(code: EngineFault): Evaluation {
  return { ok: false, fault: code }
}

/** An abort comes from the SDK as a bare string: the module's own message. */
function faultOf(error: unknown): EngineFault {
  return typeof error === 'string' && error.startsWith('opa_malloc')
    ? 'engine.memory'
    : 'engine.trap'
}
