// The catalogue as Markdown: rules by area, then what the service itself says.

import type { Entry } from './entry.ts'

const kinds: Readonly<Partial<Record<Entry['kind'], string>>> = {
  decision: 'Of the pack as a whole',
  evidence: 'Evidence',
  gap: 'Facts',
  engine: 'The engine',
  bundle: 'Bundles that are refused',
}

export function pageOf(rules: readonly Entry[], own: readonly Entry[]): string {
  const areas = [...new Set(rules.map(areaOf))]
  const counted = rules.filter(({ kind }) => kind === 'rule').length
  return [
    '# The rules',
    '',
    `Written by \`countersign policy catalogue\` from METADATA; do not edit. ${String(counted)} rules find, the others permit or oblige.`,
    'A waivable finding may be waived by an exception of the registry, for a time.',
    'Any may be observed, for a time, unless it says never: of identity, critical, or `observable: false`.',
    ...areas.flatMap((area) => [
      '',
      `## ${area}`,
      ...rules.filter((rule) => areaOf(rule) === area).flatMap(linesOf),
    ]),
    '',
    '# What the service says itself',
    '',
    'A denial for broken evidence, missing facts or a broken engine, and the reasons for which a bundle is not taken.',
    'None of them can be waived.',
    ...Object.entries(kinds).flatMap(([kind, title]) =>
      tableOf(
        title,
        own.filter((one) => one.kind === kind),
      ),
    ),
    '',
  ].join('\n')
}

function areaOf({ code }: Entry): string {
  return code.split('.', 1).join('')
}

function linesOf(entry: Entry): readonly string[] {
  const { code, title, kind, effect, hold, severity, waivable, observable, description } = entry
  const nature = [
    kind === 'obligation' ? 'obligation' : effect + (hold === null ? '' : ` (${hold})`),
    ...(severity === null ? [] : [severity]),
    ...(waivable ? ['waivable'] : []),
    ...(kind === 'rule' && !observable ? ['never observed'] : []),
  ]
  const mapped = Object.values(entry.mapping).flat()
  return [
    ...['', `### \`${code}\` ${title}`, '', `${nature.join(', ')}. ${description}`, ''],
    `- Why: ${entry.rationale}`,
    ...(entry.remediation === null ? [] : [`- Remedy: ${entry.remediation}`]),
    ...(mapped.length === 0 ? [] : [`- Maps to: ${mapped.join(', ')}`]),
  ]
}

function tableOf(title: string, entries: readonly Entry[]): readonly string[] {
  const [first] = entries
  if (first === undefined) return []
  const grouped = Map.groupBy(entries, ({ description }) => description)
  return [
    ...['', `## ${title}`, '', first.rationale],
    `Maps to: ${Object.values(first.mapping).flat().join(', ')}.`,
    '',
    ...[...grouped].map(([description, same]) => {
      const codes = same.map(({ code }) => `\`${code}\``).join(', ')
      return `- ${codes}: ${description} Remedy: ${same[0]?.remediation ?? ''}`
    }),
  ]
}
