/**
 * Go's fmt.Sprintf over strings, int64, *big.Int and float64, its complaints included: `%!d(string=x)`,
 * `%!v(MISSING)`, `%!(EXTRA int64=1)`.
 */
import {
  noFlags,
  readDirective,
  unprintable,
  type Argument,
  type Cursor,
  type Flags,
} from './directive.ts'
import { pad, printBig, printFloat, printInt64 } from './print-number.ts'
import { canBackquote, quote } from './quote.ts'
import { runesOf } from './rune.ts'

/** Numbers are floats, bigints integers of any size. @throws BuiltinError for what has no text outside of Go */
export function sprintf(format: string, args: readonly Argument[]): string {
  const cursor: Cursor = { format, args, at: 0, argument: 0, reordered: false }
  const pieces: string[] = []
  while (cursor.at < format.length) {
    const next = format.indexOf('%', cursor.at)
    const end = next === -1 ? format.length : next
    pieces.push(format.slice(cursor.at, end))
    cursor.at = end + 1
    if (next !== -1) pieces.push(printNext(cursor))
  }
  if (!cursor.reordered && cursor.argument < args.length)
    pieces.push(`%!(EXTRA ${args.slice(cursor.argument).map(typed).join(', ')})`)
  return pieces.join('')
}

function printNext(cursor: Cursor): string {
  const { complaint, flags, isGoodIndex, verb } = readDirective(cursor)
  if (verb === '') return `${complaint}%!(NOVERB)`
  if (verb === '%') return `${complaint}%`
  if (!isGoodIndex) return `${complaint}%!${verb}(BADINDEX)`
  const argument = cursor.args[cursor.argument]
  if (argument === undefined) return `${complaint}%!${verb}(MISSING)`
  cursor.argument += 1
  return complaint + print(argument, verb, flags)
}

function print(argument: Argument, verb: string, flags: Flags): string {
  if (verb === 'T') return pad(cut(typeName(argument), flags), flags)
  if (isBig(argument) && (verb === 'p' || verb === 'w')) throw unprintable(verb)
  const printed =
    typeof argument === 'string'
      ? printString(argument, verb, flags)
      : typeof argument === 'number'
        ? printFloat(argument, verb, flags)
        : printInteger(argument, verb, flags)
  return printed ?? wrongVerb(argument, verb, flags)
}

function printInteger(value: bigint, verb: string, flags: Flags): string | undefined {
  if (!isBig(value)) return printInt64(value, verb, flags)
  // The formatter of great integers is told of the flags that `%v` takes for itself.
  const told = { ...flags, sharp: flags.sharp || flags.sharpV, plus: flags.plus || flags.plusV }
  return printBig(value, verb, told)
}

function printString(text: string, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? printQuoted(text, flags) : pad(cut(text, flags), flags)
    case 's':
      return pad(cut(text, flags), flags)
    case 'x':
    case 'X':
      return printHex(text, verb, flags)
    case 'q':
      return printQuoted(text, flags)
    default:
      return undefined
  }
}

function printQuoted(text: string, flags: Flags): string {
  const shown = cut(text, flags)
  return pad(flags.sharp && canBackquote(shown) ? `\`${shown}\`` : quote(shown, flags.plus), flags)
}

/** The bytes, by two digits each. */
function printHex(text: string, verb: string, flags: Flags): string {
  const bytes = Buffer.from(text, 'utf8').subarray(0, flags.precision ?? undefined)
  const mark = flags.sharp && bytes.length > 0 ? `0${verb}` : ''
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
  const digits = verb === 'X' ? pairs.map((pair) => pair.toUpperCase()) : pairs
  return pad(mark + digits.join(flags.space ? ` ${mark}` : ''), flags)
}

/** The first code points, as many as the precision. */
function cut(text: string, { precision }: Flags): string {
  return precision === null ? text : runesOf(text).slice(0, precision).join('')
}

/** Go prints what it cannot print by the flags that are still set. */
function wrongVerb(argument: Argument, verb: string, flags: Flags): string {
  return isBig(argument)
    ? `%!${verb}(big.Int=${argument.toString()})`
    : `%!${verb}(${typeName(argument)}=${print(argument, 'v', flags)})`
}

function typed(argument: Argument): string {
  return `${typeName(argument)}=${print(argument, 'v', noFlags)}`
}

function typeName(argument: Argument): string {
  if (typeof argument === 'bigint') return isBig(argument) ? '*big.Int' : 'int64'
  return typeof argument === 'number' ? 'float64' : 'string'
}

function isBig(argument: Argument): argument is bigint {
  return typeof argument === 'bigint' && BigInt.asIntN(64, argument) !== argument
}
