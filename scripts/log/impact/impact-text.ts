// An impact in words, for a terminal and for the log of a pull request.

import type { PolicyRevision } from '../../../service/contract/decision.ts'
import { printable } from '../printable.ts'
import { causeLines } from '../replay/cause-text.ts'
import type { GroupCount } from './group.ts'
import type { GuardCount } from './guards.ts'
import type { Impact } from './impact-tally.ts'

const mostRows = 20

export function impactText(impact: Impact, { revision, digest }: PolicyRevision): string {
  const {
    judged,
    changed,
    candidate_faults: faults,
    not_judged: causes,
    ended_classes: ended,
  } = impact
  return [
    `${String(judged)} recorded decisions judged by ${revision} (${digest}): ${String(changed)} otherwise`,
    `  newly denied ${String(impact.newly_denied)}, newly held ${String(impact.newly_held)}, newly permitted ${String(impact.newly_permitted)}`,
    ...(faults === 0 ? [] : [`  ${String(faults)} that the candidate could not answer`]),
    ...(Object.keys(causes).length === 0 ? [] : ['Not judged:', ...causeLines(causes, ended)]),
    ...rowsOf('By rule (+ speaks now, - spoke before)', impact.rules),
    ...rowsOf('By capability', impact.capabilities),
    ...rowsOf('By initiator', impact.initiators),
    ...(impact.more === 0 ? [] : [`and ${String(impact.more)} changes under further names`]),
    ...impact.guards.map(guardLine),
  ]
    .map((line) => printable(line))
    .join('\n')
}

function rowsOf(title: string, groups: readonly GroupCount[]): readonly string[] {
  if (groups.length === 0) return []
  const more = groups.length - mostRows
  return [
    `${title}:`,
    ...groups.slice(0, mostRows).map(rowOf),
    ...(more > 0 ? [`  and ${String(more)} more (--json)`] : []),
  ]
}

function rowOf({ name, people, decisions, ...counts }: GroupCount): string {
  const ways = [
    ['denied', counts.newly_denied],
    ['held', counts.newly_held],
    ['permitted', counts.newly_permitted],
    ['for other reasons', counts.otherwise],
  ] as const
  const said = ways
    .filter(([, count]) => count > 0)
    .map(([way, count]) => `${String(count)} ${way}`)
  const who = people === 1 ? '1 person' : `${String(people)} people`
  return `  ${name}: ${said.join(', ')}; ${who}; such as ${decisions[0] ?? ''}`
}

function guardLine({ guard, met, loosened, decisions, in_candidate: isKnown }: GuardCount): string {
  if (met === 0 && isKnown === false)
    return `guard ${guard}: neither the candidate nor the record has such a rule`
  return loosened === 0
    ? `guard ${guard}: holds (it spoke against ${String(met)})`
    : `guard ${guard}: LOOSENS on ${String(loosened)} of ${String(met)}, such as ${decisions[0] ?? ''}`
}
