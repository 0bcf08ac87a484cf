/**
 * Canonical JSON: RFC 8785 (JCS). Bytes that two parties must be able to derive from the same value.
 *
 * Refuses what JCS cannot carry (a lone surrogate, a number that is not finite) instead of mending it.
 * JavaScript writes numbers and strings as JCS wants them; what is left is the order of members, so a
 * value is put in order where it is not, and then written by the engine itself, which is four times
 * as fast as writing it member by member.
 */

/** The canonical text of a JSON value. Members that are `undefined` are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  const ordered = inOrder(value)
  if (ordered === undefined) throw new TypeError('undefined has no canonical form')
  const text = ordered === unordered ? writtenOut(value) : JSON.stringify(ordered)
  // A lone surrogate is written as an escape (ECMA-262, QuoteJSONString); nothing else is written so.
  if (surrogateEscape.test(text)) refuseLoneSurrogate(value)
  return text
}

const surrogateEscape = /\\ud[89a-f]/u

/** An object whose members cannot be put in order: an integer-like name always comes first in JavaScript. */
const unordered = Symbol('unordered')

/** The same value with every object's members in UTF-16 order (section 3.2.3); itself where they are already. */
function inOrder(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw new TypeError('a number that is not finite has no canonical form')
    case 'object':
      if (value === null) return null
      return Array.isArray(value) ? listInOrder(value) : objectInOrder(value as Members)
    default:
      throw new TypeError(`a ${typeof value} has no canonical form`)
  }
}

type Members = Readonly<Record<string, unknown>>

function listInOrder(items: readonly unknown[]): unknown {
  let copy: unknown[] | null = null
  for (let i = 0; i < items.length; i += 1) {
    const item = inOrder(items[i])
    if (item === unordered) return unordered
    if (item === undefined) throw new TypeError('undefined has no canonical form')
    if (item !== items[i]) copy ??= items.slice()
    if (copy !== null) copy[i] = item
  }
  return copy ?? items
}

function objectInOrder(members: Members): unknown {
  const names = Object.keys(members)
  const order = orderOf(names)
  if (order === 'impossible') return unordered
  if (order === 'mixed') return copyInOrder(members, names.sort())
  for (const name of names) {
    const member = inOrder(members[name])
    if (member === unordered) return unordered
    if (member !== members[name]) return copyInOrder(members, names)
  }
  return members
}

function orderOf(names: readonly string[]): 'ordered' | 'mixed' | 'impossible' {
  let previous = ''
  let isOrdered = true
  for (const name of names) {
    if (startsWithDigit(name) || name === '__proto__') return 'impossible'
    if (name < previous) isOrdered = false
    previous = name
  }
  return isOrdered ? 'ordered' : 'mixed'
}

function copyInOrder(members: Members, names: readonly string[]): unknown {
  const copy: Record<string, unknown> = {}
  for (const name of names) {
    const member = inOrder(members[name])
    if (member === unordered) return unordered
    copy[name] = member
  }
  return copy
}

function startsWithDigit(name: string): boolean {
  const first = name.charCodeAt(0)
  return first >= 0x30 && first <= 0x39
}

/** The plain way, member by member, for values that have integer-like names somewhere. */
function writtenOut(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(inOrder(value))
  if (Array.isArray(value)) return `[${value.map(writtenOut).join(',')}]`
  const members = value as Members
  const written = Object.keys(members)
    .sort()
    .filter((name) => members[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${writtenOut(members[name])}`)
  return `{${written.join(',')}}`
}

function refuseLoneSurrogate(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new TypeError('a lone surrogate has no canonical form')
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    refuseLoneSurrogate(name)
    refuseLoneSurrogate(member)
  }
}
