/** How far two moments lie apart on a calendar: years, months, days, hours, minutes, seconds (OPA's `time.diff`). */
import { daysInMonth, wallOf, type Moment, type Wall } from './moment.ts'

/** In the zone of the first. */
export function differenceOf(first: Moment, second: Moment): readonly number[] {
  const isLater = first.nanoseconds > second.nanoseconds
  const walls = [first, second].map(({ nanoseconds }) => wallOf(nanoseconds, first.zone))
  const [from, to] = (isLater ? walls.reverse() : walls) as [Wall, Wall]
  const parts = [
    to.year - from.year,
    to.month - from.month,
    to.day - from.day,
    to.hour - from.hour,
    to.minute - from.minute,
    to.second - from.second,
  ]
  // What each part is short of is taken from the one before it.
  const sizes = [Infinity, 12, daysInMonth(from.year, from.month), 24, 60, 60]
  for (let at = parts.length - 1; at > 0; at -= 1) {
    const part = parts[at] ?? 0
    if (part >= 0) continue
    parts[at] = part + (sizes[at] ?? 0)
    parts[at - 1] = (parts[at - 1] ?? 0) - 1
  }
  return parts
}
