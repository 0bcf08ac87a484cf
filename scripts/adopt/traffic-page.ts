// What a pull request says to its reviewer of traffic: who asked for what, how often, and what that would now allow.

import { listed, pageOf } from './review-page.ts'
import { plain } from './shown.ts'
import type { SeenPurpose } from './seen-traffic.ts'

export function trafficPage(
  from: string,
  purposes: readonly SeenPurpose[],
  left: readonly string[],
): string {
  return pageOf('Traffic', [
    `From ${plain(from)}. That something was asked does not make it right: every line below would be allowed. A resource stands for all that begin with it.`,
    '## For you to decide',
    listed([
      ...left,
      'To whom each grant is issued, by whom, and until when: none of it is proposed.',
    ]),
    ...purposes.flatMap(section),
  ])
}

function section(seen: SeenPurpose): readonly string[] {
  const { code, questions, issued, initiators, capabilities } = seen
  const counted = `${String(questions)} questions of ${String(initiators)} initiators; ${String(issued)} under an issued grant.`
  return [
    `## ${plain(code)}`,
    counted,
    [
      '| capability | questions | initiators |',
      '|---|---|---|',
      ...capabilities.map(
        (one) =>
          `| ${plain(one.capability)} | ${String(one.questions)} | ${String(one.initiators)} |`,
      ),
    ].join('\n'),
    listed([
      `classifications: ${namesOf(seen.classifications)}`,
      `resources: ${namesOf(seen.resources)}`,
      `residency: ${namesOf(seen.residency)}`,
      `directions: ${namesOf(seen.directions)}`,
    ]),
  ]
}

function namesOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map(plain).join(', ')
}
