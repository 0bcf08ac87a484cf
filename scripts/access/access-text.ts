// Answers about access, for people: a line for each way to the same answer, with the purposes that give it.

import type { AccessAnswer } from './ask-policy.ts'
import type { Party } from './party.ts'

/** What an answer is filed under, and what varies there: who of a capability, or what of an initiator. */
export interface Told {
  readonly heading: (answer: AccessAnswer) => string
  readonly subject: (answer: AccessAnswer) => string
}

/** @param names whether what is denied is named too, or counted by its codes */
export function accessText(answers: readonly AccessAnswer[], told: Told, names: boolean): string {
  const sections = [...Map.groupBy(answers, told.heading)]
  return sections
    .map(([heading, under]) => [heading, ...linesOf(under, told.subject, names)].join('\n  '))
    .join('\n\n')
}

function linesOf(
  answers: readonly AccessAnswer[],
  subjectOf: Told['subject'],
  names: boolean,
): readonly string[] {
  const granted = answers.filter(({ answered }) => answered !== 'deny')
  const able = new Set(granted.map(subjectOf))
  // Whoever may for one purpose is not also listed as denied for the others.
  const denied = answers.filter((answer) => !able.has(subjectOf(answer)))
  return [
    ...(['permit', 'hold'] as const).flatMap((effect) =>
      grouped(
        granted.filter(({ answered }) => answered === effect),
        subjectOf,
      ),
    ),
    ...(granted.length === 0 ? ['nothing is permitted, and nothing held'] : []),
    ...deniedLines(denied, subjectOf, names),
  ]
}

function grouped(answers: readonly AccessAnswer[], subjectOf: Told['subject']): readonly string[] {
  const groups = Map.groupBy(answers, (one) =>
    [subjectOf(one), termsOf(one), restsOnText(one)].join('\0'),
  )
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const purposes = same.map(purposeText).join(', ')
    return [
      `${first.answered.padEnd(7)} ${subjectOf(first)}, for ${purposes}${termsOf(first)}`,
      `        ${restsOnText(first)}`,
    ]
  })
}

function purposeText({ purpose, grant }: AccessAnswer): string {
  if (grant !== null) return `${purpose ?? ''} by the grant ${grant.facts.grant_id}`
  return purpose ?? 'no purpose'
}

function restsOnText({ rests_on: basis }: AccessAnswer): string {
  if (basis === null) return ''
  const ways = basis.groups.map((set) => set.join(' and ')).join(', or ')
  return [
    `rests on: initiator ${basis.initiator}`,
    `server ${basis.server}`,
    ...(basis.grant ? ['a purpose grant'] : []),
    ...(ways === '' ? [] : [`group ${ways}`]),
  ].join(', ')
}

/** How a permit or a hold comes about, where that is not policy alone. */
function termsOf(answer: AccessAnswer): string {
  const { effect, answered, codes, hold, waived_by: waived, observed_by: observed } = answer
  return [
    effect === 'hold' && answered === 'hold' ? `; ${demandText(hold)} (${codes.join(', ')})` : '',
    effect === answered
      ? ''
      : `; judged ${effect} (${codes.join(', ')}), observed by ${observed.join(', ')}`,
    waived.length === 0 ? '' : `; by the exception ${waived.join(', ')}`,
  ].join('')
}

function demandText(hold: AccessAnswer['hold']): string {
  if (hold === undefined) return 'waits'
  const { kind, group, quorum } = hold
  return `${kind}${group === undefined ? '' : ` by ${String(quorum ?? 1)} of ${group}`}`
}

/** What stands in the way at least: the codes of the purpose with the fewest. */
function deniedLines(
  denied: readonly AccessAnswer[],
  subjectOf: Told['subject'],
  names: boolean,
): readonly string[] {
  const nearest = [...Map.groupBy(denied, subjectOf)].map(([subject, answers]) => ({
    subject,
    codes: answers
      .map(({ codes }) => codes)
      .reduce((least, codes) => (codes.length < least.length ? codes : least))
      .join(', '),
  }))
  if (names) return nearest.map(({ subject, codes }) => `deny    ${subject}: ${codes}`)
  return [...Map.groupBy(nearest, ({ codes }) => codes)].map(
    ([codes, same]) => `deny    ${String(same.length)} more: ${codes}`,
  )
}

export function partyText({ iss, sub, groups, through, alone }: Party): string {
  const who = sub ?? 'anyone'
  const carries = groups.length === 0 ? '' : ` whose token has ${groups.join(' and ')}`
  return `${who} of ${iss}${carries}, ${wayText({ through, alone })}`
}

export function wayText({ through, alone }: Pick<Party, 'through' | 'alone'>): string {
  if (alone) return 'for itself'
  return through === null ? 'through an unregistered client' : `through ${through}`
}
