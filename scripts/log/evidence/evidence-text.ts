// Evidence in words: each control, how much is configured for it, how often that acted, and what did.

import { printable } from '../printable.ts'
import { type Way, ways } from './acts.ts'
import type { Framework } from './frameworks.ts'
import type { Acted, CodeEvidence, ControlEvidence, Evidence } from './tally.ts'

export function evidenceText(
  { title }: Framework,
  { controls, decisions, policies, ...rest }: Evidence,
  gaps: readonly string[],
): string {
  return [
    `${title}: ${counted(decisions, 'decision')}`,
    ...policies.map((one) => `  ${String(one.decisions)} by ${one.revision} (${one.digest})`),
    ...controls.flatMap((control) => ['', ...controlLines(control)]),
    '',
    ...restLines(rest),
    ...gaps,
  ]
    .map((line) => printable(line))
    .join('\n')
    .trimEnd()
}

function controlLines({
  id,
  name,
  aliases,
  configured,
  acted,
}: ControlEvidence): readonly string[] {
  const also = aliases.length === 0 ? '' : ` (also ${aliases.join(', ')})`
  const head = `${id} ${name}${also}`
  if (configured.length === 0)
    return [head, '  nothing of the catalogue maps to it: here is no evidence for it']
  const active = configured.filter(({ acted: own }) => Object.keys(own).length > 0)
  return [
    head,
    `  configured: ${kindsText(configured)}`,
    `  acted: ${active.length === 0 ? 'never' : actedText(acted)}`,
    ...active.map(
      (code) => `    ${code.code}  ${actedText(code.acted)}, such as ${first(code.acted)}`,
    ),
  ]
}

/** By kind, as the catalogue names it. */
function kindsText(configured: readonly CodeEvidence[]): string {
  const kinds = Map.groupBy(configured, ({ kind }) => kind)
  const parts = [...kinds].map(([kind, codes]) => `${String(codes.length)} of kind ${kind}`)
  return `${counted(configured.length, 'code')} (${parts.join(', ')})`
}

function actedText(acted: Acted): string {
  return said(acted)
    .map(([way, { count }]) => `${String(count)} ${way}`)
    .join(', ')
}

function first(acted: Acted): string {
  return said(acted)[0]?.[1].ids[0] ?? ''
}

function said(acted: Acted): readonly (readonly [Way, NonNullable<Acted[Way]>])[] {
  return ways.flatMap((way) => {
    const one = acted[way]
    return one === undefined ? [] : [[way, one] as const]
  })
}

function restLines(
  rest: Pick<Evidence, 'not_in_catalogue' | 'further_acts' | 'unmapped_codes' | 'waivers_untold'>,
): readonly string[] {
  const { not_in_catalogue: strange, unmapped_codes: unmapped, waivers_untold: untold } = rest
  const { further_acts: further } = rest
  return [
    ...(unmapped === 0
      ? []
      : [`${counted(unmapped, 'code')} of the catalogue map to no control of this framework`]),
    ...(untold === 0
      ? []
      : [
          `${counted(untold, 'decision')} with several codes, of which one may have been waived: what is disclosed here does not say`,
        ]),
    ...strange.map(
      ({ code, acted }) =>
        `not in the catalogue, so that what it maps to is not known (--catalogue): ${code}  ${actedText(acted)}`,
    ),
    ...(further === 0 ? [] : [`and ${String(further)} times a further code that it does not have`]),
  ]
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`
}
