/** Go's layouts of times (package time, constants and `nextStdChunk`): a reference moment written as one wants it. */

export type Chunk =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'fraction'
      readonly digits: number
      readonly mark: string
      readonly trims: boolean
    }
  | { readonly kind: Exclude<ChunkKind, 'literal' | 'fraction'>; readonly text: string }

export type ChunkKind =
  | ('literal' | 'fraction' | 'month' | 'weekday' | 'year' | 'day' | 'yearDay')
  | ('hour' | 'hour12' | 'minute' | 'second' | 'half' | 'zone' | 'offset')

const named: Readonly<Record<string, string>> = {
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
}

export const rfc3339 = '2006-01-02T15:04:05Z07:00'
export const rfc3339Nano = '2006-01-02T15:04:05.999999999Z07:00'

/** A layout that OPA knows by name, or the layout itself. */
export function layoutNamed(name: string): string {
  return Object.hasOwn(named, name) ? (named[name] ?? name) : name
}

/** In the order in which they are tried at one place; the longer first. */
const patterns: readonly (readonly [RegExp, ChunkKind])[] = [
  [/January|Jan(?![a-z])/y, 'month'],
  [/Monday|Mon(?![a-z])/y, 'weekday'],
  [/MST/y, 'zone'],
  [/002|__2/y, 'yearDay'],
  [/2006/y, 'year'],
  [/_2(?!006)/y, 'day'],
  [/01/y, 'month'],
  [/02/y, 'day'],
  [/03/y, 'hour12'],
  [/04/y, 'minute'],
  [/05/y, 'second'],
  [/06/y, 'year'],
  [/15/y, 'hour'],
  [/PM|pm/y, 'half'],
  [/[-Z]07(?:0000|:00:00|00|:00)?/y, 'offset'],
  [/1/y, 'month'],
  [/2/y, 'day'],
  [/3/y, 'hour12'],
  [/4/y, 'minute'],
  [/5/y, 'second'],
]
const fraction = /[.,](0+|9+)(?!\d)/y

export function chunksOf(layout: string): readonly Chunk[] {
  const chunks: Chunk[] = []
  let literal = ''
  for (let at = 0; at < layout.length;) {
    const chunk = chunkAt(layout, at)
    if (chunk === null) {
      literal += layout.charAt(at)
      at += 1
      continue
    }
    if (literal !== '') chunks.push({ kind: 'literal', text: literal })
    literal = ''
    chunks.push(chunk)
    at += chunk.kind === 'fraction' ? chunk.digits + 1 : chunk.text.length
  }
  return literal === '' ? chunks : [...chunks, { kind: 'literal', text: literal }]
}

function chunkAt(layout: string, at: number): Chunk | null {
  for (const [pattern, kind] of patterns) {
    pattern.lastIndex = at
    const [text] = pattern.exec(layout) ?? []
    if (text !== undefined) return { kind, text } as Chunk
  }
  fraction.lastIndex = at
  const [found = '', digits = ''] = fraction.exec(layout) ?? []
  if (found === '') return null
  return {
    kind: 'fraction',
    digits: digits.length,
    mark: found.charAt(0),
    trims: digits.startsWith('9'),
  }
}
