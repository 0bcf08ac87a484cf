/** The page of one approval, and the answer that is given there. */
import { shownDigestOf } from '../../../approval/statement.ts'
import type { ApprovalStatement } from '../../../contract/approval.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { findApproval, viewOf, type ApprovalRequest } from '../../../flow/approval-view.ts'
import { castVote } from '../../../flow/cast-vote.ts'
import { html, json, redirect, type Answer } from '../answer.ts'
import { hasVoted, maySee, refusalFor } from '../awaited.ts'
import { approvalPage } from '../page/approval-page.ts'
import { askPasskey, signedBy } from '../passkey-vote.ts'
import { provedBy, visitOf, type ConsoleRoute, type Guest, type Visit } from '../visit.ts'

/** How far back a similar action is looked for. */
const compared = 200

async function show(visit: Visit): Promise<Answer> {
  const request = await requestFor(visit)
  const { tenant } = visit
  const view = viewOf(request.approval, request.agent, tenant)
  return html(
    approvalPage(visit, {
      view,
      statement: wholeStatement(request),
      similar: await lastSimilar(request, visit),
      rules: tenant.policy()?.rules ?? {},
      hasPasskey: tenant.audit.passkeys.of(visit.account).length > 0,
      refusal: refusalFor(visit, request),
      hasVoted: hasVoted(visit, view.votes),
      workflow: request.approval.workflowId,
    }),
  )
}

/** @throws PdpError `not_found`, for one that is not hers to see too. */
async function requestFor(visit: Visit): Promise<ApprovalRequest> {
  const request = await findApproval(visit.parameters['id'] ?? '', visit.tenant)
  if (!maySee(visit, request.approval))
    throw new PdpError('not_found', 'There is no approval of this id that you may see.')
  return request
}

/** What the hold binds, and nothing else; null when it was erased, or when what is there now is another. */
function wholeStatement({ statement, approval }: ApprovalRequest): ApprovalStatement | null {
  return statement !== null && shownDigestOf(statement) === approval.shownDigest ? statement : null
}

/** The last time that people approved this capability of this server. */
async function lastSimilar(
  { approval }: ApprovalRequest,
  { tenant }: Visit,
): Promise<{
  readonly id: string
  readonly at: number
  readonly statement: ApprovalStatement
} | null> {
  const { id, server, capability, requestedAt } = approval
  const before = tenant.audit.approvals
    .list()
    .slice(0, compared)
    .find(
      (one) =>
        one.id !== id &&
        one.server === server &&
        one.capability === capability &&
        capability !== null &&
        one.requestedAt <= requestedAt &&
        one.usedBy !== null,
    )
  if (before === undefined) return null
  const statement = wholeStatement(await findApproval(before.id, tenant))
  return statement === null ? null : { id: before.id, at: before.requestedAt, statement }
}

/** What a passkey is to sign, for the page's script. */
async function challenge(visit: Visit, form: URLSearchParams): Promise<Answer> {
  const { approval } = await requestFor(visit)
  const shown = form.get('shown_digest') ?? ''
  if (shown !== approval.shownDigest)
    throw new PdpError(
      'vote_refused',
      'What was shown is not what is to be approved: load the page again.',
    )
  return json(await askPasskey(visit, { id: approval.id, shown, verdict: verdictIn(form) }))
}

function verdictIn(form: URLSearchParams): 'approve' | 'deny' {
  const verdict = form.get('verdict')
  if (verdict === 'approve' || verdict === 'deny') return verdict
  throw new PdpError('invalid_request', 'Say approve or deny.')
}

async function answer(visit: Visit, form: URLSearchParams): Promise<Answer> {
  const request = await requestFor(visit)
  const { id } = request.approval
  const verdict = verdictIn(form)
  const shown = form.get('shown_digest') ?? ''
  const comment = (form.get('comment') ?? '').trim()
  if (comment.length > 1024)
    throw new PdpError('invalid_request', 'Write at most 1024 characters of comment.')
  const proved = provedBy(visit.session, visit.tenant.console.clientId)
  const passkey = await signedBy(visit, { id, shown, verdict }, form.get('assertion') ?? '')
  await castVote(
    { verdict, shown_digest: shown, ...(comment === '' ? {} : { comment }) },
    passkey === null ? proved : { ...proved, assurance: 'passkey', passkey },
    request,
    visit.tenant,
  )
  return redirect(`/console/approvals/${id}`)
}

/** As notices lead here (`approval/approval-page.ts`): the name of the tenant only says where to sign in. */
function arrive(guest: Guest): Promise<Answer> {
  const { tenant = '', id = '' } = guest.parameters
  const to = `/console/approvals/${encodeURIComponent(id)}`
  return Promise.resolve(
    redirect(
      visitOf(guest) === null
        ? `/console/sign-in?${new URLSearchParams({ tenant, to }).toString()}`
        : to,
    ),
  )
}

export const approvalPageRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/:tenant/approvals/:id', open: arrive },
  { method: 'get', path: '/console/approvals/:id', signedIn: show },
  { method: 'post', path: '/console/approvals/:id/challenge', posted: challenge },
  { method: 'post', path: '/console/approvals/:id/votes', posted: answer },
]
