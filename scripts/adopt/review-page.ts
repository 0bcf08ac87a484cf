// What a pull request says to its reviewer: what was proposed and why, and what was left for a person to decide.
// No text of the server's own is on it but names, cleaned: its descriptions are to be read where they are pinned.

import { plain } from './shown.ts'
import { unreviewed, type Adopted, type AdoptedItem, type Reviewed } from './server-entry.ts'

export interface Page {
  readonly reviewed: Reviewed
  readonly adopted: Adopted
  readonly from: string
  readonly protocol: string
  /** What nobody has said of the server yet. */
  readonly unsaid: readonly string[]
  /** Where a definition was written. */
  readonly fileOf: (item: AdoptedItem['item']) => string
}

/** The first line of every page: what does not begin so was written by somebody else. */
export const pageMark =
  '<!-- Written by countersign adopt, and written again by its next run: comment in the pull request. -->'

export function reviewPage({ reviewed, adopted, from, protocol, unsaid, fileOf }: Page): string {
  const { items, left } = adopted
  return pageOf(`Server ${reviewed.id}`, [
    `Listed from ${plain(from)}, revision ${plain(protocol)}. What a server says of itself has added to the effects below and taken nothing away. Take out what you have shown to be untrue; until then it stays denied, held or bounded.`,
    '## For you to decide',
    listed([...unsaid, ...left.map(capital), ...always]),
    '## Proposed',
    ...(items.length === 0 ? ['Nothing new.'] : items.flatMap((one) => section(one, fileOf))),
  ])
}

export function pageOf(title: string, paragraphs: readonly string[]): string {
  return `${[pageMark, `# ${title}`, ...paragraphs].join('\n\n')}\n`
}

export function listed(points: readonly string[]): string {
  return points.map((point) => `- ${point}`).join('\n')
}

const always = [
  '`reads_secrets` is proposed for nothing: without it, a result that holds a secret is denied. Add it to what must return one.',
  'The data scope is one classification for every use: say which arguments lead to which data.',
  `Sampling, elicitation, completion and tasks are registered for nobody: register what people need, with bounds.`,
]

function section(one: AdoptedItem, fileOf: Page['fileOf']): readonly string[] {
  const { item, capability, proposed, isStated } = one
  const digest = capability.definition_digest
  const pinned =
    digest === undefined
      ? 'A template, which stands for many: not pinned.'
      : `Pinned to \`${digest}\`; read \`${fileOf(item)}\`.`
  const facets = isStated
    ? [
        `Stated by the person who adopted it: ${capability.effects.map((facet) => `\`${facet}\``).join(', ') || 'no effect'}.`,
      ]
    : [listed(proposed.map(({ facet, reason }) => `\`${facet}\`: ${plain(reason)}`))]
  return [`### ${plain(item.key)}`, pinned, ...facets]
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** What nobody has said, and what was written in its place. */
export function unsaidOf(given: ReadonlySet<string>, isProgram: boolean): readonly string[] {
  const asked: readonly (readonly [boolean, string])[] = [
    [
      given.has('spiffe-id') || given.has('launch') || given.has('tls'),
      'Its workload: nobody can prove the one that is written.',
    ],
    [
      !given.has('tls'),
      'Its TLS key: the one that was shown to this run, from where it ran. Renewed with another key, the server is denied until that is added; the key of an authority that issues to few lasts longer.',
    ],
    [given.has('group'), 'Who may use it: nobody is in the group that is written.'],
    [given.has('classification'), `What its data is: no purpose covers \`${unreviewed}\`.`],
    [
      given.has('resource') || !isProgram,
      'Its resource URI, the audience of access tokens: the one that is written is a placeholder.',
    ],
  ]
  return asked.filter(([isSaid]) => !isSaid).map(([, question]) => question)
}
