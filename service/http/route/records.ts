/**
 * `GET /v1/decisions/{id}` gives a record back, `GET …/input` what policy was asked; `POST …/outcome` joins to it what
 * the gateway then did.
 */
import { isAskedBy } from '../../audit/asked-by.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { DecisionLeaf } from '../../contract/leaf.ts'
import { parseOutcome } from '../../contract/parse-query.ts'
import { answerOf, isDecision, wholeOf, type RecordedDecision } from '../../flow/answer.ts'
import { recordOutcome } from '../../flow/record-outcome.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

/** Of one's own decisions, or of all. */
export const readingScopes = ['pdp.evaluate', 'pdp.audit.read'] as const

const getDecision: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const recorded = await findDecision(parameters['id'] ?? '', caller)
  sendJson(request, response, 200, { decision: answerOf(recorded), leaf: recorded.leaf })
}

/** It names persons and quotes arguments: only whoever may read audit sees it, not the gateway that asked. */
const getInput: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope: 'pdp.audit.read' })
  const recorded = await findDecision(parameters['id'] ?? '', caller)
  const { input } = wholeOf(recorded) ?? { input: null }
  const { jti, effect, observed } = recorded.leaf
  sendJson(request, response, 200, {
    ...{ decision_id: jti, effect, input },
    ...(observed === undefined ? {} : { observed }),
  })
}

const postOutcome: Handler = async (request, response, service, parameters) => {
  const body = await readJsonBody(request)
  const caller = await authenticatePep(request, service, { scope: 'pdp.evaluate', body })
  const outcome = parseOutcome(body)
  const decision = await findDecision(parameters['id'] ?? '', caller)
  // Whoever may read audit may not write it: what was done is said by the gateway that did it.
  if (!isAskedBy(decision.leaf, caller.pep)) throw notFound()
  sendJson(request, response, 200, await recordOutcome(decision, outcome, caller.tenant))
}

/**
 * A decision of the caller's tenant: the PEP that asked may read it, and whoever may read audit.
 * Anything else is not found, so that identifiers of others cannot be probed.
 */
export async function findDecision(id: string, caller: Caller): Promise<RecordedDecision> {
  const recorded = await caller.tenant.audit.find(id)
  const mayRead = (leaf: DecisionLeaf): boolean =>
    caller.pep.scopes.includes('pdp.audit.read') ||
    (caller.pep.scopes.includes('pdp.evaluate') && isAskedBy(leaf, caller.pep))
  if (recorded === null || !isDecision(recorded) || !mayRead(recorded.leaf)) {
    const first = caller.tenant.audit.first()
    const pruned =
      first === 0 ? '' : ` Entries before ${String(first)} lie in the archive of the log.`
    throw new PdpError(
      'not_found',
      `There is no decision of this id that this credential may read.${pruned}`,
    )
  }
  return recorded
}

function notFound(): PdpError {
  return new PdpError('not_found', 'There is no decision of this id that this credential may use.')
}

export const recordRoute: Route = {
  method: 'get',
  path: '/v1/decisions/:id',
  handler: getDecision,
  operation: {
    id: 'getDecision',
    summary: 'The record of a decision: what was answered, and the leaf of the log',
    scope: readingScopes,
    response: 'DecisionRecord',
    problems: [404],
  },
}

export const inputRoute: Route = {
  method: 'get',
  path: '/v1/decisions/:id/input',
  handler: getInput,
  operation: {
    id: 'getDecisionInput',
    summary: 'What policy was asked for a decision; null once any of it was erased or has ended',
    scope: 'pdp.audit.read',
    response: 'DecisionInput',
    problems: [404],
  },
}

export const outcomeRoute: Route = {
  method: 'post',
  path: '/v1/decisions/:id/outcome',
  handler: postOutcome,
  operation: {
    id: 'reportOutcome',
    summary: 'Report what was then done; once, and it is a log entry',
    scope: 'pdp.evaluate',
    request: 'Outcome',
    response: 'OutcomeReceipt',
    problems: [400, 404, 409, 413, 415, 503],
  },
}
