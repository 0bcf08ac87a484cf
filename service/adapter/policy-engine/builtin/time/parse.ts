/** Reads a time by a Go layout (`time.Parse`): what is not there is zero, what contradicts the layout is no time. */
import { BuiltinError } from '../../rego-value.ts'
import { chunksOf, type Chunk } from './layout.ts'
import { daysInMonth, localOf, monthNames, weekdayNames } from './moment.ts'

/** Nanoseconds since the epoch, maybe past 64 bits. @throws BuiltinError */
export function parseTime(layout: string, text: string): bigint {
  const reader = new Reader(text)
  const chunks = chunksOf(layout)
  for (const [i, chunk] of chunks.entries()) readChunk(reader, chunk, chunks[i + 1])
  if (reader.rest !== '') throw wrong('has more than the layout')
  return momentRead(reader.read)
}

type Read = {
  year: number
  month: number | null
  day: number | null
  yearDay: number | null
  hour: number
  minute: number
  second: number
  nanosecond: number
  half: 'am' | 'pm' | null
  /** Seconds east of UTC; null when the text names none. */
  offset: number | null
}

class Reader {
  rest: string
  readonly read: Read = {
    ...{ year: 0, month: null, day: null, yearDay: null },
    ...{ hour: 0, minute: 0, second: 0, nanosecond: 0, half: null, offset: null },
  }

  constructor(text: string) {
    this.rest = text
  }

  /** What the pattern, which is anchored, finds here. */
  take(pattern: RegExp): RegExpExecArray {
    const match = pattern.exec(this.rest)
    if (match === null) throw wrong('does not follow the layout')
    this.rest = this.rest.slice(match[0].length)
    return match
  }

  number(pattern: RegExp, least: number, most: number): number {
    const value = Number(this.take(pattern)[0])
    if (value < least || value > most) throw wrong('has a part out of range')
    return value
  }

  /** The place of a name in a list, in any case. */
  name(names: readonly string[]): number {
    const at = names.findIndex(
      (name) => this.rest.slice(0, name.length).toLowerCase() === name.toLowerCase(),
    )
    if (at === -1) throw wrong('has an unknown name')
    this.rest = this.rest.slice(names[at]?.length ?? 0)
    return at
  }
}

const one = /^\d{1,2}/
const two = /^\d{2}/

type Take = (reader: Reader, text: string, next: Chunk | undefined) => void

const takes: Readonly<Record<Exclude<Chunk['kind'], 'literal' | 'fraction'>, Take>> = {
  year: (reader, text) => {
    if (text === '2006') reader.read.year = reader.number(/^\d{4}/, 0, 9999)
    else {
      const year = reader.number(two, 0, 99)
      reader.read.year = year + (year >= 69 ? 1900 : 2000)
    }
  },
  month: (reader, text) => {
    reader.read.month = text.startsWith('Jan')
      ? reader.name(namesFor(monthNames, text)) + 1
      : reader.number(text === '01' ? two : one, 1, 12)
  },
  weekday: (reader, text) => void reader.name(namesFor(weekdayNames, text)),
  day: (reader, text) => {
    if (text === '_2') reader.take(/^ ?/)
    reader.read.day = reader.number(text === '02' ? two : one, 0, 99)
  },
  yearDay: (reader, text) => {
    const written = reader.take(text === '002' ? /^\d{3}/ : /^(?: {0,2}\d{1,3})/)[0]
    if (written.length !== 3) throw wrong('does not follow the layout')
    reader.read.yearDay = Number(written)
  },
  hour: (reader) => void (reader.read.hour = reader.number(one, 0, 23)),
  hour12: (reader, text) =>
    void (reader.read.hour = reader.number(text === '03' ? two : one, 0, 12)),
  minute: (reader, text) =>
    void (reader.read.minute = reader.number(text === '04' ? two : one, 0, 59)),
  second: (reader, text, next) => {
    reader.read.second = reader.number(text === '05' ? two : one, 0, 59)
    // A fraction is taken here though the layout has none.
    if (next?.kind !== 'fraction' && /^[.,]\d/.test(reader.rest))
      reader.read.nanosecond = nanosecondsOf(reader.take(/^[.,]\d+/)[0])
  },
  half: (reader, text) => {
    const half = reader.take(text === 'PM' ? /^[AP]M/ : /^[ap]m/)[0]
    reader.read.half = half.toLowerCase() === 'pm' ? 'pm' : 'am'
  },
  zone: (reader) => {
    if (reader.rest.startsWith('UTC')) reader.read.offset = 0
    reader.take(
      /^(?:UTC|[CM][he]ST|GMT(?:[+-](?:2[0-3]|1\d|0?\d)(?!\d))?|[+-](?:2[0-3]|1\d|0?\d)(?!\d)|WITA|[A-Z]{4}T(?![A-Z])|[A-Z]{3}T(?![A-Z])|[A-Z]{3}(?![A-Z]))/,
    )
  },
  offset: (reader, text) => {
    if (text.startsWith('Z') && reader.rest.startsWith('Z')) {
      reader.take(/^Z/)
      reader.read.offset = 0
    } else reader.read.offset = offsetOf(reader.take(offsetPattern(text)))
  },
}

function readChunk(reader: Reader, chunk: Chunk, next: Chunk | undefined): void {
  if (chunk.kind === 'literal') readLiteral(reader, chunk.text)
  else if (chunk.kind === 'fraction') readFraction(reader, chunk)
  else takes[chunk.kind](reader, chunk.text, next)
}

/** Any number of blanks stands for any number of blanks. */
function readLiteral(reader: Reader, text: string): void {
  for (const [part] of text.matchAll(/ +|[^ ]+/g)) {
    if (part.startsWith(' ')) {
      if (reader.rest !== '' && !reader.rest.startsWith(' ')) throw wrong('lacks a blank')
      reader.take(/^ */)
    } else if (reader.rest.startsWith(part)) reader.rest = reader.rest.slice(part.length)
    else throw wrong('does not follow the layout')
  }
}

function readFraction(
  reader: Reader,
  { digits, trims }: Extract<Chunk, { kind: 'fraction' }>,
): void {
  if (!trims) {
    reader.read.nanosecond = nanosecondsOf(
      reader.take(new RegExp(`^[.,]\\d{${String(digits)}}`))[0],
    )
  } else if (/^[.,]\d/.test(reader.rest)) {
    reader.read.nanosecond = nanosecondsOf(reader.take(/^[.,]\d+/)[0])
  }
}

/** @param text with its mark */
function nanosecondsOf(text: string): number {
  return Number(text.slice(1, 10).padEnd(9, '0'))
}

function namesFor(names: readonly string[], text: string): readonly string[] {
  return text.length > 3 ? names : names.map((name) => name.slice(0, 3))
}

function offsetPattern(text: string): RegExp {
  const colon = text.includes(':') ? ':' : ''
  const pairs = text.replace(/\D/g, '').length / 2
  return new RegExp(`^([+-])(\\d{2})${`${colon}(\\d{2})`.repeat(pairs - 1)}`)
}

/** Some people write 24 hours or 60 minutes, and Go lets them. */
function offsetOf([
  ,
  sign = '',
  hours = '0',
  minutes = '0',
  seconds = '0',
]: RegExpExecArray): number {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  if (h > 24 || m > 60 || s > 60) throw wrong('has an offset out of range')
  const size = (h * 60 + m) * 60 + s
  return sign === '-' ? -size : size
}

function momentRead(read: Read): bigint {
  const { year, minute, second, nanosecond, half } = read
  const hour =
    half === 'pm' && read.hour < 12
      ? read.hour + 12
      : half === 'am' && read.hour === 12
        ? 0
        : read.hour
  const { month, day } = dateOf(read)
  if (day < 1 || day > daysInMonth(year, month)) throw wrong('has a day out of range')
  const local = localOf({ year, month, day, hour, minute, second, nanosecond })
  return local - BigInt(read.offset ?? 0) * 1_000_000_000n
}

function dateOf({ year, month, day, yearDay }: Read): { month: number; day: number } {
  if (yearDay === null) return { month: month ?? 1, day: day ?? 1 }
  let [m, d] = [1, yearDay]
  if (d < 1) throw wrong('has a day of the year out of range')
  while (m < 12 && d > daysInMonth(year, m)) {
    d -= daysInMonth(year, m)
    m += 1
  }
  if ((month !== null && month !== m) || (day !== null && day !== d)) throw wrong('names two days')
  return { month: m, day: d }
}

function wrong(what: string): BuiltinError {
  return new BuiltinError(`the time ${what}`)
}
