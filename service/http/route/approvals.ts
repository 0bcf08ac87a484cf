/** What was held for people: who may answer sees it whole, who asked sees how it stands (`/v1/approvals`). */
import type { Approval } from '../../approval/approval.ts'
import { isClient } from '../../audit/asked-by.ts'
import { approvalStatuses, type ApprovalStatus } from '../../contract/approval.ts'
import { PdpError } from '../../contract/error-code.ts'
import { parseApprovalCancel, parseVote } from '../../contract/parse-query.ts'
import { commentsOn, findApproval, viewOf } from '../../flow/approval-view.ts'
import { cancelApproval } from '../../flow/end-approval.ts'
import { listApprovals } from '../../flow/list-approvals.ts'
import { vote } from '../../flow/vote.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import { queryParameters, refused } from '../query-parameters.ts'
import type { Handler, Route } from '../service.ts'

/** Of what one's own questions were held for, or of all. */
const readingScopes = ['pdp.approve', 'pdp.audit.read', 'pdp.evaluate'] as const

/** It names persons and quotes arguments: not for the gateway that asked. */
function seesAll({ pep }: Caller): boolean {
  return pep.scopes.includes('pdp.approve') || pep.scopes.includes('pdp.audit.read')
}

const getApprovals: Handler = async (request, response, service) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const { tenant, pep } = caller
  const given = queryParameters(request, ['status', 'group', 'after'])
  const asked = {
    status: statusOf(given.status),
    group: given.group ?? null,
    after: placeOf(given.after),
    maySee: (approval: Approval) =>
      seesAll(caller) || isClient(approval.pep, approval.pepIssuer, pep),
  }
  sendJson(request, response, 200, { tenant: tenant.tenant.id, ...listApprovals(asked, tenant) })
}

function statusOf(text: string | undefined): ApprovalStatus | null {
  const known = approvalStatuses.find((status) => status === text)
  if (text !== undefined && known === undefined)
    throw refused(`Ask for a status that there is: ${approvalStatuses.join(', ')}.`)
  return known ?? null
}

function placeOf(text: string | undefined): string | null {
  if (text === undefined || /^apr_[\w-]{1,64}$/u.test(text)) return text ?? null
  throw refused('Send `next` of an earlier page as `after`, unchanged.')
}

const getApproval: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const { tenant, pep } = caller
  const { approval, statement, agent } = await findApproval(parameters['id'] ?? '', tenant)
  if (!seesAll(caller) && !isClient(approval.pep, approval.pepIssuer, pep))
    throw new PdpError('not_found', 'There is no approval of this id that this credential may see.')
  sendJson(request, response, 200, {
    approval: viewOf(approval, agent, tenant),
    statement: seesAll(caller) ? statement : null,
    comments: seesAll(caller) ? [...(await commentsOn(approval, tenant))] : [],
  })
}

const postVote: Handler = async (request, response, service, parameters) => {
  const body = await readJsonBody(request)
  const { pep, tenant } = await authenticatePep(request, service, { scope: 'pdp.approve', body })
  const receipt = await vote(parameters['id'] ?? '', parseVote(body), pep, tenant)
  sendJson(request, response, 200, receipt)
}

const postCancel: Handler = async (request, response, service, parameters) => {
  const body = await readJsonBody(request)
  const { pep, tenant } = await authenticatePep(request, service, { scope: 'pdp.evaluate', body })
  const id = parameters['id'] ?? ''
  const { reason } = parseApprovalCancel(body)
  await cancelApproval({ id, by: pep, reason }, tenant)
  const { approval, agent } = await findApproval(id, tenant)
  sendJson(request, response, 200, {
    approval: viewOf(approval, agent, tenant),
    ...{ statement: null, comments: [] },
  })
}

const changing = [400, 403, 404, 409, 413, 415, 503]

export const approvalRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/approvals',
    handler: getApprovals,
    operation: {
      id: 'listApprovals',
      summary: 'What was held for people, and how it stands, a page at a time',
      scope: readingScopes,
      query: [
        { name: 'status', description: 'Only those that stand so' },
        { name: 'group', description: 'Only those that this group was asked for' },
        { name: 'after', description: '`next` of the page before' },
      ],
      response: 'ApprovalList',
      problems: [400],
    },
  },
  {
    method: 'get',
    path: '/v1/approvals/:id',
    handler: getApproval,
    operation: {
      id: 'getApproval',
      summary: 'One approval; what it is about, for whoever may answer or read audit',
      scope: readingScopes,
      response: 'ApprovalRecord',
      problems: [404],
    },
  },
  {
    method: 'post',
    path: '/v1/approvals/:id/votes',
    handler: postVote,
    operation: {
      id: 'vote',
      summary:
        'An answer, by the own proof of a person, or of a workload that is asked: a log entry',
      scope: 'pdp.approve',
      request: 'VoteRequest',
      response: 'VoteReceipt',
      problems: changing,
    },
  },
  {
    method: 'post',
    path: '/v1/approvals/:id/cancel',
    handler: postCancel,
    operation: {
      id: 'cancelApproval',
      summary: 'Take back what was asked for',
      scope: 'pdp.evaluate',
      request: 'ApprovalCancel',
      response: 'ApprovalRecord',
      problems: changing,
    },
  },
]
