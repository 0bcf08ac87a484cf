/** AuthZEN Authorization API 1.0: evaluation, evaluations, and the metadata document (section 9). */
import type { IncomingMessage } from 'node:http'
import {
  Evaluations,
  Semantic,
  type Evaluation,
  type EvaluationAnswer,
} from '../../contract/authzen.ts'
import { PdpError } from '../../contract/error-code.ts'
import { parseJsonObject } from '../../contract/parse-query.ts'
import { compileChecker } from '../../contract/validate.ts'
import type { RecordedDecision } from '../../flow/answer.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { checkEvaluation, evaluationAnswer, queryOf, refuse } from '../authzen-query.ts'
import { decideFor } from '../decide-for.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import { usingUp } from '../using-up.ts'
import { problemOf } from '../problem.ts'
import { report } from '../report.ts'
import type { Handler, Route, Service } from '../service.ts'

const scope = 'pdp.evaluate'
const checkEvaluations = compileChecker(Evaluations)

type Evaluated = { readonly answer: EvaluationAnswer; readonly recorded: RecordedDecision }

const postEvaluation: Handler = async (request, response, service) => {
  const bytes = await readAuthzenBody(request)
  const caller = await authenticatePep(request, service, { scope, body: bytes, decides: true })
  const { answer, recorded } = await usingUp(caller, () =>
    evaluate(parseJsonObject(bytes), caller, service),
  )
  sendJson(request, response, 200, answer, {
    'x-decision-id': recorded.leaf.jti,
    // Clients bound the size of headers; the record has the token too.
    ...(recorded.token.length > 4096 ? {} : { 'x-decision-token': recorded.token }),
  })
}

const postEvaluations: Handler = async (request, response, service) => {
  const bytes = await readAuthzenBody(request)
  const caller = await authenticatePep(request, service, { scope, body: bytes })
  const checked = checkEvaluations(parseJsonObject(bytes))
  if (!checked.ok) throw refuse(checked.faults)
  const { evaluations, options, ...defaults } = checked.value
  const semantic = semanticOf(options)
  if (evaluations === undefined || evaluations.length === 0) {
    sendJson(request, response, 200, (await evaluate(defaults, caller, service)).answer)
    return
  }
  const merged = evaluations.map((entry) => ({ ...defaults, ...entry }))
  const answers = await evaluateInTurn(merged, semantic, caller, service)
  sendJson(request, response, 200, { evaluations: answers })
}

/** A wrong media type is 400 here, as the certification profile of AuthZEN has it. */
async function readAuthzenBody(request: IncomingMessage): Promise<Uint8Array> {
  try {
    return await readJsonBody(request)
  } catch (error) {
    if (!(error instanceof PdpError) || error.code !== 'media_type') throw error
    throw new PdpError('invalid_request', error.message, { cause: error })
  }
}

function semanticOf(
  options: Readonly<Record<string, unknown>> | undefined,
): (typeof Semantic)[number] {
  const asked = options?.['evaluations_semantic'] ?? 'execute_all'
  const known = Semantic.find((semantic) => semantic === asked)
  if (known === undefined) {
    throw refuse([
      { pointer: '/options/evaluations_semantic', reason: `use one of ${Semantic.join(', ')}` },
    ])
  }
  return known
}

async function evaluate(body: unknown, caller: Caller, service: Service): Promise<Evaluated> {
  const checked = checkEvaluation(body)
  if (!checked.ok) throw refuse(checked.faults)
  const evaluation: Evaluation = checked.value
  const rawAllowed = caller.tenant.policy()?.rawAuthzen === true
  const { query, claimed, native } = queryOf(evaluation, rawAllowed)
  const recorded = await decideFor(caller, query, service, claimed)
  return { answer: evaluationAnswer(recorded, native), recorded }
}

/** One entry after the other: a short circuit leaves the rest undecided and unlogged (section 7.1.2). */
async function evaluateInTurn(
  entries: readonly unknown[],
  semantic: (typeof Semantic)[number],
  caller: Caller,
  service: Service,
): Promise<EvaluationAnswer[]> {
  const answers: EvaluationAnswer[] = []
  for (const entry of entries) {
    const answer = await evaluateEntry(entry, caller, service)
    answers.push(answer)
    if (semantic === 'deny_on_first_deny' && !answer.decision) break
    if (semantic === 'permit_on_first_permit' && answer.decision) break
  }
  return answers
}

/** An entry that is not valid is a denial in its slot; a log that fails is no answer at all. */
async function evaluateEntry(
  entry: unknown,
  caller: Caller,
  service: Service,
): Promise<EvaluationAnswer> {
  try {
    return (await evaluate(entry, caller, service)).answer
  } catch (error) {
    const problem = problemOf(error)
    if (problem.status >= 500) throw error
    report(error, service)
    return {
      decision: false,
      context: { error: { status: problem.status, message: problem.detail ?? problem.title } },
    }
  }
}

const getConfiguration: Handler = async (request, response, service) => {
  await Promise.resolve()
  sendJson(request, response, 200, {
    policy_decision_point: service.publicUrl,
    access_evaluation_endpoint: `${service.publicUrl}/access/v1/evaluation`,
    access_evaluations_endpoint: `${service.publicUrl}/access/v1/evaluations`,
  })
}

export const authzenRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/access/v1/evaluation',
    handler: postEvaluation,
    operation: {
      id: 'authzenEvaluation',
      summary: 'AuthZEN 1.0: one evaluation; the native query may travel in context.countersign',
      scope,
      request: 'Evaluation',
      response: 'EvaluationAnswer',
      problems: [400, 413, 503],
    },
  },
  {
    method: 'post',
    path: '/access/v1/evaluations',
    handler: postEvaluations,
    operation: {
      id: 'authzenEvaluations',
      summary: 'AuthZEN 1.0: several evaluations with defaults',
      scope,
      request: 'Evaluations',
      response: 'EvaluationsAnswer',
      problems: [400, 413, 503],
    },
  },
  {
    method: 'get',
    path: '/.well-known/authzen-configuration',
    handler: getConfiguration,
    operation: {
      id: 'authzenConfiguration',
      summary: 'AuthZEN 1.0: where the endpoints are',
      scope: null,
      response: 'AuthzenConfiguration',
      problems: [],
    },
  },
]
