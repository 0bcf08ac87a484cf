/** Operands of the kind that a builtin wants. Any other makes the call undefined, as in OPA. */
import {
  BuiltinError,
  BuiltinLimit,
  RegoObject,
  RegoSet,
  type RegoType,
  type RegoValue,
  typeOf,
} from '../rego-value.ts'

/** What one call may make, in members of a list or set; the module's memory ends soon after. */
const mostMembers = 1_000_000

export function textOperand(value: RegoValue): string {
  if (typeof value === 'string') return value
  throw wrong(value, 'string')
}

export function listOperand(value: RegoValue): readonly RegoValue[] {
  if (Array.isArray(value)) return value as readonly RegoValue[]
  throw wrong(value, 'array')
}

export function objectOperand(value: RegoValue): RegoObject {
  if (value instanceof RegoObject) return value
  throw wrong(value, 'object')
}

/** The members of an array or a set. */
export function membersOperand(value: RegoValue): readonly RegoValue[] {
  return value instanceof RegoSet ? value.members : listOperand(value)
}

/** The strings of an array or a set. */
export function textsOperand(value: RegoValue): readonly string[] {
  return membersOperand(value).map(textOperand)
}

/** What Go's int holds: 64 bits. */
export function int64Operand(value: RegoValue): bigint {
  const integer = integerOperand(value)
  if (BigInt.asIntN(64, integer) === integer) return integer
  throw new BuiltinError('operand must be an integer of 64 bits')
}

/** A number without a fraction, of any size. */
export function integerOperand(value: RegoValue): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  throw wrong(value, 'number')
}

/** Exact integers as this engine holds them. */
export function numberOf(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

/** @throws BuiltinLimit */
export function checkMembers(count: number | bigint): void {
  if (count > mostMembers) throw new BuiltinLimit(`more than ${String(mostMembers)} members`)
}

function wrong(value: RegoValue, wanted: RegoType): BuiltinError {
  return new BuiltinError(`operand must be ${wanted} but got ${typeOf(value)}`)
}
