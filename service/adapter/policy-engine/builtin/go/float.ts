/**
 * Doubles as Go prints them (strconv.FormatFloat): exact at any precision, ties to the even digit. JavaScript's
 * own toFixed and its like stop at a hundred digits and round ties up.
 */

/** The value is 0.digits times ten to the point; no digits are zero. */
type Decimal = { readonly digits: string; readonly point: number }

/** The value is the mantissa times two to the exponent. */
type Binary = { readonly mantissa: bigint; readonly exponent: number }

/** The bit of a normal double that is not stored. */
const hidden = 1n << 52n

/** @param precision -1 is as few digits as tell the number from its neighbours */
export function formatFloat(value: number, verb: string, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + formatPositive(Math.abs(value), verb, precision)
}

function formatPositive(value: number, verb: string, precision: number): string {
  switch (verb) {
    case 'b':
      return binary(value)
    case 'x':
      return hex(value, precision)
    case 'X':
      return hex(value, precision).toUpperCase()
    case 'e':
    case 'E':
      return scientific(value, verb, precision)
    case 'f':
      return plain(value, precision)
    default:
      return general(value, verb === 'G' ? 'E' : 'e', precision)
  }
}

function scientific(value: number, verb: string, precision: number): string {
  if (precision >= 0) return exponential(significant(exact(value), precision + 1), precision, verb)
  const decimal = shortest(value)
  return exponential(decimal, decimal.digits.length - 1, verb)
}

function plain(value: number, precision: number): string {
  if (precision >= 0) return fixed(toPlaces(exact(value), precision), precision)
  const decimal = shortest(value)
  return fixed(decimal, Math.max(decimal.digits.length - decimal.point, 0))
}

/** `%g`: whichever of the two is shorter, by the rule of C. */
function general(value: number, verb: string, precision: number): string {
  const isShortest = precision < 0
  const most = precision === 0 ? 1 : precision
  const decimal = isShortest ? shortest(value) : significant(exact(value), most)
  const { digits, point } = decimal
  let limit = isShortest ? 6 : most
  if (!isShortest && limit > digits.length && digits.length >= point) limit = digits.length
  const exponent = point - 1
  if (exponent < -4 || exponent >= limit)
    return exponential(decimal, Math.max(digits.length, 1) - 1, verb)
  return fixed(decimal, Math.max(digits.length - point, 0))
}

function exponential({ digits, point }: Decimal, places: number, verb: string): string {
  const padded = digits.padEnd(places + 1, '0')
  const exponent = digits === '' ? 0 : point - 1
  const mark = `${verb}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return `${padded.slice(0, 1)}${places > 0 ? `.${padded.slice(1, places + 1)}` : ''}${mark}`
}

function fixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (places === 0) return whole
  const fraction = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`
}

function shortest(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  return trimmed(mantissa.replace('.', ''), Number(exponent) + 1)
}

function exact(value: number): Decimal {
  const { mantissa, exponent } = parts(value)
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString()
    return trimmed(digits, digits.length)
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString()
  return trimmed(digits, digits.length + exponent)
}

function toPlaces(decimal: Decimal, places: number): Decimal {
  return significant(decimal, decimal.point + places)
}

/** Rounded to so many digits: halves to the even one. */
function significant({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point }
  if (count < 0) return { digits: '', point: 0 }
  const kept = digits.slice(0, count)
  const rest = digits.slice(count)
  // The digits are trimmed: what follows a 5 is above half.
  const isOdd = Number(kept.at(-1) ?? '0') % 2 === 1
  const isUp = rest === '5' ? isOdd : rest >= '5'
  if (!isUp) return trimmed(kept, point)
  const raised = (BigInt(kept === '' ? '0' : kept) + 1n).toString().padStart(count, '0')
  return trimmed(raised, point + raised.length - count)
}

function trimmed(digits: string, point: number): Decimal {
  const end = digits.replace(/0+$/, '')
  return end === '' ? { digits: '', point: 0 } : { digits: end, point }
}

function parts(value: number): Binary {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & (hidden - 1n)
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | hidden, exponent: biased - 1075 }
}

function binary(value: number): string {
  const { mantissa, exponent } = parts(value)
  return `${mantissa.toString()}p${exponent < 0 ? '' : '+'}${exponent}`
}

/** One hexadecimal digit before the point, 1 but for zero. */
function hex(value: number, precision: number): string {
  if (value === 0) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`
  const { mantissa, exponent } = roundedTo(normalised(value), precision)
  const digits = (mantissa & (hidden - 1n)).toString(16).padStart(13, '0')
  const fraction =
    precision < 0 ? digits.replace(/0+$/, '') : digits.slice(0, precision).padEnd(precision, '0')
  const power = exponent + 52
  const mark = `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  return `0x1${fraction === '' ? '' : `.${fraction}`}p${mark}`
}

/** With all 53 bits of a mantissa, as if there were no subnormal numbers. */
function normalised(value: number): Binary {
  const { mantissa, exponent } = parts(value)
  const missing = 53 - mantissa.toString(2).length
  return { mantissa: mantissa << BigInt(missing), exponent: exponent - missing }
}

/** To so many hexadecimal digits behind the first, halves to the even one. */
function roundedTo({ mantissa, exponent }: Binary, digits: number): Binary {
  if (digits < 0 || digits >= 13) return { mantissa, exponent }
  const dropped = BigInt(4 * (13 - digits))
  const half = 1n << (dropped - 1n)
  const rest = mantissa & ((1n << dropped) - 1n)
  const kept = mantissa >> dropped
  const isUp = rest > half || (rest === half && (kept & 1n) === 1n)
  const rounded = (isUp ? kept + 1n : kept) << dropped
  return rounded >= hidden << 1n
    ? { mantissa: rounded >> 1n, exponent: exponent + 1 }
    : { mantissa: rounded, exponent }
}
