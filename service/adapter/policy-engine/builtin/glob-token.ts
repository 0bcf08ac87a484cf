/** The tokens of a glob, as glob-intersection.ts takes them. */
import { BuiltinError } from '../rego-value.ts'
import { runesOf } from './go/rune.ts'

type Range = readonly [low: number, high: number]

/** Code points, each range with its ends, sorted and apart; or any. */
export type Token = {
  readonly ranges: 'any' | readonly Range[]
  /** A set of one character is not that character. */
  readonly isSet: boolean
  readonly flag: '' | '+' | '*'
}

type Reader = { readonly runes: readonly string[]; at: number }
type Rune = { readonly rune: string; readonly isEscaped: boolean }

/** @throws BuiltinError */
export function readGlob(text: string): readonly Token[] {
  const reader = { runes: runesOf(text), at: 0 }
  const tokens: Token[] = []
  while (reader.at < reader.runes.length) append(tokens, readToken(reader))
  return tokens
}

/** The same token twice, each with a flag, is one. */
function append(tokens: Token[], token: Token): void {
  const last = tokens.at(-1)
  const isSame =
    last !== undefined && last.flag !== '' && token.flag !== '' && textOf(last) === textOf(token)
  if (!isSame) tokens.push(token)
  else if (token.flag === '+') tokens[tokens.length - 1] = token
}

function textOf({ ranges, isSet }: Token): string {
  return JSON.stringify([ranges, isSet])
}

function readToken(reader: Reader): Token {
  const read = readCharacter(reader)
  const next = reader.runes[reader.at]
  if (next !== '+' && next !== '*') return { ...read, flag: '' }
  reader.at += 1
  return { ...read, flag: next }
}

function readCharacter(reader: Reader): Pick<Token, 'ranges' | 'isSet'> {
  const { rune, isEscaped } = readRune(reader)
  if (!isEscaped) {
    if (rune === '.') return { ranges: 'any', isSet: false }
    if (rune === '[') return { ranges: readSet(reader), isSet: true }
    if (rune === ']' || rune === '+' || rune === '*') throw fault(`a glob has no ${rune} here`)
  }
  return { ranges: [[pointOf(rune), pointOf(rune)]], isSet: false }
}

function readSet(reader: Reader): readonly Range[] {
  const ranges: Range[] = []
  let previous: number | null = null
  for (;;) {
    const { rune, isEscaped } = readRune(reader)
    if (rune === ']' && !isEscaped) return merged(ranges)
    if (rune === '-' && !isEscaped) {
      ranges.push([previous ?? NaN, readRangeEnd(reader, previous)])
      previous = null
    } else {
      previous = pointOf(rune)
      ranges.push([previous, previous])
    }
  }
}

function readRangeEnd(reader: Reader, start: number | null): number {
  if (start === null) throw fault('a range has no start')
  if (reader.at >= reader.runes.length - 1) throw fault('a range has no end')
  const { rune, isEscaped } = readRune(reader)
  if (!isEscaped && (rune === ']' || rune === '-')) throw fault('a range has no end')
  if (pointOf(rune) < start) throw fault('a range is out of order')
  return pointOf(rune)
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort(([a], [b]) => a - b)
  const apart: [number, number][] = []
  for (const [low, high] of sorted) {
    const last = apart.at(-1)
    if (last === undefined || low > last[1] + 1) apart.push([low, high])
    else last[1] = Math.max(last[1], high)
  }
  return apart
}

function readRune(reader: Reader): Rune {
  const isEscaped = reader.runes[reader.at] === '\\'
  const rune = reader.runes[isEscaped ? reader.at + 1 : reader.at]
  if (rune === undefined) throw fault('a glob ends too soon')
  reader.at += isEscaped ? 2 : 1
  return { rune, isEscaped }
}

function pointOf(rune: string): number {
  return rune.codePointAt(0) ?? 0
}

function fault(message: string): BuiltinError {
  return new BuiltinError(message)
}
