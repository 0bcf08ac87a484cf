/** The first page: what waits. */
import type { ApprovalStatement, ApprovalView } from '../../../contract/approval.ts'
import type { PolicyInput } from '../../../contract/policy-input.ts'
import type { Visit } from '../visit.ts'
import {
  a,
  code,
  div,
  h1,
  h2,
  h3,
  li,
  p,
  section,
  span,
  strong,
  table,
  tbody,
  td,
  th,
  thead,
  tr,
  ul,
  type VNode,
} from './element.ts'
import { signedInPage } from './layout.ts'
import { rowsOf } from './leaves-of.ts'
import { quoted, shown } from './shown-text.ts'
import { valueOf } from './value-table.ts'
import { instant, plural, statusBadge } from './words.ts'

export type QueueItem = {
  readonly view: ApprovalView
  /** Null when it was erased, or is not what the hold binds. */
  readonly statement: ApprovalStatement | null
}

export type Queue = {
  readonly version: string
  readonly awaited: readonly QueueItem[]
  readonly more: number
  readonly open: readonly ApprovalView[]
  readonly over: readonly ApprovalView[]
}

export function queuePage(visit: Visit, { version, awaited, more, open, over }: Queue): string {
  const now = visit.service.console.now()
  return signedInPage(
    visit,
    { title: 'Approvals', at: '/console', live: { path: '/console/pulse/approvals', version } },
    h1({}, 'Approvals'),
    section(
      { 'aria-labelledby': 'mine' },
      h2({ id: 'mine' }, 'Waiting for you'),
      awaited.length === 0
        ? nothingWaits()
        : ul(
            { class: 'cards' },
            awaited.map((item) => card(item, now)),
          ),
      more === 0 ? null : p({ class: 'hint' }, `${plural(more, 'more')} wait behind these.`),
    ),
    open.length === 0 ? null : section({}, h2({}, 'Waiting for others'), approvalTable(open, now)),
    over.length === 0 ? null : section({}, h2({}, 'Over'), approvalTable(over, now)),
  )
}

function nothingWaits(): VNode {
  return div(
    { class: 'empty' },
    span({ class: 'figure', 'aria-hidden': 'true' }, '✓'),
    strong({}, 'Nothing waits for you'),
    p({}, 'When a call is held for one of your groups, it stands here.'),
  )
}

function card({ view, statement }: QueueItem, now: number): VNode {
  const question = statement?.question as PolicyInput['question'] | undefined
  return li(
    { class: 'card ask' },
    h3(
      {},
      a(
        { href: `/console/approvals/${view.id}`, class: 'cover' },
        shown(question?.name ?? question?.uri ?? view.capability ?? 'Something that was erased'),
      ),
      span({ class: 'on' }, ' on ', shown(view.server)),
    ),
    askerLine(statement),
    question === undefined ? null : argumentLine(question.arguments),
    p(
      { class: 'meta' },
      span({}, 'asked ', instant(seconds(view.requested_at), now)),
      span({}, 'ends ', instant(seconds(view.expires_at), now)),
      span({}, `${String(approvalsOf(view))} of ${String(view.quorum)}`),
      view.asked > 1 ? span({}, `asked ${String(view.asked)} times`) : null,
    ),
  )
}

function askerLine(statement: ApprovalStatement | null): VNode {
  if (statement === null) return p({ class: 'hint' }, 'What was asked has been erased.')
  const { sub, client_id: client } = statement.initiator as PolicyInput['verified']['initiator']
  return p(
    {},
    strong({}, shown(sub ?? 'Somebody unknown')),
    ' asks',
    client === null ? null : [' through ', quoted(client)],
  )
}

/** The first few; the page of the approval has all. */
function argumentLine(args: Readonly<Record<string, unknown>>): VNode | null {
  const rows = rowsOf(args).filter(({ place }) => place !== '')
  if (rows.length === 0) return null
  return p(
    { class: 'arguments' },
    rows
      .slice(0, 4)
      .map(({ place, value }) =>
        span(
          { class: 'argument' },
          code({}, shown(place)),
          ' ',
          typeof value === 'string' && value.length > 60
            ? span({ class: 'hint' }, `${String(value.length)} characters`)
            : valueOf(value),
        ),
      ),
    rows.length > 4 ? span({ class: 'hint' }, `and ${String(rows.length - 4)} more`) : null,
  )
}

function approvalTable(views: readonly ApprovalView[], now: number): VNode {
  return div(
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Approvals' },
    table(
      {},
      thead(
        {},
        tr(
          {},
          ['What', 'Group', 'Asked', 'Approvals', 'State'].map((name) =>
            th({ scope: 'col' }, name),
          ),
        ),
      ),
      tbody(
        {},
        views.map((view) =>
          tr(
            {},
            td(
              {},
              a(
                { href: `/console/approvals/${view.id}` },
                shown(view.capability ?? 'unregistered'),
              ),
              span({ class: 'on' }, ' on ', shown(view.server)),
            ),
            td({}, shown(view.group)),
            td({}, instant(seconds(view.requested_at), now)),
            td({}, `${String(approvalsOf(view))} of ${String(view.quorum)}`),
            td({}, statusBadge(view.status)),
          ),
        ),
      ),
    ),
  )
}

function approvalsOf({ votes }: ApprovalView): number {
  return votes.filter(({ verdict }) => verdict === 'approve').length
}

function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000)
}
