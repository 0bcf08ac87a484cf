/** Writes a moment in a Go layout (`time.Time.Format`). */
import { chunksOf, type Chunk } from './layout.ts'
import {
  dayOfYear,
  monthNames,
  offsetAt,
  wallOf,
  weekdayNames,
  weekdayOf,
  type Moment,
  type Wall,
} from './moment.ts'
import { zoneAbbreviation } from './zone-abbreviation.ts'

export function formatMoment({ nanoseconds, zone }: Moment, layout: string): string {
  const wall = wallOf(nanoseconds, zone)
  const offset = Number(offsetAt(nanoseconds, zone) / 1_000_000_000n)
  return chunksOf(layout)
    .map((chunk) =>
      chunk.kind === 'zone'
        ? zoneAbbreviation(nanoseconds, zone)
        : chunk.kind === 'offset'
          ? offsetText(chunk.text, offset)
          : partOf(chunk, wall),
    )
    .join('')
}

type Part = (text: string, wall: Wall) => string

const parts: Readonly<Partial<Record<Chunk['kind'], Part>>> = {
  year: (text, { year }) =>
    text === '06' ? padded(((year % 100) + 100) % 100, 2) : padded(year, 4),
  month: (text, { month }) =>
    text.startsWith('Jan') ? named(monthNames, month - 1, text) : numbered(text, month),
  weekday: (text, wall) => named(weekdayNames, weekdayOf(wall), text),
  day: (text, { day }) => numbered(text, day),
  yearDay: (text, wall) => String(dayOfYear(wall)).padStart(3, text === '002' ? '0' : ' '),
  hour: (_text, { hour }) => padded(hour, 2),
  hour12: (text, { hour }) => numbered(text, hour % 12 === 0 ? 12 : hour % 12),
  minute: (text, { minute }) => numbered(text, minute),
  second: (text, { second }) => numbered(text, second),
  half: (text, { hour }) => {
    const half = hour >= 12 ? 'PM' : 'AM'
    return text === 'PM' ? half : half.toLowerCase()
  },
}

function partOf(chunk: Chunk, wall: Wall): string {
  if (chunk.kind === 'fraction') return fractionText(chunk, wall.nanosecond)
  return parts[chunk.kind]?.(chunk.text, wall) ?? chunk.text
}

/** Two digits of a layout ask for two, an underscore for a blank. */
function numbered(text: string, value: number): string {
  if (text.startsWith('_')) return String(value).padStart(2, ' ')
  return text.length === 1 ? String(value) : padded(value, 2)
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

function named(names: readonly string[], at: number, text: string): string {
  const name = names[at] ?? ''
  return text.length > 3 ? name : name.slice(0, 3)
}

function fractionText(
  { digits, mark, trims }: Extract<Chunk, { kind: 'fraction' }>,
  nanosecond: number,
): string {
  const all = padded(nanosecond, 9).slice(0, digits)
  if (!trims) return mark + all
  const trimmed = all.replace(/0+$/, '')
  return trimmed === '' ? '' : mark + trimmed
}

function offsetText(text: string, offset: number): string {
  if (text.startsWith('Z') && offset === 0) return 'Z'
  const colon = text.includes(':') ? ':' : ''
  const size = Math.abs(offset)
  const all = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60]
  const wanted = text.replace(/\D/g, '').length / 2
  const digits = all.slice(0, wanted).map((one) => padded(one, 2))
  return `${offset < 0 ? '-' : '+'}${digits.join(colon)}`
}
