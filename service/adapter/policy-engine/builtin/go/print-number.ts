/** Numbers as Go's fmt prints them: int64, *big.Int and float64 each by rules of their own. */
import type { Flags } from './directive.ts'
import { formatFloat } from './float.ts'
import { isPrintable, quoteRune } from './quote.ts'
import { runesOf } from './rune.ts'

const bases = new Map([
  ['b', 2],
  ['d', 10],
  ['o', 8],
  ['O', 8],
  ['v', 10],
  ['x', 16],
  ['X', 16],
])
const prefixes = new Map([
  ['b', '0b'],
  ['o', '0'],
  ['x', '0x'],
  ['X', '0X'],
])
const floatVerbs = new Map([
  ['v', 'g'],
  ['F', 'f'],
])
const highestRune = 0x10_ffff

/** Undefined for a verb that integers do not have. */
export function printInt64(value: bigint, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'c':
      return pad(runeOf(value), flags)
    case 'q':
      return pad(quoteRune(runeOf(value), flags.plus), flags)
    case 'U':
      return pad(unicode(value, flags), { ...flags, zero: false })
    default: {
      const base = bases.get(verb)
      return base === undefined ? undefined : printBase(value, base, verb, flags)
    }
  }
}

function printBase(value: bigint, base: number, verb: string, flags: Flags): string {
  const plain = { ...flags, zero: false }
  if (flags.precision === 0 && value === 0n) return pad('', plain)
  const sign = signOf(value < 0n, flags)
  const isZeroPadded = flags.zero && !flags.minus
  const least = flags.precision ?? (isZeroPadded ? (flags.width ?? 0) - sign.length : 0)
  const digits = digitsOf(value, base, verb).padStart(least, '0')
  return pad(`${sign}${prefixOf(verb, digits, flags)}${digits}`, plain)
}

/** `%#o` needs no zero before a zero; `%O` has one all the same. */
function prefixOf(verb: string, digits: string, { sharp }: Flags): string {
  const isOctal = verb === 'o' || verb === 'O'
  const isMarked = sharp && !(isOctal && digits.startsWith('0'))
  const mark = isMarked ? (prefixes.get(isOctal ? 'o' : verb) ?? '') : ''
  return verb === 'O' ? `0o${mark}` : mark
}

function digitsOf(value: bigint, base: number, verb: string): string {
  const digits = (value < 0n ? -value : value).toString(base)
  return verb === 'X' ? digits.toUpperCase() : digits
}

/** Integers beyond 64 bits; undefined for a verb that they do not have. */
export function printBig(value: bigint, verb: string, flags: Flags): string | undefined {
  const base = verb === 's' ? 10 : bases.get(verb)
  if (base === undefined) return undefined
  const sign = signOf(value < 0n, flags)
  const prefix = verb === 'O' ? '0o' : flags.sharp ? (prefixes.get(verb) ?? '') : ''
  const digits = digitsOf(value, base, verb).padStart(flags.precision ?? 0, '0')
  const length = sign.length + prefix.length + digits.length
  const missing = Math.max((flags.width ?? 0) - length, 0)
  if (flags.minus) return `${sign}${prefix}${digits}${' '.repeat(missing)}`
  return flags.zero && flags.precision === null
    ? `${sign}${prefix}${'0'.repeat(missing)}${digits}`
    : `${' '.repeat(missing)}${sign}${prefix}${digits}`
}

/** Undefined for a verb that floats do not have. */
export function printFloat(value: number, verb: string, flags: Flags): string | undefined {
  if (!'vbgGxXfFeE'.includes(verb)) return undefined
  const precision = flags.precision ?? ('feEF'.includes(verb) ? 6 : -1)
  const asked = floatVerbs.get(verb) ?? verb
  const text = formatFloat(value, asked, precision)
  const bare = text.replace(/^-/, '')
  const number = flags.sharp && asked !== 'b' ? withPoint(bare, asked, precision) : bare
  return padSigned(signOf(text.startsWith('-'), flags), number, flags)
}

/** Zeros stand between the sign and the number. */
function padSigned(sign: string, number: string, flags: Flags): string {
  const missing = (flags.width ?? 0) - sign.length - number.length
  return sign !== '' && flags.zero && !flags.minus && missing > 0
    ? `${sign}${'0'.repeat(missing)}${number}`
    : pad(sign + number, flags)
}

/** `%#g`: a point always, and the zeros that `%g` takes away. */
function withPoint(number: string, verb: string, precision: number): string {
  const marks = verb === 'x' || verb === 'X' ? /[pP].*$/ : /[eE].*$/
  const tail = marks.exec(number)?.[0] ?? ''
  const head = number.slice(0, number.length - tail.length)
  const isKept = verb === 'g' || verb === 'G' || verb === 'x'
  const wanted = isKept ? (precision === -1 ? 6 : precision) : 0
  const significant = head.replace('.', '').replace(/^0+/, '').length
  const hasPoint = head.includes('.')
  const missing = wanted - significant - (!hasPoint && head === '0' ? 1 : 0)
  return `${head}${hasPoint ? '' : '.'}${'0'.repeat(Math.max(missing, 0))}${tail}`
}

function unicode(value: bigint, flags: Flags): string {
  const code = BigInt.asUintN(64, value)
  const hex = code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 4, 4), '0')
  const rune = code <= highestRune ? String.fromCodePoint(Number(code)) : ''
  const shown = flags.sharp && rune !== '' && isPrintable(rune) ? ` '${rune}'` : ''
  return `U+${hex}${shown}`
}

/** What is no code point becomes the replacement character. */
function runeOf(value: bigint): string {
  const isSurrogate = value >= 0xd800n && value <= 0xdfffn
  return value < 0n || value > highestRune || isSurrogate
    ? '\ufffd'
    : String.fromCodePoint(Number(value))
}

function signOf(isNegative: boolean, { plus, space }: Flags): string {
  return isNegative ? '-' : plus ? '+' : space ? ' ' : ''
}

/** To the width, in code points; zeros only on the left. */
export function pad(text: string, { width, minus, zero }: Flags): string {
  const missing = (width ?? 0) - runesOf(text).length
  if (missing <= 0) return text
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text
}
