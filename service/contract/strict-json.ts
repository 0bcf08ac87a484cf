/**
 * Strict JSON: RFC 8259 narrowed by I-JSON (RFC 7493), so that no other parser reads another value.
 *
 * The common path is the engine's own parser and one cheap pass; `refuse-json.ts` reads slowly, and only
 * to name what is wrong and where.
 */
import { refuseBytes, refuseJson, type JsonLimits } from './refuse-json.ts'

type Tally = {
  readonly limits: JsonLimits
  /** The text has escapes: without any, valid UTF-8 cannot hold a lone surrogate. */
  readonly escaped: boolean
  named: number
  items: number
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The value of one JSON text.
 *
 * @throws PdpError `malformed_json`, `duplicate_member`, `lone_surrogate`, `unsafe_integer`,
 * `forbidden_member`, `too_deep`, `too_many_members`, with the RFC 6901 pointer of the first fault.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  const text = decode(bytes)
  const value = parse(text, limits)
  const tally: Tally = { limits, escaped: text.includes('\\'), named: 0, items: 0 }
  if (!isStrict(value, 1, tally) || tally.named !== countNames(text)) refuseJson(text, limits)
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    refuseBytes()
  }
}

function parse(text: string, limits: JsonLimits): unknown {
  try {
    return limits.bigIntegers === true ? JSON.parse(text, reviveBig as Reviver) : JSON.parse(text)
  } catch {
    refuseJson(text, limits)
  }
}

/** The third argument (the source text of a number) is newer than the type of `JSON.parse`. */
type Reviver = (name: string, value: unknown) => unknown

function reviveBig(_name: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return context.source !== undefined && /^-?\d+$/.test(context.source)
    ? BigInt(context.source)
    : value
}

/**
 * Member names in a text that is known to be JSON: each string that a colon follows.
 *
 * A parser keeps one of two members of the same name, however they are spelt, and drops the members
 * inside the other: more names in the text than in the value means that some name stands twice.
 */
function countNames(text: string): number {
  let count = 0
  let open = text.indexOf('"')
  while (open !== -1) {
    let close = text.indexOf('"', open + 1)
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1)
    let next = close + 1
    while (isSpace(text.charCodeAt(next))) next += 1
    if (text.charCodeAt(next) === 0x3a) count += 1
    open = text.indexOf('"', next)
  }
  return count
}

/** An odd number of backslashes stands before this place. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === 0x5c) first -= 1
  return (at - first) % 2 === 1
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function isStrict(value: unknown, depth: number, tally: Tally): boolean {
  switch (typeof value) {
    case 'string':
      return !tally.escaped || value.isWellFormed()
    case 'number':
      return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
    case 'object':
      if (value === null) return true
      if (depth > tally.limits.depth) return false
      return Array.isArray(value)
        ? isStrictArray(value, depth, tally)
        : isStrictObject(value, depth, tally)
    default:
      return true
  }
}

function isStrictArray(items: readonly unknown[], depth: number, tally: Tally): boolean {
  tally.items += items.length
  if (tally.items + tally.named > tally.limits.members) return false
  for (const item of items) if (!isStrict(item, depth + 1, tally)) return false
  return true
}

function isStrictObject(value: object, depth: number, tally: Tally): boolean {
  const names = Object.keys(value)
  tally.named += names.length
  if (tally.items + tally.named > tally.limits.members) return false
  for (const name of names) {
    if (name === '__proto__' || (tally.escaped && !name.isWellFormed())) return false
    if (!isStrict((value as Record<string, unknown>)[name], depth + 1, tally)) return false
  }
  return true
}
