/** Decimal numbers times a factor: exactly, as Go's big.Rat, and with 64 bits, as its big.Float. */
import { BuiltinError, WrittenNumber, type RegoNumber } from '../rego-value.ts'

/** The number is the numerator over the denominator, which is above zero. */
export type Ratio = { readonly numerator: bigint; readonly denominator: bigint }

const pattern = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/
const places = 10n
const mantissaBits = 64

export function ratioOf(text: string): Ratio {
  const [all, sign = '', whole = '', fraction = '', alone = '', exponent = '0'] =
    pattern.exec(text) ?? []
  if (all === undefined) throw new BuiltinError('the amount is no number')
  const decimals = fraction + alone
  const magnitude = BigInt(`${whole}${decimals}`)
  const scale = Number(exponent) - decimals.length
  const power = 10n ** BigInt(Math.abs(scale))
  return scaled({ numerator: sign === '-' ? -magnitude : magnitude, denominator: 1n }, power, scale)
}

function scaled({ numerator, denominator }: Ratio, power: bigint, scale: number): Ratio {
  return scale < 0
    ? { numerator, denominator: denominator * power }
    : { numerator: numerator * power, denominator }
}

/** An integer, or ten decimal places, halves rounded away from zero. */
export function exactProduct(number: Ratio, factor: Ratio): RegoNumber | WrittenNumber {
  const numerator = number.numerator * factor.numerator
  const denominator = number.denominator * factor.denominator
  if (numerator % denominator === 0n) return safe(numerator / denominator)
  const magnitude = abs(numerator) * 10n ** places
  const rounded = (2n * magnitude + denominator) / (2n * denominator)
  const digits = rounded.toString().padStart(Number(places) + 1, '0')
  const at = digits.length - Number(places)
  const text = `${numerator < 0n ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}`
  return new WrittenNumber(text, Number(text))
}

/** Both the number and the product are rounded to 64 bits, and the product's fraction is cut off. */
export function roundedProduct(number: Ratio, factor: bigint): RegoNumber {
  const { numerator, denominator } = toBits(number)
  const product = toBits({ numerator: numerator * factor, denominator })
  return safe(product.numerator / product.denominator)
}

/** To the nearest number of so many significant bits, halves to the even one. */
function toBits({ numerator, denominator }: Ratio): Ratio {
  const magnitude = abs(numerator)
  if (magnitude === 0n) return { numerator: 0n, denominator: 1n }
  const length = bitLength(magnitude) - bitLength(denominator)
  // With this shift the quotient has one or two bits more than are kept.
  const shift = mantissaBits + 1 - length
  const top = shift > 0 ? magnitude << BigInt(shift) : magnitude
  const bottom = shift < 0 ? denominator << BigInt(-shift) : denominator
  const quotient = top / bottom
  const dropped = BigInt(bitLength(quotient) - mantissaBits)
  const kept = halfToEven(quotient, dropped, top % bottom !== 0n)
  const sign = numerator < 0n ? -1n : 1n
  const exponent = dropped - BigInt(shift)
  return exponent < 0n
    ? { numerator: sign * kept, denominator: 1n << -exponent }
    : { numerator: (sign * kept) << exponent, denominator: 1n }
}

function halfToEven(quotient: bigint, dropped: bigint, hasMore: boolean): bigint {
  const kept = quotient >> dropped
  const rest = quotient - (kept << dropped)
  const half = dropped === 0n ? 1n : 1n << (dropped - 1n)
  if (rest < half) return kept
  return rest > half || hasMore || (kept & 1n) === 1n ? kept + 1n : kept
}

function bitLength(value: bigint): number {
  const hex = value.toString(16)
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.slice(0, 1), 16)) + 28
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}

function safe(value: bigint): RegoNumber {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
