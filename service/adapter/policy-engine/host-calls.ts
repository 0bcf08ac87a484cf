/**
 * Calls of a module to its host. Operands and results cross as the text of Rego values, so that sets and
 * great numbers survive; the SDK's own calls would pass them as JSON, and abort on an error.
 */
import { parseLiteral, parseWritten, printLiteral } from './rego-literal.ts'
import {
  BuiltinError,
  type Builtin,
  type BuiltinContext,
  type Builtins,
  type RegoValue,
} from './rego-value.ts'

/** Addresses are unsigned 32-bit numbers, which WebAssembly hands out as signed ones. */
export type HostExports = {
  readonly opa_malloc: (bytes: number) => number
  readonly opa_value_dump: (value: number) => number
  readonly opa_value_parse: (text: number, bytes: number) => number
}

export type HostCall = (id: number, context: number, ...operands: readonly number[]) => number

const utf8 = new TextEncoder()

export class HostCalls {
  #builtins: Builtins = {}
  #names: ReadonlyMap<number, string> = new Map()
  #exports: HostExports | null = null
  #memory: WebAssembly.Memory | null = null
  /** Calls since it was made, by name: what a profile shows. */
  readonly counts = new Map<string, number>()
  /** What the query that is under way may know. */
  context: BuiltinContext | null = null

  /** @param names of builtins by the numbers that the module calls them by */
  bind(bound: {
    readonly exports: HostExports
    readonly memory: WebAssembly.Memory
    readonly names: ReadonlyMap<number, string>
    readonly builtins: Builtins
  }): void {
    this.#exports = bound.exports
    this.#memory = bound.memory
    this.#names = bound.names
    this.#builtins = bound.builtins
  }

  /** 0 is undefined. */
  readonly call: HostCall = (id, _context, ...operands) => {
    const name = this.#names.get(id) ?? ''
    const builtin = this.#builtins[name]
    if (builtin === undefined || this.context === null)
      throw new Error(`no builtin ${String(id)} ${name}`)
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    try {
      const result = builtin(
        this.context,
        ...operands.map((operand) => this.#read(operand, builtin)),
      )
      return result === undefined ? 0 : this.#write(printLiteral(result))
    } catch (error) {
      // A stack that ran out in a builtin, or a number that is none, is undefined like any other failure.
      if (error instanceof BuiltinError || error instanceof RangeError) return 0
      throw error
    }
  }

  #read(value: number, { takesWritten }: Builtin): RegoValue {
    const address = this.#linked().exports.opa_value_dump(value) >>> 0
    const { buffer } = this.#linked().memory
    const end = new Uint8Array(buffer).indexOf(0, address)
    const text = Buffer.from(buffer, address, end - address).toString('utf8')
    return takesWritten === true ? parseWritten(text) : parseLiteral(text)
  }

  #write(text: string): number {
    const bytes = utf8.encode(text)
    const { exports, memory } = this.#linked()
    const address = exports.opa_malloc(bytes.length) >>> 0
    new Uint8Array(memory.buffer).set(bytes, address)
    const value = exports.opa_value_parse(address, bytes.length) >>> 0
    if (value === 0) throw new Error('the module cannot read what a builtin gave')
    return value
  }

  #linked(): { readonly exports: HostExports; readonly memory: WebAssembly.Memory } {
    if (this.#exports === null || this.#memory === null) throw new Error('not linked')
    return { exports: this.#exports, memory: this.#memory }
  }
}
