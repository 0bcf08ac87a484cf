/** `GET /v1/decisions`: what was decided for the caller's tenant, in the order of its log. */
import { readInstant } from '../../contract/instant.ts'
import { listDecisions } from '../../flow/list-decisions.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { sendJson } from '../exchange.ts'
import { queryParameters, refused } from '../query-parameters.ts'
import type { Handler, Route } from '../service.ts'

const scope = 'pdp.audit.read'

const getDecisions: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  const { since, after } = queryParameters(request, ['since', 'after'])
  const asked = { since: instantOf(since), after: placeOf(after) }
  const page = await listDecisions(asked, tenant.audit)
  sendJson(request, response, 200, { tenant: tenant.tenant.id, ...page })
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const instant = readInstant(text)
  if (instant !== null) return instant
  throw refused('Write `since` as RFC 3339 says: 2026-10-31T18:00:00Z.')
}

function placeOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^(?:0|[1-9]\d{0,14})$/u.test(text)) return Number(text)
  throw refused('Send `next` of an earlier page as `after`, unchanged.')
}

export const decisionListRoute: Route = {
  method: 'get',
  path: '/v1/decisions',
  handler: getDecisions,
  operation: {
    id: 'listDecisions',
    summary: 'What was decided for the tenant, in the order of its log, a page at a time',
    scope,
    query: [
      { name: 'since', description: 'None that is older (RFC 3339)', format: 'date-time' },
      { name: 'after', description: '`next` of the page before' },
    ],
    response: 'DecisionList',
    problems: [400],
  },
}
