/** Durations as Go reads them (`time.ParseDuration`), and with days, weeks and years as OPA adds them. */
import { BuiltinError } from '../../rego-value.ts'
import { within64 } from './moment.ts'

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
/** Hours in each. */
const longer: Readonly<Record<string, number>> = { d: 24, w: 7 * 24, y: 365 * 24 }

/** Nanoseconds. @throws BuiltinError */
export function parseDuration(text: string): bigint {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0n
  const segments = [...rest.matchAll(/(\d*)(\.\d*)?([^\d.]+)/gy)]
  if (segments.length === 0 || segments.map(([all]) => all).join('') !== rest) throw wrong(text)
  const sum = segments
    .map(([, whole = '', fraction = '', unit = '']) => nanosecondsOf(whole, fraction, unit, text))
    .reduce((all, one) => all + one, 0n)
  return within64(sign === '-' ? -sum : sum)
}

function nanosecondsOf(whole: string, fraction: string, unit: string, text: string): bigint {
  if (whole === '' && fraction.length < 2) throw wrong(text)
  const hours = longer[unit]
  if (hours !== undefined) return inHours(Number(`${whole}${fraction}`) * hours)
  const size = Object.hasOwn(units, unit) ? units[unit] : undefined
  if (size === undefined) throw wrong(text)
  return BigInt(whole === '' ? '0' : whole) * size + partOf(fraction, size)
}

/** OPA writes the hours as text, which Go then reads. */
function inHours(hours: number): bigint {
  const [whole = '0', fraction] = hours
    .toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    .split('.')
  const size = units['h'] ?? 0n
  return BigInt(whole) * size + partOf(fraction === undefined ? '' : `.${fraction}`, size)
}

/** Go takes the fraction by doubles, and no more digits of it than 63 bits hold. */
function partOf(fraction: string, size: bigint): bigint {
  const digits = fraction.slice(1, 19)
  if (digits === '') return 0n
  return BigInt(Math.trunc(Number(digits) * (Number(size) / 10 ** digits.length)))
}

function wrong(text: string): BuiltinError {
  return new BuiltinError(`${text} is no duration`)
}
