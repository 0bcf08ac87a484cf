/** `sprintf` (v1/topdown/strings.go): integers as integers, numbers with a point or an exponent as floats. */
import {
  BuiltinError,
  takingWritten,
  WrittenNumber,
  type Builtins,
  type RegoValue,
} from '../rego-value.ts'
import type { Argument } from './go/directive.ts'
import { sprintf } from './go/printf.ts'
import { textOperand } from './operand.ts'
import { printTerm } from './print-term.ts'

export const sprintfBuiltins: Builtins = {
  sprintf: takingWritten((_context, format, args) => {
    const text = textOperand(format).toWellFormed()
    if (!Array.isArray(args)) throw new BuiltinError('operand must be an array')
    return sprintf(text, (args as readonly RegoValue[]).map(argumentOf))
  }),
}

function argumentOf(value: RegoValue): Argument {
  if (typeof value === 'string') return value.toWellFormed()
  return value instanceof WrittenNumber ? numberOf(value.text) : printTerm(value)
}

/** What no double can hold stays text, as in OPA. */
function numberOf(text: string): Argument {
  if (!/[.eE]/.test(text)) return BigInt(text)
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}
