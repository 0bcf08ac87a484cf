/** Templates of replacement as Go's regexp expands them: `$1`, `${1}`, `$name`, `${name}`, `$$`. */

/** @param group the text of a group by number or name, empty if there is none */
export function expand(template: string, group: (name: string | number) => string): string {
  const pieces: string[] = []
  let at = 0
  for (let next = template.indexOf('$'); next !== -1; next = template.indexOf('$', at)) {
    pieces.push(template.slice(at, next))
    const reference = referenceAt(template, next + 1)
    // What is no reference is text.
    pieces.push(reference.name === null ? '$' : group(reference.name))
    at = reference.end
  }
  return pieces.join('') + template.slice(at)
}

type Reference = { readonly name: string | number | null; readonly end: number }

const bare = /[\p{L}\p{Nd}_]+/uy
const inBraces = /\{([\p{L}\p{Nd}_]+)\}/uy

function referenceAt(template: string, at: number): Reference {
  if (template[at] === '$') return { name: null, end: at + 1 }
  const pattern = template[at] === '{' ? inBraces : bare
  pattern.lastIndex = at
  const match = pattern.exec(template)
  if (match === null) return { name: null, end: at }
  return { name: numbered(match[1] ?? match[0]), end: at + match[0].length }
}

/** Digits without a leading zero are a number. */
function numbered(name: string): string | number {
  return /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : name
}
