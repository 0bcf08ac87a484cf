// The report in words.

import { printable } from '../printable.ts'
import type { ApproverReport } from './approver.ts'
import type { GroupReport, HoldsReport } from './holds-tally.ts'
import type { Waits } from './waits.ts'

export function holdsText(
  { decisions, held, held_per_1000: rate, groups, approvers }: HoldsReport,
  gaps: readonly string[],
): string {
  return [
    `${String(held)} of ${String(decisions)} decisions held: ${String(rate)} per 1,000`,
    ...groups.flatMap(groupLines),
    ...(approvers.length === 0 ? [] : ['', ...approvers.map(approverLine)]),
    ...gaps,
  ]
    .map((line) => printable(line))
    .join('\n')
}

function groupLines(report: GroupReport): readonly string[] {
  const { group, asked, joined, most_asked_in_an_hour: most, ended, open, waits } = report
  const ends = Object.entries(ended).map(([end, count]) => `${String(count)} ${end}`)
  return [
    '',
    group,
    `  asked     ${String(asked)}, joined by ${String(joined)} of the same; at most ${String(most)} in an hour`,
    `  became    ${[...ends, `${String(open)} open`].join(', ')}`,
    `  answered  ${waitsText(waits)}`,
  ]
}

function approverLine({ person, votes, approve_rate, most_in_an_hour, waits }: ApproverReport) {
  const share = `${String(Math.round(approve_rate * 100))} % approved`
  return `${person}  ${String(votes)} votes, ${share}, at most ${String(most_in_an_hour)} in an hour; ${waitsText(waits)}`
}

function waitsText(waits: Waits | null): string {
  if (waits === null) return 'never'
  const { p50, p90, max } = waits
  return `within ${String(p50)} s (half), ${String(p90)} s (nine of ten), ${String(max)} s (all)`
}
