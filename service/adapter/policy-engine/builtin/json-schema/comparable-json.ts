/** What schemas compare values by, and print them as: Go's JSON, all of whose numbers are floating-point. */
import { printJson } from '../../rego-literal.ts'
import { RegoObject, RegoSet, type RegoValue } from '../../rego-value.ts'
import { goJson } from '../go-json.ts'
import { numberOf } from '../operand.ts'

export function comparableJson(value: RegoValue): string {
  return goJson(floating(value))
}

function floating(value: RegoValue): RegoValue {
  if (typeof value === 'bigint' || typeof value === 'number') return shortest(Number(value))
  if (value instanceof RegoSet) return value.members.map(floating)
  if (value instanceof RegoObject)
    return new RegoObject(value.entries.map(([key, item]) => [key, floating(item)]))
  return Array.isArray(value) ? (value as readonly RegoValue[]).map(floating) : value
}

/** The name of a member; all of them are text in what was JSON. */
export function nameOf(key: RegoValue): string {
  return typeof key === 'string' ? key : printJson(key)
}

/** Whole numbers that no double holds exactly are written with no more digits than tell them apart. */
function shortest(value: number): RegoValue {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? numberOf(BigInt(String(value))) : value
}

/** A number as Go prints a big one (`%v` of *big.Float). */
export function goNumber(value: number | bigint): string {
  const [mantissa = '', exponent = '0'] = Number(value).toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${exponent}`))
  const size = String(Math.abs(power)).padStart(2, '0')
  return `${mantissa}e${power < 0 ? '-' : '+'}${size}`
}
