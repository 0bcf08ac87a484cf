/** What goes into the digests of a query: the action, the round, and the query itself. */
import type { ApprovalDemand } from '../contract/approval-demand.ts'
import type { Question } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import { digestOfText } from '../statement/digest.ts'
import type { Facts } from './facts.ts'
import { serverOf } from './registry-index.ts'

/**
 * What is to be done, by whom, through whom and for what; without the answers of later rounds.
 *
 * Members stand in the order of canonical JSON, which then need not put them in order.
 */
export function actionOf(
  query: Query,
  facts: Facts,
  question: Question,
): Readonly<Record<string, unknown>> {
  const { initiator, pep, purpose } = facts
  return {
    agent: initiator.client_id,
    arguments: question.arguments,
    capability: { kind: question.kind, name: question.name, uri: question.uri },
    data_scope: question.data_scope,
    definition_digest: question.definition_digest,
    delegation: initiator.delegation,
    environment: pep.environment,
    initiator: { iss: initiator.iss, sub: initiator.sub },
    method: question.method,
    project: pep.project,
    purpose: purpose === null ? null : [purpose.code, purpose.ref, purpose.iss, purpose.grant_id],
    server: {
      id: query.server.id,
      resource: serverOf(facts.index, query.server.id)?.resource ?? null,
      spiffe_id: facts.server.spiffe_id,
      workload: workloadOf(facts),
    },
    tenant: pep.tenant,
  }
}

/** The same with the arguments left open that an approval may leave open: only those that nothing else is derived from. */
export function templateOf(
  action: Readonly<Record<string, unknown>>,
  args: Question['arguments'],
  template: NonNullable<ApprovalDemand['template']>,
): unknown {
  const open = template.flatMap(({ path: [name] }) => name ?? [])
  const fixed = Object.fromEntries(Object.entries(args).filter(([name]) => !open.includes(name)))
  return { ...action, arguments: { fixed, template } }
}

/** What stands for a server that no SPIFFE ID names; null for one that is so named. */
function workloadOf({ server }: Facts): unknown {
  return server.platform ?? server.launch ?? server.tls
}

/** One transition of the action: the phase and what it carries, so that no transition stands for another. */
export function roundOf(query: Query, actionDigest: string): unknown {
  const { workflow } = query
  const state = workflow?.request_state
  return {
    action_digest: actionDigest,
    content: query.elicitation ?? query.sampling ?? query.result ?? null,
    input_key: workflow?.input_key ?? null,
    phase: query.phase,
    request_state_digest: state === undefined ? null : digestOfText(state),
    round: workflow?.round ?? 0,
  }
}

/** What is left of a budget changes by what was asked, and not what is asked. */
function withoutLeft(purpose: Facts['purpose']): unknown {
  return purpose === null ? null : { ...purpose, left: null }
}

/** Everything but proofs; whom they proved is in it, so that no one is answered from another's record. */
export function queryOf(query: Query, facts: Facts, question: Question): unknown {
  const { initiator, pep } = facts
  const { approval, capability, elicitation, phase, protocol, purpose, result, sampling, server } =
    query
  return {
    approval: approval?.id ?? null,
    capability: [capability.kind, capability.name ?? null, capability.uri ?? null],
    capability_arguments: capability.arguments,
    data_scope: query.data_scope,
    definition_digest: question.definition_digest,
    elicitation,
    gaps: facts.gaps,
    initiator: [
      ...[initiator.iss, initiator.sub, initiator.kind, initiator.client_id, initiator.acr],
      ...[initiator.delegation, initiator.groups, initiator.scopes],
    ],
    pep: [pep.issuer, pep.id],
    phase,
    protocol,
    purpose: [purpose?.code ?? null, purpose?.ref ?? null, withoutLeft(facts.purpose)],
    result,
    sampling,
    server: [server.id, facts.server.spiffe_id, workloadOf(facts)],
    workflow: query.workflow,
  }
}
