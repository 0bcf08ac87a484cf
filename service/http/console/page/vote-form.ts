/** The answer: only to what stands on the same page, by its digest. */
import { voteRefusals } from '../../../flow/cast-vote.ts'
import type { Visit } from '../visit.ts'
import type { ShownApproval } from './shown-approval.ts'
import {
  a,
  button,
  div,
  form,
  h2,
  input,
  label,
  p,
  section,
  span,
  strong,
  textarea,
  type Child,
  type VNode,
} from './element.ts'
import { csrfField } from './layout.ts'
import { wordFor } from './words.ts'

export function voteForm(visit: Visit, approval: ShownApproval): VNode {
  const { view, refusal, hasVoted } = approval
  const isOpen = view.status === 'pending' || view.status === 'approved'
  return section(
    { class: 'card answer', 'aria-labelledby': 'answer' },
    h2({ id: 'answer' }, 'Your answer'),
    isOpen && refusal === null && !hasVoted
      ? answerForm(visit, approval)
      : p({ class: 'note plain' }, whyNot(approval, isOpen)),
  )
}

function whyNot({ view, refusal, hasVoted }: ShownApproval, isOpen: boolean): Child {
  if (!isOpen) return `Nobody answers it any more: it is ${wordFor(view.status)}.`
  if (hasVoted) return 'You have answered. An answer is in the log, and is not changed.'
  if (refusal === 'assurance_low')
    return [
      'This asks for more than being signed in. ',
      a({ href: '/console/passkeys' }, 'Enrol a passkey'),
      ' first.',
    ]
  return refusal === null ? '' : voteRefusals[refusal]
}

function answerForm(visit: Visit, { view, hasPasskey }: ShownApproval): VNode {
  const isBarred = !hasPasskey && visit.tenant.console.passkeys === 'required'
  return form(
    {
      method: 'post',
      action: `/console/approvals/${view.id}/votes`,
      'data-passkey': hasPasskey ? `/console/approvals/${view.id}/challenge` : undefined,
      // More than being signed in is demanded of whoever denies, too.
      'data-both':
        view.assurance === undefined || view.assurance === 'signed_in' ? undefined : 'true',
    },
    csrfField(visit),
    input({ type: 'hidden', name: 'shown_digest', value: view.shown_digest }),
    input({ type: 'hidden', name: 'assertion', value: '' }),
    label(
      { class: 'field' },
      'Comment ',
      span({ class: 'hint' }, 'optional, goes into the log'),
      textarea({ name: 'comment', rows: 3, maxlength: 1024 }),
    ),
    p({ class: 'note bad', role: 'alert', hidden: true, 'data-said': true }),
    div(
      { class: 'actions' },
      button(
        { class: 'primary', name: 'verdict', value: 'approve', disabled: isBarred },
        hasPasskey ? 'Approve with passkey' : 'Approve',
      ),
      button({ class: 'danger', name: 'verdict', value: 'deny' }, 'Deny'),
    ),
    hasPasskey
      ? p(
          { class: 'hint' },
          'Your passkey signs exactly this page: the approval, what was shown, and your verdict.',
        )
      : p(
          { class: isBarred ? 'note fair' : 'hint' },
          isBarred
            ? strong({}, 'Approving here takes a passkey. ')
            : 'Your answer counts as signed in. ',
          a({ href: '/console/passkeys' }, 'Enrol a passkey'),
          isBarred ? '.' : ' to sign what you approve.',
        ),
  )
}
