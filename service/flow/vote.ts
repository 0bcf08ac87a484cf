/** A vote that a gateway carries: of somebody who proves herself by a token of her own. */
import type { VoteReceipt, VoteRequest } from '../contract/approval.ts'
import type { Pep } from '../decision/facts.ts'
import { findApproval } from './approval-view.ts'
import { castVote } from './cast-vote.ts'
import { proveVoter, voteDigestOf } from './prove-voter.ts'
import type { Tenant } from './tenant.ts'

type VotePorts = Pick<
  Tenant,
  'tenant' | 'audit' | 'clock' | 'policy' | 'pseudonymKey' | 'verify' | 'keySets'
>

/** @throws PdpError `not_found`, `voter_unproven`, `stopped`, `vote_refused`, `approval_over`, `vote_conflict`, `unauthenticated` for a proof that was shown before, `audit_unavailable`. */
export async function vote(
  id: string,
  request: VoteRequest,
  pep: Pep,
  ports: VotePorts,
): Promise<VoteReceipt> {
  const asked = await findApproval(id, ports)
  const { voter, ...ballot } = request
  const bound = voteDigestOf(id, ballot, ports.tenant.audience)
  return await castVote(ballot, await proveVoter(voter, bound, pep, ports), asked, ports)
}
