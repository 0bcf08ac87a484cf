/**
 * From an AuthZEN evaluation to a native query, and from a decision to AuthZEN's answer.
 *
 * The native query travels in `context.countersign`; bare subject, action, resource and context reach
 * only a policy that is marked for them, as arguments of the capability `authzen`.
 */
import { Evaluation, type EvaluationAnswer } from '../contract/authzen.ts'
import { answeredEffect } from '../contract/observation.ts'
import { PdpError, type Fault } from '../contract/error-code.ts'
import { checkQuery } from '../contract/parse-query.ts'
import type { Query } from '../contract/query.ts'
import { compileChecker } from '../contract/validate.ts'
import { answerOf, type RecordedDecision } from '../flow/answer.ts'
import type { Claimed } from '../flow/claimed.ts'

export const checkEvaluation = compileChecker(Evaluation)

export type Asked = { readonly query: Query; readonly claimed: Claimed; readonly native: boolean }

/** @throws PdpError `invalid_request` when the native query inside does not match its schema. */
export function queryOf(evaluation: Evaluation, rawAllowed: boolean): Asked {
  const native = evaluation.context?.['countersign']
  if (native === undefined)
    return { query: bareQuery(evaluation, rawAllowed), claimed: {}, native: false }
  return {
    query: checkQuery(native, '/context/countersign'),
    claimed: {
      subject: evaluation.subject.id,
      action: evaluation.action.name,
      resource: { type: evaluation.resource.type, id: evaluation.resource.id },
    },
    native: true,
  }
}

/** Unknown members are ignored (section 5): the policy sees exactly the members of the specification. */
function bareQuery(evaluation: Evaluation, rawAllowed: boolean): Query {
  const { subject, action, resource, context } = evaluation
  const bare = {
    subject: { type: subject.type, id: subject.id, properties: subject.properties ?? {} },
    action: { name: action.name, properties: action.properties ?? {} },
    resource: { type: resource.type, id: resource.id, properties: resource.properties ?? {} },
    context: context ?? {},
  }
  return {
    phase: 'request',
    server: { id: 'authzen' },
    capability: { kind: 'tool', name: 'evaluation', arguments: rawAllowed ? bare : {} },
    protocol: { version: 'authzen-1.0', method: 'access/evaluation' },
  }
}

/** Ids and tokens are not in the body of a bare answer: the same question gives the same bytes. */
export function evaluationAnswer(recorded: RecordedDecision, native: boolean): EvaluationAnswer {
  const decision = answeredEffect(recorded.leaf) === 'permit'
  const { observed } = recorded.leaf
  const watched = observed === undefined ? {} : { observed }
  if (!native) return observed === undefined ? { decision } : { decision, context: watched }
  const answer = answerOf(recorded)
  return {
    decision,
    context: {
      ...watched,
      ...(answer.obligations.length === 0 ? {} : { obligations: answer.obligations }),
      countersign: answer,
    },
  }
}

/** Faults of one evaluation, as the error the specification wants. */
export function refuse(faults: readonly Fault[]): PdpError {
  const first = faults[0]
  return new PdpError(
    'invalid_request',
    first === undefined ? 'The evaluation is not valid.' : `${first.pointer}: ${first.reason}`,
    { faults },
  )
}
