/** A moment in a place, as OPA takes it: nanoseconds, or `[nanoseconds, zone, layout]`. */
import { BuiltinError, type RegoValue } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { integerOperand, numberOf, textOperand } from '../operand.ts'

export type Moment = {
  /** Since the epoch; a 64-bit integer. */
  readonly nanoseconds: bigint
  /** IANA name of a time zone. */
  readonly zone: string
  /** Empty when none was given. */
  readonly layout: string
}

/** What a calendar on the wall shows. Months from 1, weekdays from Sunday = 0. */
export type Wall = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
}

const second = 1_000_000_000n

/** @throws BuiltinError */
export function momentOperand(value: RegoValue): Moment {
  if (!Array.isArray(value)) return { nanoseconds: nanosecondsOf(value), zone: 'UTC', layout: '' }
  const [nanoseconds, zone = 'UTC', layout = ''] = value as readonly RegoValue[]
  if (nanoseconds === undefined) throw new BuiltinError('there is no moment in an empty list')
  return {
    nanoseconds: nanosecondsOf(nanoseconds),
    zone: zoneNamed(textOperand(zone)),
    layout: textOperand(layout),
  }
}

function nanosecondsOf(value: RegoValue): bigint {
  return within64(integerOperand(value))
}

/** @throws BuiltinError past what 64 bits hold */
export function within64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw new BuiltinError('the moment is too far away')
}

export function momentResult(nanoseconds: bigint): number | bigint {
  return numberOf(within64(nanoseconds))
}

/** The zone of the machine is nobody's: a decision must be the same wherever it is judged again. */
function zoneNamed(name: string): string {
  if (name === '' || name === 'UTC') return 'UTC'
  const { timeZoneId } = failing(() =>
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name),
  )
  // The runtime also takes offsets, and names in any case.
  if (timeZoneId === name && !/^[+-]/.test(name)) return name
  throw new BuiltinError(`there is no time zone ${name}`)
}

export function offsetAt(nanoseconds: bigint, zone: string): bigint {
  if (zone === 'UTC') return 0n
  return BigInt(zoned(nanoseconds, zone).offsetNanoseconds)
}

function zoned(nanoseconds: bigint, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochNanoseconds(nanoseconds).toZonedDateTimeISO(zone)
}

export function wallOf(nanoseconds: bigint, zone: string): Wall {
  const { year, month, day, hour, minute, second: s, ...rest } = fieldsOf(zoned(nanoseconds, zone))
  return { year, month, day, hour, minute, second: s, ...rest }
}

function fieldsOf(at: Temporal.ZonedDateTime): Wall {
  return {
    ...{ year: at.year, month: at.month, day: at.day },
    ...{ hour: at.hour, minute: at.minute, second: at.second },
    nanosecond: at.millisecond * 1_000_000 + at.microsecond * 1000 + at.nanosecond,
  }
}

/**
 * The moment that a wall shows there; members may lie outside their range, and are carried (Go's `time.Date`). Where
 * a clock was put forward or back, it takes the offset that Go takes.
 */
export function momentOf(wall: Wall, zone: string): bigint {
  const local = localOf(wall)
  const offset = offsetAt(local, zone)
  if (offset === 0n) return local
  const guess = offsetAt(local - offset, zone)
  return local - (guess === offset ? offset : guess)
}

/** As if it were UTC. */
export function localOf({ year, month, day, hour, minute, second: s, nanosecond }: Wall): bigint {
  const months = year * 12 + (month - 1)
  const days = daysBefore(Math.floor(months / 12), months - Math.floor(months / 12) * 12) + day - 1
  const seconds = BigInt(days) * 86_400n + BigInt(hour) * 3600n + BigInt(minute) * 60n + BigInt(s)
  return seconds * second + BigInt(nanosecond)
}

/** Days from the epoch to the first of a month (from 0) of the proleptic Gregorian calendar. */
function daysBefore(year: number, month: number): number {
  const march = month < 2 ? year - 1 : year
  const era = Math.floor(march / 400)
  const inEra = march - era * 400
  const dayOfYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5)
  const dayOfEra = inEra * 365 + Math.floor(inEra / 4) - Math.floor(inEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export function daysInMonth(year: number, month: number): number {
  return daysBefore(month === 12 ? year + 1 : year, month % 12) - daysBefore(year, month - 1)
}

export function weekdayOf({ year, month, day }: Wall): number {
  const days = daysBefore(year, month - 1) + day - 1
  return (((days + 4) % 7) + 7) % 7
}

export function dayOfYear({ year, month, day }: Wall): number {
  return daysBefore(year, month - 1) + day - daysBefore(year, 0)
}

export const monthNames: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]
export const weekdayNames: readonly string[] = [
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
]
