/** `units.*` (v1/topdown/parse_units.go, parse_bytes.go): quantities with a unit. */
import { BuiltinError, takingWritten, type Builtins } from '../rego-value.ts'
import { textOperand } from './operand.ts'
import { exactProduct, ratioOf, roundedProduct, type Ratio } from './quantity.ts'

const letters = ['k', 'm', 'g', 't', 'p', 'e']
/** OPA's milli is the double next to a thousandth, so `1000m` is `1.0000000000` and no integer. */
const milli: Ratio = { numerator: 1_152_921_504_606_847n, denominator: 2n ** 60n }

export const unitBuiltins: Builtins = {
  'units.parse': takingWritten((_context, text) => {
    const [number, unit] = split(textOperand(text).replaceAll('"', ''))
    return exactProduct(ratioOf(number), unitFactor(unit))
  }),
  'units.parse_bytes': (_context, text) => {
    const [number, unit] = split(lowered(textOperand(text)).replaceAll('"', ''))
    return roundedProduct(ratioOf(number), byteFactor(unit))
  },
}

/** Number and unit; either may be malformed. */
function split(text: string): readonly [string, string] {
  if (text.includes(' ')) throw new BuiltinError('a quantity has no spaces')
  // An e is an exponent only if a digit or a sign follows it.
  const number = /^(?:[\d.+-]|[eE](?=[\d+-]))*/.exec(text)?.[0] ?? ''
  if (/[eE][+-]?\d{7}/.test(number)) throw new BuiltinError('the exponent is too large')
  if (number === '') throw new BuiltinError('there is no amount')
  return [number, text.slice(number.length)]
}

/** The case of the first letter tells milli from mega; that of the second tells nothing. */
function unitFactor(unit: string): Ratio {
  if (unit === 'm') return milli
  if (unit === '') return { numerator: 1n, denominator: 1n }
  const [first = '', rest] = [/^[a-z]/i.exec(unit)?.[0], lowered(unit.slice(1))]
  return { numerator: power(first.toLowerCase(), rest), denominator: 1n }
}

function byteFactor(unit: string): bigint {
  return unit === '' ? 1n : power(unit.slice(0, 1), unit.slice(1).replace(/b$/, ''))
}

function power(letter: string, rest: string): bigint {
  const at = letters.indexOf(letter)
  if (at === -1 || (rest !== '' && rest !== 'i')) throw new BuiltinError('there is no such unit')
  return (rest === 'i' ? 1024n : 1000n) ** BigInt(at + 1)
}

/** Go lowers each code point by itself; JavaScript makes two of this one. */
function lowered(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase()
}
