/** Templates of regex.template_match (v1/topdown/regex_template.go): text, with patterns between delimiters. */
import { BuiltinError } from '../rego-value.ts'

/** The pattern of the whole, and that of each hole, which must be a pattern of its own. */
export function templatePattern(
  template: string,
  start: string,
  end: string,
): readonly [string, readonly string[]] {
  for (const delimiter of [start, end])
    if (Buffer.byteLength(delimiter) !== 1) throw new BuiltinError('a delimiter is one character')
  const holes: string[] = []
  let [pattern, last] = ['^', 0]
  for (const [from, to] of holesOf(template, start, end)) {
    const hole = template.slice(from + 1, to - 1)
    pattern += `${quoted(template.slice(last, from))}(${hole})`
    holes.push(`^${hole}$`)
    last = to
  }
  return [`${pattern}${quoted(template.slice(last))}$`, holes]
}

/** The outermost pairs of delimiters; when both are the same character, nothing ever closes. */
function holesOf(template: string, start: string, end: string): readonly [number, number][] {
  const holes: [number, number][] = []
  let [level, from] = [0, 0]
  for (let i = 0; i < template.length; i += 1) {
    if (template[i] === start) {
      level += 1
      if (level === 1) from = i
    } else if (template[i] === end) {
      level -= 1
      if (level === 0) holes.push([from, i + 1])
      if (level < 0) throw new BuiltinError('a delimiter closes what none opened')
    }
  }
  if (level !== 0) throw new BuiltinError('a delimiter is not closed')
  return holes
}

function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}
