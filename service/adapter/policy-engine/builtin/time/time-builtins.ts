/** `time.*` (v1/topdown/time.go): pure but for `now_ns`, which is the time of the query. */
import type { Builtins } from '../../rego-value.ts'
import { int64Operand, numberOf, textOperand } from '../operand.ts'
import { differenceOf } from './difference.ts'
import { parseDuration } from './duration.ts'
import { formatMoment } from './format.ts'
import { layoutNamed, rfc3339, rfc3339Nano } from './layout.ts'
import { momentOf, momentOperand, momentResult, wallOf, weekdayNames, weekdayOf } from './moment.ts'
import { parseTime } from './parse.ts'

export const timeBuiltins: Builtins = {
  'time.now_ns': ({ nowNs }) => momentResult(nowNs()),
  'time.parse_ns': (_context, layout, text) =>
    momentResult(parseTime(layoutNamed(textOperand(layout)), textOperand(text))),
  'time.parse_rfc3339_ns': (_context, text) => momentResult(parseTime(rfc3339, textOperand(text))),
  'time.parse_duration_ns': (_context, text) => numberOf(parseDuration(textOperand(text))),
  'time.format': (_context, given) => {
    const moment = momentOperand(given)
    return formatMoment(moment, moment.layout === '' ? rfc3339Nano : layoutNamed(moment.layout))
  },
  'time.date': (_context, given) => {
    const { nanoseconds, zone } = momentOperand(given)
    const { year, month, day } = wallOf(nanoseconds, zone)
    return [year, month, day]
  },
  'time.clock': (_context, given) => {
    const { nanoseconds, zone } = momentOperand(given)
    const { hour, minute, second } = wallOf(nanoseconds, zone)
    return [hour, minute, second]
  },
  'time.weekday': (_context, given) => {
    const { nanoseconds, zone } = momentOperand(given)
    return weekdayNames[weekdayOf(wallOf(nanoseconds, zone))]
  },
  'time.add_date': (_context, given, years, months, days) => {
    const { nanoseconds, zone } = momentOperand(given)
    const wall = wallOf(nanoseconds, zone)
    const [y, m, d] = [years, months, days].map((count) => Number(int64Operand(count ?? 0)))
    const moved = {
      ...wall,
      ...{ year: wall.year + (y ?? 0), month: wall.month + (m ?? 0), day: wall.day + (d ?? 0) },
    }
    return momentResult(momentOf(moved, zone))
  },
  'time.diff': (_context, first, second) =>
    differenceOf(momentOperand(first), momentOperand(second)),
}
