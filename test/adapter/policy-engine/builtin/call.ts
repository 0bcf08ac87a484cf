// Calls one builtin with operands as Rego text, and gives its result as Rego text.

import { loadHostBuiltins } from '../../../../service/adapter/policy-engine/builtin/host-builtins.ts'
import {
  parseLiteral,
  printLiteral,
} from '../../../../service/adapter/policy-engine/rego-literal.ts'
import { BuiltinError } from '../../../../service/adapter/policy-engine/rego-value.ts'

const context = { nowNs: () => 0n, seed: () => '' }

/** `undefined` as a module would see it; what is no BuiltinError is thrown. */
export async function call(name: string, ...operands: readonly string[]): Promise<string> {
  const builtin = (await loadHostBuiltins([name]))[name]
  if (builtin === undefined) throw new Error(`there is no ${name}`)
  try {
    const value = builtin(context, ...operands.map(parseLiteral))
    return value === undefined ? 'undefined' : printLiteral(value)
  } catch (error) {
    if (error instanceof BuiltinError) return 'undefined'
    throw error
  }
}
