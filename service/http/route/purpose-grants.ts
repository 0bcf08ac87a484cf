/** Purpose grants: issued by decision, listed and revoked (`/v1/purpose-grants`). */
import { isClient } from '../../audit/asked-by.ts'
import { grantStatuses } from '../../contract/grant-request.ts'
import { parseGrantRequest, parseGrantRevocation } from '../../contract/parse-query.ts'
import { grantViewOf } from '../../flow/grant-view.ts'
import { issueGrant } from '../../flow/issue-grant.ts'
import { listGrants } from '../../flow/list-grants.ts'
import { noGrant, revokeGrant } from '../../flow/revoke-grant.ts'
import type { LoggedGrant } from '../../purpose/grants.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import { queryParameters, refused } from '../query-parameters.ts'
import type { Handler, Route } from '../service.ts'
import { usingUp } from '../using-up.ts'

/** Of what one issued oneself, or of all. */
const readingScopes = ['pdp.grant.issue', 'pdp.grant.manage', 'pdp.audit.read'] as const

function maySee({ pep }: Caller): (grant: LoggedGrant) => boolean {
  const seesAll = pep.scopes.some(
    (scope) => scope === 'pdp.grant.manage' || scope === 'pdp.audit.read',
  )
  return ({ by }) => seesAll || isClient(by.client_id, by.issuer, pep)
}

const postGrant: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const asking = { scope: 'pdp.grant.issue', body, decides: true } as const
  const caller = await authenticatePep(request, service, asking)
  const answer = await usingUp(caller, () =>
    issueGrant(parseGrantRequest(body), caller.pep, caller.tenant),
  )
  sendJson(request, response, 200, answer)
}

const getGrants: Handler = async (request, response, service) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const given = queryParameters(request, ['purpose', 'status', 'after'])
  const { purpose = null, status = null, after = null } = given
  if (status !== null && !grantStatuses.some((known) => known === status))
    throw refused(`Ask for a status that there is: ${grantStatuses.join(', ')}.`)
  if (after !== null && !/^pg_[\w-]{1,64}$/u.test(after))
    throw refused('Send `next` of an earlier page as `after`, unchanged.')
  const page = listGrants({ purpose, status, after, maySee: maySee(caller) }, caller.tenant)
  sendJson(request, response, 200, { tenant: caller.tenant.tenant.id, ...page })
}

const getGrant: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const grant = caller.tenant.audit.grants.find(parameters['id'] ?? '')
  if (grant === null || !maySee(caller)(grant)) throw noGrant()
  sendJson(request, response, 200, grantViewOf(grant, caller.tenant))
}

const postRevoke: Handler = async (request, response, service, parameters) => {
  const body = await readJsonBody(request)
  const { pep, tenant } = await authenticatePep(request, service, {
    ...{ scope: 'pdp.grant.manage', body },
  })
  const { reason } = parseGrantRevocation(body)
  const revoked = { id: parameters['id'] ?? '', by: pep.id, reason }
  sendJson(request, response, 200, await revokeGrant(revoked, tenant))
}

export const purposeGrantRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/purpose-grants',
    handler: postGrant,
    operation: {
      id: 'issuePurposeGrant',
      summary: 'Issue a purpose grant, if policy permits it; a denial or a hold is an answer too',
      scope: 'pdp.grant.issue',
      request: 'GrantRequest',
      response: 'GrantAnswer',
      problems: [400, 409, 413, 415, 429, 503],
    },
  },
  {
    method: 'get',
    path: '/v1/purpose-grants',
    handler: getGrants,
    operation: {
      id: 'listPurposeGrants',
      summary: 'Purpose grants that were issued here, the last first, a page at a time',
      scope: readingScopes,
      query: [
        { name: 'purpose', description: 'Only those of this code' },
        { name: 'status', description: 'Only those that stand so: active, expired or revoked' },
        { name: 'after', description: '`next` of the page before' },
      ],
      response: 'GrantList',
      problems: [400],
    },
  },
  {
    method: 'get',
    path: '/v1/purpose-grants/:id',
    handler: getGrant,
    operation: {
      id: 'getPurposeGrant',
      summary: 'One purpose grant: what it gives, what is left of it, and how it stands',
      scope: readingScopes,
      response: 'GrantView',
      problems: [404],
    },
  },
  {
    method: 'post',
    path: '/v1/purpose-grants/:id/revoke',
    handler: postRevoke,
    operation: {
      id: 'revokePurposeGrant',
      summary:
        'End a purpose grant and whatever was narrowed from it; the very next question meets it',
      scope: 'pdp.grant.manage',
      request: 'GrantRevocationRequest',
      response: 'GrantView',
      problems: [400, 404, 409, 413, 415, 503],
    },
  },
]
