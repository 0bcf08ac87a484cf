/**
 * The text of Rego values that crosses between a module and its host (`opa_value_dump`, `opa_value_parse`): JSON,
 * and beside it sets `{1, 2}`, the empty set `set()`, and object keys of any kind.
 */
import { RegoObject, RegoSet, WrittenNumber, type RegoValue } from './rego-value.ts'

/** @throws SyntaxError */
export function parseLiteral(text: string): RegoValue {
  return read({ text, at: 0, keepsText: false })
}

/** With the text of every number. @throws SyntaxError */
export function parseWritten(text: string): RegoValue {
  return read({ text, at: 0, keepsText: true })
}

function read(reader: Reader): RegoValue {
  const value = readValue(reader)
  skipSpace(reader)
  if (reader.at !== reader.text.length) throw fault(reader)
  return value
}

export function printLiteral(value: RegoValue): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return printNumber(value)
  if (typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof WrittenNumber) return value.text
  if (value instanceof RegoSet)
    return value.members.length === 0 ? 'set()' : `{${value.members.map(printLiteral).join(',')}}`
  if (value instanceof RegoObject)
    return `{${value.entries.map(([key, item]) => `${printLiteral(key)}:${printLiteral(item)}`).join(',')}}`
  return `[${value.map(printLiteral).join(',')}]`
}

/** As JSON: sets become arrays, and keys that are no strings their own text. */
export function printJson(value: RegoValue): string {
  if (value instanceof RegoSet) return printJson(value.members)
  if (value instanceof RegoObject) {
    const members = value.entries.map(([key, item]) => {
      const name = typeof key === 'string' ? key : printJson(key)
      return `${JSON.stringify(name)}:${printJson(item)}`
    })
    return `{${members.join(',')}}`
  }
  if (value instanceof WrittenNumber) return value.text
  if (typeof value === 'object' && value !== null) return `[${value.map(printJson).join(',')}]`
  return printLiteral(value)
}

/** Plain JSON as a value; its integers are exact only as far as JavaScript's are. */
export function valueOfJson(json: unknown): RegoValue {
  if (json === null || typeof json !== 'object') return json as RegoValue
  if (Array.isArray(json)) return json.map(valueOfJson)
  return new RegoObject(Object.entries(json).map(([key, value]) => [key, valueOfJson(value)]))
}

/** Numbers without a fraction are written without an exponent, as Go writes them. */
function printNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('there is no such number in Rego')
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : String(value)
}

const mostExponent = 10_000

type Reader = { readonly text: string; at: number; readonly keepsText: boolean }

/** As JSON's, and as Rego lets them be written: `.5`. */
const numberPattern = /-?(?:(?:0|[1-9]\d*)(\.\d+)?|(\.\d+))([eE][+-]?\d+)?/y
const markPattern = /["\\]/g
const words = [
  ['null', null],
  ['true', true],
  ['false', false],
] as const

function readValue(reader: Reader): RegoValue {
  skipSpace(reader)
  const { text, at } = reader
  switch (text[at]) {
    case '"':
      return readString(reader)
    case '[':
      return readList(reader, ']')
    case '{':
      return readBraces(reader)
    case 's':
      return readEmptySet(reader)
    default:
      return readScalar(reader)
  }
}

function readScalar(reader: Reader): RegoValue {
  const { text, at } = reader
  const word = words.find(([name]) => text.startsWith(name, at))
  if (word === undefined) return readNumber(reader)
  reader.at += word[0].length
  return word[1]
}

function readNumber(reader: Reader): RegoValue {
  numberPattern.lastIndex = reader.at
  const match = numberPattern.exec(reader.text)
  if (match === null) throw fault(reader)
  reader.at += match[0].length
  const isInteger = match.slice(1).every((part) => (part as string | undefined) === undefined)
  const value = numberOf(match[0], isInteger)
  return reader.keepsText ? new WrittenNumber(match[0], value) : value
}

/** Above what a double can hold a number is exact, up to an exponent that nobody writes in earnest. */
function numberOf(text: string, isInteger: boolean): number | bigint {
  const value = Number(text)
  if (isInteger) return Number.isSafeInteger(value) ? value : BigInt(text)
  if (Number.isFinite(value)) return value
  const [, whole = '', fraction = '', exponent = ''] =
    /^(-?\d+)(?:\.(\d+))?[eE]\+?(\d+)$/.exec(text) ?? []
  if (Number(exponent) > mostExponent) throw new SyntaxError(`${text} is too great a number`)
  return BigInt(`${whole}${fraction}${'0'.repeat(Number(exponent) - fraction.length)}`)
}

/** Step by step: one pattern for the whole string would take stack for each of its characters. */
function readString(reader: Reader): string {
  const { text, at } = reader
  for (let next = at + 1; ;) {
    markPattern.lastIndex = next
    const mark = markPattern.exec(text)
    if (mark === null) throw fault(reader)
    if (mark[0] === '"') {
      reader.at = mark.index + 1
      return JSON.parse(escapeControls(text.slice(at, reader.at))) as string
    }
    next = mark.index + 2
  }
}

/** A module may write control characters as they are. */
function escapeControls(text: string): string {
  return text.replace(
    /[\u0000-\u001f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function readList(reader: Reader, end: string): RegoValue[] {
  reader.at += 1
  const items: RegoValue[] = []
  for (;;) {
    if (ends(reader, end, items.length > 0)) return items
    items.push(readValue(reader))
  }
}

/** An object or a set: what follows the first value tells. */
function readBraces(reader: Reader): RegoValue {
  const start = reader.at
  reader.at += 1
  if (ends(reader, '}', false)) return new RegoObject([])
  readValue(reader)
  skipSpace(reader)
  const isObject = reader.text[reader.at] === ':'
  reader.at = start
  return isObject ? readObject(reader) : new RegoSet(readList(reader, '}'))
}

function readObject(reader: Reader): RegoObject {
  reader.at += 1
  const entries: [RegoValue, RegoValue][] = []
  for (;;) {
    if (ends(reader, '}', entries.length > 0)) return new RegoObject(entries)
    const key = readValue(reader)
    skipSpace(reader)
    if (reader.text[reader.at] !== ':') throw fault(reader)
    reader.at += 1
    entries.push([key, readValue(reader)])
  }
}

/** Takes the end, or the comma before the next item. */
function ends(reader: Reader, end: string, needsComma: boolean): boolean {
  skipSpace(reader)
  const next = reader.text[reader.at]
  if (next === end) {
    reader.at += 1
    return true
  }
  if (needsComma) {
    if (next !== ',') throw fault(reader)
    reader.at += 1
  }
  return false
}

function readEmptySet(reader: Reader): RegoSet {
  const match = /^set\(\s*\)/.exec(reader.text.slice(reader.at, reader.at + 16))
  if (match === null) throw fault(reader)
  reader.at += match[0].length
  return new RegoSet([])
}

function skipSpace(reader: Reader): void {
  while (' \t\n\r'.includes(reader.text[reader.at] ?? 'x')) reader.at += 1
}

function fault({ text, at }: Reader): SyntaxError {
  return new SyntaxError(`this is no Rego value: ${text.slice(at, at + 20)}`)
}
