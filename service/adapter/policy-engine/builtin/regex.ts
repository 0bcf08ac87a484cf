/**
 * `regex.*` (v1/topdown/regex.go). Patterns are RE2's, by re2js: what a pattern costs grows with the text, never
 * with its powers, so no policy can be made to search for ever. JavaScript's own RegExp sees no pattern of policy.
 */
import { type Matcher, RE2JS, RE2JSException } from 're2js'
import { BuiltinError, type Builtins } from '../rego-value.ts'
import { globsMatch } from './glob-intersection.ts'
import { int64Operand, textOperand } from './operand.ts'
import { expand } from './regex-expansion.ts'
import { templatePattern } from './regex-template.ts'

/** Where a match lies. */
type Match = { readonly start: number; readonly end: number; readonly matcher: Matcher }

/** As many as OPA keeps. */
const mostPatterns = 100
const compiled = new Map<string, RE2JS>()

export const regexBuiltins: Builtins = {
  'regex.find_n': (_context, pattern, text, most) => {
    const searched = textOperand(text)
    const count = Number(int64Operand(most))
    const found: string[] = []
    for (const { start, end } of matches(compile(textOperand(pattern)), searched, count))
      found.push(searched.slice(start, end))
    return found
  },
  'regex.globs_match': (_context, a, b) => globsMatch(textOperand(a), textOperand(b)),
  'regex.replace': (_context, text, pattern, template) =>
    replace(textOperand(text), compile(textOperand(pattern)), textOperand(template)),
  'regex.split': (_context, pattern, text) =>
    split(compile(textOperand(pattern)), textOperand(text)),
  'regex.template_match': (_context, template, text, start, end) => {
    const [pattern, holes] = templatePattern(
      textOperand(template),
      textOperand(start),
      textOperand(end),
    )
    for (const hole of holes) compile(hole)
    return compile(pattern).test(textOperand(text))
  },
  re_match: (_context, pattern, text) => compile(textOperand(pattern)).test(textOperand(text)),
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = compileNew(pattern)
  const [oldest] = compiled.keys()
  if (compiled.size >= mostPatterns && oldest !== undefined) compiled.delete(oldest)
  compiled.set(pattern, made)
  return made
}

function compileNew(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw new BuiltinError('this is no pattern of RE2', { cause: error })
  }
}

/** All matches as Go's regexp finds them: none that is empty right behind another. Below zero is no limit. */
function* matches(pattern: RE2JS, text: string, most = -1): Generator<Match> {
  const matcher = pattern.matcher(text)
  let [at, before, left] = [0, -1, most]
  while (left !== 0 && at <= text.length && matcher.find(at)) {
    const [start, end] = [matcher.start(), matcher.end()]
    const isRepeated = end === at && start === before
    at = end === at ? at + widthAt(text, at) : end
    before = end
    if (isRepeated) continue
    left -= 1
    yield { start, end, matcher }
  }
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

function split(pattern: RE2JS, text: string): readonly string[] {
  if (pattern.pattern() !== '' && text === '') return ['']
  const parts: string[] = []
  let [begin, end] = [0, 0]
  for (const match of matches(pattern, text)) {
    end = match.start
    if (match.end !== 0) parts.push(text.slice(begin, end))
    begin = match.end
  }
  if (end !== text.length) parts.push(text.slice(begin))
  return parts
}

function replace(text: string, pattern: RE2JS, template: string): string {
  const names = new Map(Object.entries(pattern.namedGroups()))
  const pieces: string[] = []
  let last = 0
  for (const { start, end, matcher } of matches(pattern, text)) {
    const group = (name: string | number): string => {
      const index = typeof name === 'number' ? name : (names.get(name) ?? Infinity)
      return index <= matcher.groupCount() ? (matcher.group(index) ?? '') : ''
    }
    pieces.push(text.slice(last, start), expand(template, group))
    last = end
  }
  return pieces.join('') + text.slice(last)
}
