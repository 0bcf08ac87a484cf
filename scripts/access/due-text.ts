// What is due, for people: what is late first, and everything that is late by name.

import { reviewLine } from '../../service/decision/reviews.ts'
import type { Due, DueReview, Ending } from './due.ts'

export function dueText(
  { reviews, endings }: Due,
  { days, knowsGateways }: { readonly days: number; readonly knowsGateways: boolean },
): string {
  const within = `within ${String(days)} day${days === 1 ? '' : 's'}`
  const of = (state: DueReview['state']) => reviews.filter((one) => one.state === state)
  const ends = (state: Ending['state']) => endings.filter((one) => one.state === state)
  return [
    ...section('Overdue, and denied for it', of('overdue').map(lineOf)),
    ...section('Past the review date', of('due').map(lineOf)),
    ...section(`To be reviewed ${within}`, of('soon').map(lineOf)),
    ...section('Expired, to be taken out', ends('expired').map(endLine)),
    ...section(`Ends ${within}`, ends('soon').map(endLine)),
    rest(of('current')),
    ...(knowsGateways
      ? []
      : ['Gateways are not in the registry: name the configuration of the service with --config.']),
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), '']
}

/** What is soon is not late: it reads as what is current. */
function lineOf(review: DueReview): string {
  const { state } = review
  return reviewLine({ ...review, state: state === 'soon' ? 'current' : state })
}

function endLine({ entry, name, owner, expires_at: end, state }: Ending): string {
  const when = new Date(end * 1000).toISOString().replace('.000Z', 'Z')
  return `${entry} ${name} (owner ${owner}) ${state === 'expired' ? 'ended' : 'ends'} at ${when}`
}

function rest(current: readonly DueReview[]): string {
  const [first] = current
  if (first === undefined) return 'Nothing else has a review date.'
  const count = String(current.length)
  return `${count} ${current.length === 1 ? 'entry is' : 'entries are'} current; next: ${lineOf(first)}.`
}
