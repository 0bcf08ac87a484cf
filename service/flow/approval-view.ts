/** How an approval is shown: how it stands now, and to whoever may see it what it is about. */
import { statementOf } from '../approval/statement.ts'
import { statusOf } from '../approval/approval-status.ts'
import type { Approval } from '../approval/approval.ts'
import type { ApprovalStatement, ApprovalView } from '../contract/approval.ts'
import { demandOf } from '../contract/approval-demand.ts'
import { PdpError } from '../contract/error-code.ts'
import type { PolicyInput } from '../contract/policy-input.ts'
import { emptyRegistry, indexOf } from '../decision/registry-index.ts'
import { isDecision, wholeOf, type RecordedDecision } from './answer.ts'
import { standsBy } from './approvals-for.ts'
import type { DecidePorts } from './tenant.ts'

export type ApprovalPorts = Pick<DecidePorts, 'audit' | 'clock' | 'policy' | 'pseudonymKey'>

/** The request itself: the held decision that asked first. */
export type ApprovalRequest = {
  readonly approval: Approval
  readonly recorded: RecordedDecision
  /** Null once it was erased: then nobody can be shown what he would consent to. */
  readonly statement: ApprovalStatement | null
  /** The client that acted. */
  readonly agent: string | null
}

/** @throws PdpError `not_found`, `log_corrupt`. */
export async function findApproval(id: string, ports: ApprovalPorts): Promise<ApprovalRequest> {
  const approval = ports.audit.approvals.find(id)
  const recorded = approval === null ? null : await ports.audit.find(approval.decisionId)
  if (approval === null || recorded === null || !isDecision(recorded))
    throw new PdpError('not_found', 'There is no approval of this id that this credential may see.')
  const disclosed = wholeOf(recorded)
  const { hold, binding } = recorded.leaf
  const demand = hold === undefined ? null : demandOf(hold)
  if (disclosed === null || hold === undefined || demand === null)
    return { approval, recorded, statement: null, agent: null }
  return {
    approval,
    recorded,
    statement: statementOf(
      { id: hold.id, exp: hold.exp, ...demand },
      disclosed.input,
      disclosed.reasons,
      binding,
    ),
    agent: actingClient(disclosed.input),
  }
}

/** What people said beside their votes, in its order; without what was erased. @throws PdpError `log_corrupt`. */
export async function commentsOn(
  { votes }: Approval,
  { audit }: Pick<ApprovalPorts, 'audit'>,
): Promise<readonly { readonly id: string; readonly text: string }[]> {
  const recorded = await Promise.all(votes.map(({ id }) => audit.find(id)))
  return votes.flatMap(({ id }, at) => {
    const { comment: text } = (recorded[at]?.disclosed ?? {}) as { comment?: string | null }
    return typeof text === 'string' ? [{ id, text }] : []
  })
}

/** Whoever asks for a grant does so through the client that others vote through; an agent that is registered is one all the same. */
function actingClient({ question, verified, registry }: PolicyInput): string | null {
  const isPage = question.kind === 'grant' && registry.agent === null
  return isPage ? null : verified.initiator.client_id
}

/** @param agent the client that acted, where it is known */
export function viewOf(
  approval: Approval,
  agent: string | null,
  ports: ApprovalPorts,
): ApprovalView {
  const now = Math.floor(ports.clock.now() / 1000)
  const index = indexOf(ports.policy()?.registry ?? emptyRegistry)
  return {
    id: approval.id,
    status: statusOf(approval, now, standsBy(index, agent, ports)),
    decision_id: approval.decisionId,
    ...approval.demand,
    ...{ server: approval.server, capability: approval.capability },
    ...{ pep: approval.pep, pep_issuer: approval.pepIssuer },
    ...{ action_digest: approval.actionDigest, shown_digest: approval.shownDigest },
    asked: approval.asked,
    requested_at: instant(approval.requestedAt),
    expires_at: instant(approval.expiresAt),
    votes: approval.votes.map(({ id, verdict, person, assurance, at, workload }) => ({
      ...{ id, verdict, person, assurance, at: instant(at) },
      ...(workload === undefined ? {} : { workload }),
    })),
    used: [...approval.uses],
    used_by: approval.usedBy,
    told: approval.told
      .filter(({ event }) => event === 'approval.requested')
      .map(({ delivery, at }) => ({ delivery, at: instant(at) })),
  }
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
