/**
 * What a person is asked to consent to. Everything here comes from the statement that the hold binds, and all of the
 * statement is here: what has no place above stands in the whole record at the end.
 */
import type { ApprovalStatement, ApprovalView } from '../../../contract/approval.ts'
import type { PolicyInput } from '../../../contract/policy-input.ts'
import type { Visit } from '../visit.ts'
import { actionCard } from './action-card.ts'
import { askerCard } from './asker-card.ts'
import {
  a,
  code,
  dd,
  details,
  div,
  dl,
  dt,
  h1,
  h2,
  header,
  li,
  ol,
  p,
  pre,
  section,
  span,
  strong,
  summary,
  type VNode,
} from './element.ts'
import { signedInPage } from './layout.ts'
import { rowsOf } from './leaves-of.ts'
import type { ShownApproval } from './shown-approval.ts'
import { shown } from './shown-text.ts'
import { reasonsCard } from './reasons-card.ts'
import { valueTable } from './value-table.ts'
import { voteForm } from './vote-form.ts'
import { instant, plural, statusBadge, utc, wordFor } from './words.ts'

export function approvalPage(visit: Visit, approval: ShownApproval): string {
  const { view, statement } = approval
  const now = visit.service.console.now()
  return signedInPage(
    visit,
    { title: `Approval of ${view.capability ?? 'an action'}` },
    heading(approval, now),
    statement === null ? erased() : wholeOf(visit, { ...approval, statement }, now),
  )
}

function heading({ view, statement }: ShownApproval, now: number): VNode {
  const question = statement?.question as PolicyInput['question'] | undefined
  const expires = Date.parse(view.expires_at) / 1000
  return header(
    { class: 'title' },
    p({ class: 'crumbs' }, a({ href: '/console' }, 'Approvals')),
    h1(
      {},
      shown(question?.name ?? question?.uri ?? view.capability ?? 'An action'),
      span({ class: 'on' }, ' on ', shown(view.server)),
    ),
    p(
      { class: 'meta' },
      statusBadge(view.status),
      span({}, 'asked ', instant(Date.parse(view.requested_at) / 1000, now)),
      span(
        {},
        view.status === 'pending' || view.status === 'approved' ? 'ends ' : 'time until ',
        instant(expires, now),
      ),
      span(
        {},
        'asks ',
        strong({}, shown(view.group)),
        ', ',
        plural(view.quorum, 'person', 'persons'),
      ),
      view.asked > 1 ? span({}, `asked ${String(view.asked)} times`) : null,
    ),
  )
}

function erased(): VNode {
  return section(
    { class: 'empty' },
    strong({}, 'What was asked cannot be shown'),
    p(
      {},
      'It was erased, or is no longer what the hold binds. What cannot be shown cannot be approved.',
    ),
  )
}

type Whole = ShownApproval & { readonly statement: ApprovalStatement }

function wholeOf(visit: Visit, approval: Whole, now: number): VNode {
  const { statement, similar, rules, view } = approval
  return div(
    { class: 'columns' },
    div(
      { class: 'wide' },
      actionCard(statement, similar),
      askerCard(statement),
      reasonsCard(statement, rules),
      workflowCard(statement),
      recordCard(approval),
    ),
    div(
      { class: 'narrow' },
      voteForm(visit, approval),
      followsCard(statement, now),
      votesCard(view, now),
    ),
  )
}

/** Each call may be harmless, and what they come to not. */
function workflowCard({ workflow }: ApprovalStatement): VNode {
  return section(
    { class: 'card' },
    h2({}, 'What happened before in this workflow'),
    valueTable('What happened before in this workflow', rowsOf(workflow)),
  )
}

function followsCard(
  { group, quorum, uses = 1, workloads = [], template = [], expires_at: until }: ApprovalStatement,
  now: number,
): VNode {
  const often = uses === 1 ? 'once' : `up to ${String(uses)} times`
  const asItStands = template.length === 0 ? 'as it stands here' : 'within the bounds below'
  return section(
    { class: 'card' },
    h2({}, 'What follows'),
    ol(
      { class: 'steps' },
      li(
        {},
        `When ${plural(quorum, 'person')} of `,
        strong({}, shown(group)),
        workloads.length === 0 ? '' : [' and ', strong({}, shown(workloads.join(', ')))],
        ` approved, this action may run ${often}, ${asItStands}, before `,
        utc(until),
        '.',
      ),
      li({}, 'Anything else, as another definition, server or purpose, is asked anew.'),
      li(
        {},
        'The policy of that moment judges again: your answer can make it run, and never against policy.',
      ),
      li({}, 'One denial ends it.'),
    ),
    template.length === 0
      ? null
      : div(
          { class: 'note fair' },
          strong({}, 'These arguments may differ from what is shown:'),
          valueTable('Arguments that may differ, and their bounds', rowsOf(template)),
        ),
    p({ class: 'hint' }, 'It ends ', instant(until, now), '.'),
  )
}

function votesCard({ votes }: ApprovalView, now: number): VNode {
  return section(
    { class: 'card' },
    h2({}, 'Answers so far'),
    votes.length === 0
      ? p({ class: 'hint' }, 'Nobody has answered yet.')
      : ol(
          { class: 'votes' },
          votes.map(({ verdict, person, assurance, at }) =>
            li(
              {},
              statusBadge(verdict),
              span(
                {},
                ' ',
                code({}, person.slice(5, 13)),
                ' ',
                instant(Date.parse(at) / 1000, now),
              ),
              span({ class: 'hint' }, assuranceWords[assurance]),
            ),
          ),
        ),
  )
}

const assuranceWords = {
  signed_in: 'signed in',
  key_bound: 'by a key-bound token',
  passkey: 'signed by passkey',
} as const

/** All that the digest is over, and the digests that bind it. */
function recordCard({ statement, view, workflow }: Whole): VNode {
  return section(
    { class: 'card' },
    h2({}, 'The whole record'),
    p(
      { class: 'hint' },
      `All that your answer is bound to, byte for byte. It is ${wordFor(view.status)}.`,
    ),
    dl(
      { class: 'facts' },
      row('Shown', view.shown_digest),
      row('Action', statement.action_digest),
      row('Round', statement.round_digest),
      row(
        'Policy',
        statement.policy === null
          ? 'none'
          : `${statement.policy.revision} ${statement.policy.digest}`,
      ),
      row('Workflow', workflow),
      row('Decision', view.decision_id),
    ),
    details(
      {},
      summary({}, 'Show it as JSON'),
      pre({ class: 'record', tabindex: '0' }, shown(JSON.stringify(statement, null, 2))),
    ),
  )
}

function row(name: string, value: string): readonly VNode[] {
  return [dt({}, name), dd({}, code({ class: 'digest' }, shown(value)))]
}
