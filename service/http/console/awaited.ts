/** Approvals as one person sees them: those that her groups are asked, and all for whoever reads audit. */
import type { Approval } from '../../approval/approval.ts'
import { peopleOf } from '../../approval/people.ts'
import { refusalOf } from '../../approval/refuse-vote.ts'
import type { ApprovalView, Verdict, VoteRefusal } from '../../contract/approval.ts'
import { emptyRegistry } from '../../decision/registry-index.ts'
import { viewOf, type ApprovalRequest } from '../../flow/approval-view.ts'
import { voterOf } from '../../flow/cast-vote.ts'
import { provedBy, type Visit } from './visit.ts'

export function maySee({ isMember, scopes }: Visit, approval: Pick<Approval, 'demand'>): boolean {
  return isMember(approval.demand.group) || scopes.has('pdp.audit.read')
}

/** The last asked for first. */
export function seenBy(visit: Visit): readonly Approval[] {
  return visit.tenant.audit.approvals.list().filter((approval) => maySee(visit, approval))
}

/** That wait for this person: she is in the group, and has not answered. */
export function awaitedFrom(visit: Visit): readonly ApprovalView[] {
  return seenBy(visit)
    .filter(({ demand, votes }) => visit.isMember(demand.group) && !hasVoted(visit, votes))
    .map((approval) => viewOf(approval, null, visit.tenant))
    .filter(({ status }) => status === 'pending')
}

/** Why she may not answer; null: she may. The corridor asks again when she does. */
export function refusalFor(
  visit: Visit,
  { approval, agent }: Pick<ApprovalRequest, 'approval' | 'agent'>,
): VoteRefusal | null {
  const { tenant, session } = visit
  const people = peopleOf(tenant.policy()?.registry ?? emptyRegistry, tenant.pseudonymKey)
  const assurance = tenant.audit.passkeys.of(visit.account).length > 0 ? 'passkey' : 'signed_in'
  const voter = voterOf({ ...provedBy(session, tenant.console.clientId), assurance }, tenant)
  return refusalOf(voter, approval, agent, people)
}

/** She, or the same person by another account. */
export function hasVoted(
  { account, tenant }: Visit,
  votes: readonly { readonly person: string; readonly verdict: Verdict }[],
): boolean {
  const people = peopleOf(tenant.policy()?.registry ?? emptyRegistry, tenant.pseudonymKey)
  const own = people.personOf(account)
  return votes.some(({ person, verdict }) => person === own && verdict !== 'comment')
}
