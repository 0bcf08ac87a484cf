// The difference of two policies, for people.

import type { ChangedDecision, ChangedFinding } from './compare-decisions.ts'
import type { ContentChanges } from './compare-content.ts'

export interface Difference extends ContentChanges {
  /** Questions that both sides were asked. */
  readonly asked: number
  readonly decisions: readonly ChangedDecision[]
}

const valueCharacters = 100
const signs = { added: '+', removed: '-', changed: '~' } as const

export function diffText({ rules, helpers, data, asked, decisions }: Difference): string {
  return [
    ...rules.map(
      ({ change, code, file, what }) =>
        `${signs[change]} rule    ${code}  ${file}${what.length === 0 ? '' : `  (${what.join(', ')})`}`,
    ),
    ...helpers.map(({ change, file }) => `${signs[change]} helper  ${file}`),
    ...data.map(({ path, ...sides }) => {
      const [old, now] = ['before', 'after'].map((side) =>
        Object.hasOwn(sides, side) ? short(sides[side as keyof typeof sides]) : null,
      )
      if (old === null) return `+ data    ${path} = ${now ?? ''}`
      return now === null
        ? `- data    ${path} = ${old ?? ''}`
        : `~ data    ${path}: ${old ?? ''} -> ${now ?? ''}`
    }),
    ...decisions.flatMap(decisionLines),
    `${String(decisions.length)} of ${String(asked)} questions are answered otherwise`,
  ].join('\n')
}

function decisionLines(one: ChangedDecision): readonly string[] {
  return [
    '',
    `${one.question}: ${one.before} -> ${one.after}`,
    ...one.appeared.map((finding) => `  + ${findingText(finding)}`),
    ...one.vanished.map((finding) => `  - ${findingText(finding)}`),
    ...one.grounds_gained.map((code) => `  + ground ${code}`),
    ...one.grounds_lost.map((code) => `  - ground ${code}`),
    ...(one.terms_changed ? ['  ~ its obligations or its hold are others'] : []),
    ...one.faults.map((code) => `  ! ${code}`),
  ]
}

function findingText({ code, effect, file, lines = [], params }: ChangedFinding): string {
  const at = file === undefined ? '' : `  ${file}:${lines.join(',')}`
  return `${effect} ${code}${at}  ${short(params)}`
}

function short(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= valueCharacters ? text : `${text.slice(0, valueCharacters)}…`
}
