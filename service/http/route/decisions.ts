/** `POST /v1/decisions` and its batch: the main job. Also called ahead of the router, as it is. */
import type { DecisionAnswer } from '../../contract/decision.ts'
import type { Query } from '../../contract/query.ts'
import { parseBatch, parseQuery } from '../../contract/parse-query.ts'
import { answerOf } from '../../flow/answer.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { decideFor } from '../decide-for.ts'
import { usingUp } from '../using-up.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import { problemOf } from '../problem.ts'
import { report } from '../report.ts'
import type { Handler, Route, Service } from '../service.ts'

const scope = 'pdp.evaluate'

const postDecision: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const caller = await authenticatePep(request, service, { scope, body, decides: true })
  const answer = await usingUp(caller, () => answerQuery(parseQuery(body), caller, service))
  sendJson(request, response, 200, answer)
}

/** Each query has its own answer and its own entry; one that cannot be decided is a problem in its slot. */
const postBatch: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const caller = await authenticatePep(request, service, { scope, body })
  const { queries } = parseBatch(body)
  const settled = await Promise.allSettled(
    queries.map((query) => answerQuery(query, caller, service)),
  )
  const decisions = settled.map((slot) => {
    if (slot.status === 'fulfilled') return slot.value
    report(slot.reason, service)
    return { problem: problemOf(slot.reason) }
  })
  sendJson(request, response, 200, { decisions })
}

async function answerQuery(
  query: Query,
  caller: Caller,
  service: Service,
): Promise<DecisionAnswer> {
  return answerOf(await decideFor(caller, query, service))
}

export const decisionRoute: Route = {
  method: 'post',
  path: '/v1/decisions',
  handler: postDecision,
  operation: {
    id: 'decide',
    summary: 'Decide one transition of a workflow; a denial is a 200',
    scope,
    request: 'Query',
    response: 'DecisionAnswer',
    problems: [400, 409, 413, 415, 503],
  },
}

export const batchRoute: Route = {
  method: 'post',
  path: '/v1/decisions/batch',
  handler: postBatch,
  operation: {
    id: 'decideBatch',
    summary: 'Decide several queries; each has its own answer and its own log entry',
    scope,
    request: 'QueryBatch',
    response: 'BatchAnswer',
    problems: [400, 413, 415, 503],
  },
}
