/** Why: of a query that is asked only to be explained, and of a decision of the log. Neither is a decision. */
import { parseQuery } from '../../contract/parse-query.ts'
import { explainDecision, explainQuery } from '../../flow/explain.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'
import { findDecision, readingScopes } from './records.ts'

const scope = 'pdp.policy.manage'

const postExplanation: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const { pep, tenant } = await authenticatePep(request, service, { scope, body })
  sendJson(request, response, 200, await explainQuery(parseQuery(body), pep, tenant))
}

const getExplanation: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const recorded = await findDecision(parameters['id'] ?? '', caller)
  sendJson(request, response, 200, await explainDecision(recorded, caller.tenant.kept))
}

export const explanationRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/explanations',
    handler: postExplanation,
    operation: {
      id: 'explainQuery',
      summary: 'Why a query would be answered so; nothing is recorded, and it is no decision',
      scope,
      request: 'Query',
      response: 'Explanation',
      problems: [400, 413, 415],
    },
  },
  {
    method: 'get',
    path: '/v1/decisions/:id/explanation',
    handler: getExplanation,
    operation: {
      id: 'explainDecision',
      summary: 'Why a decision was made: its input, judged again by the bundles that decided',
      scope: readingScopes,
      response: 'Explanation',
      problems: [404, 503],
    },
  },
]
