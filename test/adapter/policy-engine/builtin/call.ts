// Calls one builtin with operands as Rego text, and gives its result as Rego text.

import { loadHostBuiltins } from '../../../../service/adapter/policy-engine/builtin/host-builtins.ts'
import {
  parseLiteral,
  parseWritten,
  printLiteral,
} from '../../../../service/adapter/policy-engine/rego-literal.ts'
import {
  BuiltinError,
  type BuiltinContext,
} from '../../../../service/adapter/policy-engine/rego-value.ts'

/** A query of its own: 2026-11-18T11:33:20Z. */
export const query: BuiltinContext = {
  nowNs: () => 1_795_000_000_000_000_000n,
  seed: () => 'a decision',
}

/** `undefined` as a module would see it; what is no BuiltinError is thrown. */
export function call(name: string, ...operands: readonly string[]): Promise<string> {
  return callIn(query, name, ...operands)
}

/** The same in another query. */
export async function callIn(
  context: BuiltinContext,
  name: string,
  ...operands: readonly string[]
): Promise<string> {
  const builtin = (await loadHostBuiltins([name]))[name]
  if (builtin === undefined) throw new Error(`there is no ${name}`)
  try {
    const parse = builtin.takesWritten === true ? parseWritten : parseLiteral
    const value = builtin(context, ...operands.map(parse))
    return value === undefined ? 'undefined' : printLiteral(value)
  } catch (error) {
    if (error instanceof BuiltinError || error instanceof RangeError) return 'undefined'
    throw error
  }
}
