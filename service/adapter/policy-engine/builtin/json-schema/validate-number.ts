/** Bounds of numbers; multiples are exact in decimals, as they are written. */
import { printLiteral } from '../../rego-literal.ts'
import type { RegoNumber } from '../../rego-value.ts'
import { goNumber } from './comparable-json.ts'
import type { Place, Report } from './report.ts'
import type { Schema } from './schema.ts'

export function validateNumber(
  report: Report,
  schema: Schema,
  value: RegoNumber,
  place: Place,
): void {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema.numbers
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    report.add('multiple_of', place, `Must be a multiple of ${goNumber(multipleOf)}`)
  if (maximum !== undefined && value > maximum)
    report.add('number_lte', place, `Must be less than or equal to ${goNumber(maximum)}`)
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    report.add('number_lt', place, `Must be less than ${goNumber(exclusiveMaximum)}`)
  if (minimum !== undefined && value < minimum)
    report.add('number_gte', place, `Must be greater than or equal to ${goNumber(minimum)}`)
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    report.add('number_gt', place, `Must be greater than ${goNumber(exclusiveMinimum)}`)
  report.count()
}

function isMultiple(value: RegoNumber, of: RegoNumber): boolean {
  const [a, b] = [decimalOf(value), decimalOf(of)]
  const scale = Math.max(a.scale, b.scale)
  return scaled(a, scale) % scaled(b, scale) === 0n
}

type Decimal = { readonly digits: bigint; readonly scale: number }

/** `digits / 10^scale`; the scale of what is a multiple of ten may be below zero. */
function decimalOf(value: RegoNumber): Decimal {
  const [mantissa = '', exponent = '0'] = printLiteral(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length - Number(exponent) }
}

function scaled({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale)
}
