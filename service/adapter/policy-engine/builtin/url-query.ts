/** `urlquery.*` (v1/topdown/encoding.go): names and values as Go's `url.QueryEscape` writes and reads them. */
import { BuiltinError, RegoObject, RegoSet, type Builtins, type RegoValue } from '../rego-value.ts'
import { unescapeBytes } from './go-url-escape.ts'
import { objectOperand, textOperand } from './operand.ts'
import { compareTexts } from '../rego-value.ts'

export const urlQueryBuiltins: Builtins = {
  'urlquery.encode': (_context, text) => escaped(textOperand(text)),
  'urlquery.decode': (_context, text) => unescaped(textOperand(text)),
  'urlquery.encode_object': (_context, object) => encoded(objectOperand(object)),
  'urlquery.decode_object': (_context, text) => decoded(textOperand(text)),
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** @throws BuiltinError */
function unescaped(text: string): string {
  return unescapeBytes(text.replaceAll('+', ' ')).toString()
}

/** By name; the values of one name in their order. */
function encoded(object: RegoObject): string {
  const pairs = object.entries.map(([name, value]) => [textOperand(name), valuesOf(value)] as const)
  return pairs
    .sort(([a], [b]) => compareTexts(a, b))
    .flatMap(([name, values]) => values.map((value) => `${escaped(name)}=${escaped(value)}`))
    .join('&')
}

function valuesOf(value: RegoValue): readonly string[] {
  if (typeof value === 'string') return [value]
  const members = value instanceof RegoSet ? value.members : value
  if (!Array.isArray(members)) throw new BuiltinError('values are texts, or lists or sets of texts')
  return (members as readonly RegoValue[]).map(textOperand)
}

function decoded(text: string): RegoObject {
  const values = new Map<string, string[]>()
  for (const pair of text.split('&')) {
    if (pair.includes(';')) throw new BuiltinError('a semicolon separates nothing')
    if (pair === '') continue
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
    const known = values.get(unescaped(name)) ?? []
    values.set(unescaped(name), [...known, unescaped(value)])
  }
  return new RegoObject(values)
}
