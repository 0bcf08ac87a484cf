// Patterns of bounds: each must be RE2, and one that only counts characters costs what `max_length` does not.

import type { Registry } from '../../../service/contract/registry.ts'
import { runTool } from '../tool.ts'
import type { Finding } from './finding.ts'
import { capabilitiesOf } from './references.ts'

interface Pattern {
  readonly pointer: string
  readonly pattern: string
}

/** Asked of OPA itself: no other reader of regular expressions knows exactly what RE2 refuses. */
export function unreadablePatterns(registry: Registry): readonly Finding[] {
  const patterns = patternsOf(registry)
  if (patterns.length === 0) return []
  const query = '[i | some i, pattern in input; not regex.is_valid(pattern)]'
  const input = JSON.stringify(patterns.map(({ pattern }) => pattern))
  const { status, stdout, stderr } = runTool(
    'opa',
    ['eval', '--stdin-input', '--format', 'raw', query],
    { input },
  )
  if (status !== 0) throw new Error(stderr)
  return (JSON.parse(stdout) as readonly number[]).flatMap((i) => {
    const { pointer, pattern } = patterns[i] ?? { pointer: '', pattern: '' }
    const message = `${pattern} is not RE2, so that every value is out of bounds: write a pattern without look-around or back references`
    return [{ pointer, message, code: 'data.pattern', severity: 'error' as const }]
  })
}

/** RE2 unrolls a counted repetition: memory and time of every question grow with the count. */
export function countedRepetitions(registry: Registry): readonly Finding[] {
  return patternsOf(registry)
    .filter(({ pattern }) => /(?:[^\\]|^)\{\d+(?:,\d*)?\}/u.test(pattern))
    .map(({ pointer, pattern }) => ({
      ...{ pointer, code: 'data.counted_repetition', severity: 'error' as const },
      message: `${pattern} counts characters, which makes every question compile a large pattern: bound the length with max_length and write *`,
    }))
}

function patternsOf(registry: Registry): readonly Pattern[] {
  return capabilitiesOf(registry).flatMap(({ pointer, capability: { bounds = [] } }) =>
    bounds.flatMap(({ pattern }, i) =>
      pattern === undefined ? [] : [{ pattern, pointer: `${pointer}/bounds/${String(i)}/pattern` }],
    ),
  )
}
