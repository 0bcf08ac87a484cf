/**
 * Reads a refused JSON text once more, slowly, and names its first fault and the pointer (RFC 6901)
 * where it stands. It agrees with `strict-json.ts`: what that refuses has a fault here.
 */
import { PdpError, type ErrorCode } from './error-code.ts'
import { pointerTo } from './json-pointer.ts'

/** Bounds on one JSON text. The outermost object or array is depth 1; items of arrays count as members. */
export type JsonLimits = {
  readonly depth: number
  readonly members: number
  /** Integers that a double cannot hold become BigInt instead of a refusal. */
  readonly bigIntegers?: boolean
}

type Reader = { readonly text: string; readonly limits: JsonLimits; at: number; members: number }

/** @throws PdpError for bytes that are not UTF-8. */
export function refuseBytes(): never {
  throw malformed('', 'the bytes are not UTF-8: encode the text as UTF-8')
}

/** @throws PdpError for a text that was found not to be strict JSON: its first fault, else what follows it. */
export function refuseJson(text: string, limits: JsonLimits): never {
  readValue({ text, limits, at: 0, members: 0 }, '', 1)
  throw malformed('', 'text follows the JSON value: send one value')
}

function readValue(reader: Reader, pointer: string, depth: number): void {
  skipSpace(reader)
  const first = reader.text[reader.at]
  if (first === '{' || first === '[') {
    if (depth > reader.limits.depth) {
      const most = String(reader.limits.depth)
      throw refusal('too_deep', pointer, `nest at most ${most} objects and arrays`)
    }
    reader.at += 1
    if (first === '{') readObject(reader, pointer, depth)
    else readArray(reader, pointer, depth)
  } else if (first === '"') readString(reader, pointer)
  else readScalar(reader, pointer)
}

function readObject(reader: Reader, pointer: string, depth: number): void {
  const seen = new Set<string>()
  if (take(reader, '}')) return
  do {
    skipSpace(reader)
    if (reader.text[reader.at] !== '"')
      throw malformed(pointer, 'a member name in double quotes is missing')
    const name = readString(reader, pointer)
    const member = pointerTo(pointer, name)
    checkName(name, member, seen)
    countMember(reader, member)
    if (!take(reader, ':')) throw malformed(member, 'a colon is missing after the member name')
    readValue(reader, member, depth + 1)
  } while (take(reader, ','))
  if (!take(reader, '}')) throw malformed(pointer, 'a comma or a closing brace is missing')
}

function checkName(name: string, member: string, seen: Set<string>): void {
  if (seen.has(name))
    throw refusal('duplicate_member', member, 'the name stands twice: keep one of the members')
  if (name === '__proto__')
    throw refusal('forbidden_member', member, 'this name is not allowed: remove the member')
  seen.add(name)
}

function readArray(reader: Reader, pointer: string, depth: number): void {
  if (take(reader, ']')) return
  let index = 0
  do {
    const item = `${pointer}/${String(index)}`
    countMember(reader, item)
    readValue(reader, item, depth + 1)
    index += 1
  } while (take(reader, ','))
  if (!take(reader, ']')) throw malformed(pointer, 'a comma or a closing bracket is missing')
}

function countMember(reader: Reader, pointer: string): void {
  reader.members += 1
  if (reader.members <= reader.limits.members) return
  const most = String(reader.limits.members)
  throw refusal('too_many_members', pointer, `send at most ${most} members and items`)
}

function readString(reader: Reader, pointer: string): string {
  const start = reader.at
  do {
    reader.at += reader.text[reader.at] === '\\' ? 2 : 1
  } while (reader.at < reader.text.length && reader.text[reader.at] !== '"')
  reader.at += 1
  const value = parsed(
    reader.text.slice(start, reader.at),
    pointer,
    'this string is not valid JSON',
  )
  if (!value.isWellFormed()) {
    throw refusal(
      'lone_surrogate',
      pointer,
      'a \\u escape is half of a pair: send whole characters',
    )
  }
  return value
}

function readScalar(reader: Reader, pointer: string): void {
  const start = reader.at
  while (
    reader.at < reader.text.length &&
    !',]}:"[{ \t\r\n'.includes(reader.text.charAt(reader.at))
  )
    reader.at += 1
  const source = reader.text.slice(start, reader.at)
  const value: unknown = parsed(source, pointer, 'a JSON value is missing or misspelt')
  if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return
  if (reader.limits.bigIntegers === true && /^-?\d+$/.test(source)) return
  throw refusal('unsafe_integer', pointer, 'the number is outside ±(2^53 - 1): send it as a string')
}

function parsed(source: string, pointer: string, reason: string): string {
  try {
    return JSON.parse(source) as string
  } catch {
    throw malformed(pointer, reason)
  }
}

function take(reader: Reader, character: string): boolean {
  skipSpace(reader)
  if (reader.text[reader.at] !== character) return false
  reader.at += 1
  return true
}

function skipSpace(reader: Reader): void {
  while (reader.at < reader.text.length && ' \t\r\n'.includes(reader.text.charAt(reader.at)))
    reader.at += 1
}

function malformed(pointer: string, reason: string): PdpError {
  return refusal('malformed_json', pointer, reason)
}

function refusal(code: ErrorCode, pointer: string, reason: string): PdpError {
  const place = pointer === '' ? 'the whole text' : pointer
  return new PdpError(code, `Refused at ${place}: ${reason}.`, { faults: [{ pointer, reason }] })
}
