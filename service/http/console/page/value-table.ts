/** Rows of a JSON value, each whole, with what is different from before. */
import {
  code,
  del,
  div,
  p,
  span,
  table,
  tbody,
  td,
  th,
  thead,
  tr,
  type Child,
  type VNode,
} from './element.ts'
import type { Row } from './leaves-of.ts'
import { quoted, shown } from './shown-text.ts'

export function valueTable(caption: string, rows: readonly Row[]): VNode {
  if (rows.length === 0 || (rows.length === 1 && rows[0]?.place === ''))
    return p({ class: 'hint' }, 'There are none.')
  return div(
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
    table(
      { class: 'values' },
      thead({}, tr({}, th({ scope: 'col' }, 'Name'), th({ scope: 'col' }, 'Value'))),
      tbody({}, rows.map(rowOf)),
    ),
  )
}

const words = { changed: 'changed', added: 'new', gone: 'gone' } as const

function rowOf({ place, value, change, before }: Row): VNode {
  const isDifferent = change !== null && change !== 'same'
  return tr(
    { class: isDifferent ? `is-${change}` : undefined },
    th({ scope: 'row' }, code({}, shown(place))),
    td(
      {},
      isDifferent ? span({ class: 'tag' }, words[change]) : null,
      change === 'gone' ? null : valueOf(value),
      isDifferent && change !== 'added'
        ? div({ class: 'before' }, 'before: ', del({}, valueOf(before)))
        : null,
    ),
  )
}

/** Text is quoted; everything else is written as JSON writes it. */
export function valueOf(value: unknown): Child {
  if (typeof value === 'string')
    return value === '' ? span({ class: 'hint' }, 'empty text') : quoted(value)
  return code({ class: 'scalar' }, shown(JSON.stringify(value)))
}
