/** Strings and runes as Go quotes them (strconv.Quote and its like), which is how OPA prints strings in terms. */
import { runesOf } from './rune.ts'

const named = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
])
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** Go's strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(rune: string): boolean {
  return printable.test(rune)
}

export function quote(text: string, asciiOnly = false): string {
  return `"${runesOf(text)
    .map((rune) => escaped(rune, '"', asciiOnly))
    .join('')}"`
}

export function quoteRune(rune: string, asciiOnly = false): string {
  return `'${escaped(rune, "'", asciiOnly)}'`
}

/** Whether it can stand between backquotes as it is. */
export function canBackquote(text: string): boolean {
  return !/[\u0000-\u0008\u000a-\u001f\u007f`\ufeff]/.test(text)
}

function escaped(rune: string, mark: string, asciiOnly: boolean): string {
  if (rune === mark) return `\\${mark}`
  const name = named.get(rune)
  if (name !== undefined) return name
  const point = rune.codePointAt(0) ?? 0
  if (isPrintable(rune) && (!asciiOnly || point < 0x80)) return rune
  const hex = point.toString(16)
  if (point < 0x20 || point === 0x7f) return `\\x${hex.padStart(2, '0')}`
  return point < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
