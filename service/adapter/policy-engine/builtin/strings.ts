/** Builtins over strings that the modules do not bring (v1/topdown/strings.go). Positions count code points. */
import { BuiltinError, type Builtins, type RegoValue } from '../rego-value.ts'
import { runesOf } from './go/rune.ts'
import { int64Operand, textOperand, textsOperand } from './operand.ts'

export const stringBuiltins: Builtins = {
  indexof_n: (_context, text, search) => positionsOf(textOperand(text), textOperand(search)),
  'strings.any_prefix_match': (_context, texts, prefixes) =>
    anyAffix(texts, prefixes, (text, length) => text.slice(0, length)),
  'strings.any_suffix_match': (_context, texts, suffixes) =>
    anyAffix(texts, suffixes, (text, length) => text.slice(text.length - length)),
  'strings.count': (_context, text, search) => countOf(textOperand(text), textOperand(search)),
  'strings.split_n': (_context, text, delimiter, most) =>
    splitN(textOperand(text), textOperand(delimiter), int64Operand(most)),
}

/** Matches may overlap. */
function positionsOf(text: string, search: string): readonly number[] {
  if (search === '') throw new BuiltinError('there is nothing to search for')
  const found: number[] = []
  let [units, points] = [0, 0]
  for (let at = text.indexOf(search); at !== -1; at = text.indexOf(search, at + 1)) {
    points += runesOf(text.slice(units, at)).length
    units = at
    found.push(points)
  }
  return found
}

/** Whether any text begins (or ends) with any of the affixes: one look-up for each length that an affix has. */
function anyAffix(
  texts: RegoValue,
  affixes: RegoValue,
  end: (text: string, length: number) => string,
): boolean {
  const all = typeof texts === 'string' ? [texts] : textsOperand(texts)
  const known = new Set(typeof affixes === 'string' ? [affixes] : textsOperand(affixes))
  const lengths = [...new Set([...known].map((affix) => affix.length))]
  return all.some((text) =>
    lengths.some((length) => length <= text.length && known.has(end(text, length))),
  )
}

/** An empty search is found around each code point. */
function countOf(text: string, search: string): number {
  return search === '' ? runesOf(text).length + 1 : text.split(search).length - 1
}

/** The first parts, or the last ones when the number is negative. */
function splitN(text: string, delimiter: string, most: bigint): readonly string[] {
  const parts = delimiter === '' ? runesOf(text) : text.split(delimiter)
  const count = Number(most)
  return count >= 0 ? parts.slice(0, count) : parts.slice(Math.max(parts.length + count, 0))
}
