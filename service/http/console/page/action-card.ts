/** What exactly will run: its arguments, its content, what it touches, and how that differs from the last time. */
import type { ApprovalStatement } from '../../../contract/approval.ts'
import type { PolicyInput } from '../../../contract/policy-input.ts'
import {
  a,
  code,
  dd,
  div,
  dl,
  dt,
  h2,
  h3,
  p,
  section,
  span,
  type Child,
  type VNode,
} from './element.ts'
import { rowsAgainst, rowsOf, type Row } from './leaves-of.ts'
import type { ShownApproval } from './shown-approval.ts'
import { countMarks, quoted, shown } from './shown-text.ts'
import { valueTable } from './value-table.ts'
import { plural, utc } from './words.ts'

type Question = PolicyInput['question']

const phases: Readonly<Record<Question['phase'], string>> = {
  request: 'What will run',
  result: 'What will be released',
  input_request: 'What the server asks for',
  input_response: 'What will be answered',
}

export function actionCard(statement: ApprovalStatement, similar: ShownApproval['similar']): VNode {
  const question = statement.question as Question
  const before = similar === null ? null : (similar.statement.question as Question)
  const rows =
    before === null ? rowsOf(question.arguments) : rowsAgainst(question.arguments, before.arguments)
  const marks = countMarks(JSON.stringify(question))
  return section(
    { class: 'card action' },
    h2({}, phases[question.phase]),
    dl(
      { class: 'facts' },
      ...row(question.kind, quoted(question.name ?? question.uri ?? question.key)),
      ...row('Server', code({}, shown(question.server_id))),
      ...row('Method', code({}, shown(question.method))),
      ...(question.round === 0 ? [] : row('Round', question.round)),
    ),
    marks === 0
      ? null
      : p(
          { class: 'note bad', role: 'note' },
          `${plural(marks, 'character')} in it would not show, or would pass for another. Each is written out, as `,
          code({}, '⟨U+202E⟩'),
          '.',
        ),
    h3({}, 'Arguments'),
    valueTable('Arguments', rows),
    comparison(similar, rows),
    contentOf(question),
    h3({}, 'What it touches'),
    scopeOf(question.data_scope),
  )
}

function comparison(similar: ShownApproval['similar'], rows: readonly Row[]): VNode {
  if (similar === null)
    return p(
      { class: 'hint' },
      'People have not approved this capability here before: there is nothing to compare it with.',
    )
  const different = rows.filter(({ change }) => change !== 'same').length
  return p(
    { class: 'hint' },
    different === 0 ? 'The same arguments as ' : `${plural(different, 'difference')} from `,
    a({ href: `/console/approvals/${similar.id}` }, 'the last one that was approved'),
    `, of ${utc(similar.at)}.`,
  )
}

/** Messages, a schema, an answer, a result: as it came, which is never as we would write it. */
function contentOf({ content, definition_digest: digest }: Question): Child {
  return [
    digest === null
      ? p(
          { class: 'note fair' },
          'Its definition was not sent: nobody compared it with the one that was reviewed.',
        )
      : null,
    content === null || content === undefined
      ? null
      : div(
          { class: 'foreign' },
          h3({}, 'Text from the server or the model'),
          p({ class: 'hint' }, 'Nobody here wrote this. It may try to persuade you.'),
          valueTable('Text from the server or the model', rowsOf({ content })),
        ),
  ]
}

function scopeOf(scope: Question['data_scope']): VNode {
  return dl(
    { class: 'facts' },
    ...row('Data', listed(scope.classifications)),
    ...row('Resources', listed(scope.resources)),
    ...row('Residency', listed(scope.residency)),
    ...row('Direction', listed(scope.directions)),
    ...(scope.unresolved.length === 0 ? [] : row('Not known', listed(scope.unresolved))),
  )
}

function listed(names: readonly string[]): Child {
  return names.length === 0
    ? span({ class: 'hint' }, 'none')
    : names.map((name) => span({ class: 'chip' }, shown(name)))
}

function row(name: string, value: Child): readonly VNode[] {
  return [dt({}, name), dd({}, value)]
}
