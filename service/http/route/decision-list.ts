/** `GET /v1/decisions`: what was decided for the caller's tenant, in the order of its log. */
import { filterFields } from '../../audit/terms.ts'
import { readInstant } from '../../contract/instant.ts'
import { listDecisions } from '../../flow/list-decisions.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { sendJson } from '../exchange.ts'
import { queryParameters, refused } from '../query-parameters.ts'
import type { Handler, Route } from '../service.ts'

const scope = 'pdp.audit.read'

const getDecisions: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  const given = queryParameters(request, ['since', 'until', 'after', ...filterFields])
  const { since, until, after, ...filter } = given
  const asked = {
    since: instantOf('since', since),
    until: instantOf('until', until),
    ...{ after: placeOf(after), filter },
  }
  const page = await listDecisions(asked, tenant.audit)
  sendJson(request, response, 200, { tenant: tenant.tenant.id, ...page })
}

function instantOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const instant = readInstant(text)
  if (instant !== null) return instant
  throw refused(`Write \`${name}\` as RFC 3339 says: 2026-10-31T18:00:00Z.`)
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
      { name: 'until', description: 'None that is as young (RFC 3339)', format: 'date-time' },
      { name: 'after', description: '`next` of the page before' },
      { name: 'effect', description: 'What the gateway was told: permit, deny or hold' },
      { name: 'server', description: 'The id of a server' },
      { name: 'initiator', description: 'The pseudonym of a person: `hmac:…`, as leaves have it' },
      { name: 'capability', description: 'A capability, as it is registered' },
      { name: 'purpose', description: 'The code of a purpose' },
      { name: 'workflow', description: 'The id of a workflow' },
      { name: 'code', description: 'A code among its reasons' },
    ],
    response: 'DecisionList',
    problems: [400],
  },
}
