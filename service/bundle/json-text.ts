/**
 * JSON as OPA writes it before it hashes: no spaces, members in the order of their UTF-8 bytes, numbers
 * as they stood, strings as Go's encoder writes them (HTML escaping off).
 */
import { isArray, isObject, type JsonObject, type JsonValue } from './json-value.ts'

export function jsonText(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (isObject(value)) return objectText(value)
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`
  return value.number
}

function objectText(members: JsonObject): string {
  const sorted = [...members].sort(([a], [b]) => compareUtf8(a, b))
  return `{${sorted.map(([name, value]) => `${quoted(name)}:${jsonText(value)}`).join(',')}}`
}

/** Go escapes the two line separators that JavaScript leaves as they are. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** The order of the UTF-8 bytes, which is the order of code points; UTF-16 units differ beyond U+D7FF. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Puts surrogates (half of a code point above U+FFFF) after all other units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
