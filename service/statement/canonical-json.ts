/**
 * Canonical JSON: RFC 8785 (JCS). Bytes that two parties must be able to derive from the same value.
 *
 * Refuses what JCS cannot carry (a lone surrogate, a number that is not finite) instead of mending it.
 */

/** The canonical text of a JSON value. Members that are `undefined` are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('a number that is not finite has no canonical form')
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value)
    default:
      throw new TypeError(`a ${typeof value} has no canonical form`)
  }
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '['
  for (let i = 0; i < items.length; i += 1) {
    if (i > 0) text += ','
    text += canonicalJson(items[i])
  }
  return `${text}]`
}

/** RFC 8785 section 3.2.3: members sort by their UTF-16 code units, which is the order of `sort()`. */
function canonicalObject(value: object): string {
  const members = value as Record<string, unknown>
  let text = '{'
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member === undefined) continue
    if (text.length > 1) text += ','
    text += `${quoted(name)}:${canonicalJson(member)}`
  }
  return `${text}}`
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form')
  return JSON.stringify(text)
}
