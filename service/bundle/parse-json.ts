/**
 * Reads JSON (RFC 8259) without loss, and nothing that two readers could read differently.
 *
 * Stricter than OPA: bytes that are not UTF-8, a byte order mark and a member that stands twice are refused.
 */
import { limits } from '../contract/limits.ts'
import type { JsonArray, JsonObject, JsonValue } from './json-value.ts'

/** Which of two members of one name stands: neither, or the last as in Go and JavaScript. */
export type Duplicates = 'refuse' | 'last'

type Reader = { readonly text: string; readonly duplicates: Duplicates; at: number }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plainString = /[^"\\\u0000-\u001f]*/y
const words = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** @throws SyntaxError that says what is wrong and at which character. */
export function parseJson(bytes: Uint8Array, duplicates: Duplicates = 'refuse'): JsonValue {
  const reader: Reader = { text: decode(bytes), duplicates, at: 0 }
  const value = readValue(reader, 1)
  skipSpace(reader)
  if (reader.at < reader.text.length) throw fault(reader, 'text follows the value')
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new SyntaxError('the bytes are not UTF-8', { cause })
  }
}

function readValue(reader: Reader, depth: number): JsonValue {
  skipSpace(reader)
  if (depth > limits.bundleJsonDepth) throw fault(reader, 'it nests too deep')
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader, depth)
    case '[':
      return readArray(reader, depth)
    case '"':
      return readString(reader)
    default:
      return readNumber(reader) ?? readWord(reader)
  }
}

function readObject(reader: Reader, depth: number): JsonObject {
  const members = new Map<string, JsonValue>()
  reader.at += 1
  if (take(reader, '}')) return members
  do {
    skipSpace(reader)
    if (reader.text[reader.at] !== '"') throw fault(reader, 'a member name is missing')
    const name = readString(reader)
    if (reader.duplicates === 'refuse' && members.has(name)) {
      throw fault(reader, `the member ${JSON.stringify(name)} stands twice`)
    }
    if (!take(reader, ':')) throw fault(reader, 'a colon is missing')
    members.set(name, readValue(reader, depth + 1))
  } while (take(reader, ','))
  if (!take(reader, '}')) throw fault(reader, 'a comma or a closing brace is missing')
  return members
}

function readArray(reader: Reader, depth: number): JsonArray {
  const items: JsonValue[] = []
  reader.at += 1
  if (take(reader, ']')) return items
  do items.push(readValue(reader, depth + 1))
  while (take(reader, ','))
  if (!take(reader, ']')) throw fault(reader, 'a comma or a closing bracket is missing')
  return items
}

/** A lone surrogate becomes U+FFFD, as in Go. */
function readString(reader: Reader): string {
  const start = reader.at
  let at = start + 1
  for (;;) {
    plainString.lastIndex = at
    plainString.exec(reader.text)
    at = plainString.lastIndex
    if (reader.text[at] !== '\\') break
    at += 2
  }
  if (reader.text[at] !== '"')
    throw fault(reader, 'a string is not closed, or holds a control character')
  reader.at = at + 1
  const source = reader.text.slice(start, reader.at)
  if (!source.includes('\\')) return source.slice(1, -1)
  try {
    return (JSON.parse(source) as string).toWellFormed()
  } catch (cause) {
    reader.at = start
    throw fault(reader, 'a string has an unknown escape', cause)
  }
}

function readNumber(reader: Reader): JsonValue | undefined {
  numberPattern.lastIndex = reader.at
  const source = numberPattern.exec(reader.text)?.[0]
  if (source === undefined) return undefined
  reader.at += source.length
  return { number: source }
}

function readWord(reader: Reader): boolean | null {
  for (const [word, value] of words) {
    if (!reader.text.startsWith(word, reader.at)) continue
    reader.at += word.length
    return value
  }
  throw fault(
    reader,
    reader.at === 0 && reader.text.startsWith('\ufeff')
      ? 'it begins with a byte order mark'
      : 'a value is missing or misspelt',
  )
}

function take(reader: Reader, character: string): boolean {
  skipSpace(reader)
  if (reader.text[reader.at] !== character) return false
  reader.at += 1
  return true
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    reader.at += 1
  }
}

function fault(reader: Reader, what: string, cause?: unknown): SyntaxError {
  return new SyntaxError(`${what}, at character ${reader.at}`, { cause })
}
