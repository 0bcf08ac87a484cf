/** One directive of a Go format: flags, argument indexes, width, precision and verb (package fmt, doPrintf). */
import { BuiltinError } from '../../rego-value.ts'

export type Flags = {
  sharp: boolean
  zero: boolean
  plus: boolean
  minus: boolean
  space: boolean
  /** `%#v` and `%+v`: Go syntax and field names, which numbers do not have. */
  sharpV: boolean
  plusV: boolean
  width: number | null
  precision: number | null
}

export const noFlags: Readonly<Flags> = {
  sharp: false,
  zero: false,
  plus: false,
  minus: false,
  space: false,
  sharpV: false,
  plusV: false,
  width: null,
  precision: null,
}

/** What a format is printed with. */
export type Argument = string | number | bigint

/** Where printing is: in the format, and among its arguments. */
export type Cursor = {
  readonly format: string
  readonly args: readonly Argument[]
  at: number
  argument: number
  /** An index was used: nobody can tell whether arguments are left over. */
  reordered: boolean
}

export type Directive = {
  readonly flags: Flags
  /** Empty when the format ends before it. */
  readonly verb: string
  readonly isGoodIndex: boolean
  /** What is wrong with a width or a precision, in Go's words. */
  readonly complaint: string
}

const most = 1_000_000
const flagNames = new Map<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'>([
  ['#', 'sharp'],
  ['0', 'zero'],
  ['+', 'plus'],
  ['-', 'minus'],
  [' ', 'space'],
])

type Reading = {
  readonly flags: Flags
  isGoodIndex: boolean
  afterIndex: boolean
  complaint: string
}

/** Reads from behind the `%`. */
export function readDirective(cursor: Cursor): Directive {
  const reading: Reading = {
    flags: readFlags(cursor),
    isGoodIndex: true,
    afterIndex: false,
    complaint: '',
  }
  readIndex(cursor, reading)
  readWidth(cursor, reading)
  // A point at the very end of the format is no precision but the verb.
  if (cursor.at + 1 < cursor.format.length && cursor.format[cursor.at] === '.')
    readPrecision(cursor, reading)
  if (!reading.afterIndex) readIndex(cursor, reading)
  const verb = String.fromCodePoint(...pointsAt(cursor))
  cursor.at += verb.length
  return {
    flags: verb === 'v' || verb === 'w' ? forGo(reading.flags) : reading.flags,
    verb,
    isGoodIndex: reading.isGoodIndex,
    complaint: reading.complaint,
  }
}

function forGo(flags: Flags): Flags {
  return { ...flags, sharp: false, plus: false, sharpV: flags.sharp, plusV: flags.plus }
}

function pointsAt({ format, at }: Cursor): readonly number[] {
  const point = format.codePointAt(at)
  return point === undefined ? [] : [point]
}

function readFlags(cursor: Cursor): Flags {
  const flags = { ...noFlags }
  for (;;) {
    const name = flagNames.get(cursor.format[cursor.at] ?? '')
    if (name === undefined) return flags
    flags[name] = true
    cursor.at += 1
  }
}

function readWidth(cursor: Cursor, reading: Reading): void {
  const { flags } = reading
  if (cursor.format[cursor.at] !== '*') {
    flags.width = readNumber(cursor)
    if (reading.afterIndex && flags.width !== null) reading.isGoodIndex = false
    return
  }
  cursor.at += 1
  flags.width = takeNumber(cursor)
  if (flags.width === null) reading.complaint += '%!(BADWIDTH)'
  else if (flags.width < 0) {
    flags.width = -flags.width
    flags.minus = true
    flags.zero = false
  }
  reading.afterIndex = false
}

function readPrecision(cursor: Cursor, reading: Reading): void {
  const { flags } = reading
  cursor.at += 1
  if (reading.afterIndex) reading.isGoodIndex = false
  readIndex(cursor, reading)
  if (cursor.format[cursor.at] !== '*') {
    flags.precision = readNumber(cursor) ?? 0
    return
  }
  cursor.at += 1
  const given = takeNumber(cursor)
  flags.precision = given !== null && given < 0 ? null : given
  if (flags.precision === null) reading.complaint += '%!(BADPREC)'
  reading.afterIndex = false
}

/** Digits, if there are any. Go gives up on the rest of the format when the number is too great. */
function readNumber(cursor: Cursor): number | null {
  let value: number | null = null
  for (; isDigit(cursor.format[cursor.at]); cursor.at += 1) {
    if ((value ?? 0) > most) {
      cursor.at = cursor.format.length
      return null
    }
    value = (value ?? 0) * 10 + Number(cursor.format[cursor.at])
  }
  return value
}

/** An argument in the place of a number. */
function takeNumber(cursor: Cursor): number | null {
  const { args, argument } = cursor
  if (argument >= args.length) return null
  cursor.argument += 1
  const given = args[argument]
  return typeof given === 'bigint' && given <= most && given >= -most ? Number(given) : null
}

/** `[3]`: the argument to go on with, counted from one. */
function readIndex(cursor: Cursor, reading: Reading): void {
  reading.afterIndex = false
  if (cursor.format[cursor.at] !== '[') return
  cursor.reordered = true
  const end = cursor.format.indexOf(']', cursor.at + 1)
  // Fewer than three characters, or no end: Go takes the bracket alone.
  if (end === -1 || cursor.format.length - cursor.at < 3) {
    cursor.at += 1
    reading.isGoodIndex = false
    return
  }
  const text = cursor.format.slice(cursor.at + 1, end)
  cursor.at = end + 1
  const isNumber = /^\d{1,8}$/.test(text) && Number(text) <= most * 10 + 9
  const index = Number(text) - 1
  if (isNumber && index >= 0 && index < cursor.args.length) cursor.argument = index
  else reading.isGoodIndex = false
  reading.afterIndex = isNumber
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

/** For what only Go's memory can print. */
export function unprintable(verb: string): BuiltinError {
  return new BuiltinError(`%${verb} prints what is only in Go: an address`)
}
