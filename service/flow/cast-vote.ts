/**
 * One person's answer to what was held. The vote is a leaf before it is answered; what it leads to is computed from
 * the leaves when the question is asked again, never here.
 */
import { membershipOf, refusalOf, type Voter } from '../approval/refuse-vote.ts'
import { peopleOf, type People } from '../approval/people.ts'
import { shownDigestOf } from '../approval/statement.ts'
import type { ApprovalVote, VoteReceipt, VoteRefusal, VoteRequest } from '../contract/approval.ts'
import { limits } from '../contract/limits.ts'
import { PdpError } from '../contract/error-code.ts'
import { emptyRegistry } from '../decision/registry-index.ts'
import type { Draft } from '../port/audit-log.ts'
import { digestOf, pseudonymOf } from '../statement/digest.ts'
import { viewOf, type ApprovalRequest } from './approval-view.ts'
import type { ProvedVoter } from './prove-voter.ts'
import type { Tenant } from './tenant.ts'

type CastPorts = Pick<Tenant, 'tenant' | 'audit' | 'clock' | 'policy' | 'pseudonymKey'>

/** What she says, and of what. */
export type Ballot = Pick<VoteRequest, 'verdict' | 'shown_digest' | 'comment'>

/** @throws PdpError `invalid_request` for a comment without text; `vote_refused`, `approval_over`, `vote_conflict`, `unauthenticated` for a proof that was shown before, `audit_unavailable`. */
export async function castVote(
  ballot: Ballot,
  proved: ProvedVoter,
  asked: ApprovalRequest,
  ports: CastPorts,
): Promise<VoteReceipt> {
  if (ballot.verdict === 'comment' && ballot.comment === undefined)
    throw new PdpError('invalid_request', 'Say in `comment` what the comment is.')
  const { id } = asked.approval
  const voter = voterOf(proved, ports)
  const people = peopleOf(ports.policy()?.registry ?? emptyRegistry, ports.pseudonymKey)
  const refusal = refusalOfBallot(ballot, voter, asked, people) ?? refusalOfShown(ballot, asked)
  if (refusal !== null) {
    await ports.audit.append(refusedVote(refusal, voter, proved, asked, ports), {
      ...{ requestKey: null, queryDigest: '', caller: proved.replayKeys },
    })
    throw refused(refusal)
  }
  refuseWhatIsOver(asked, ports)
  const person = people.personOf(voter.subject)
  // A verdict is given once; a comment as often as it says something else.
  const once = ballot.verdict === 'comment' ? ['comment', ballot.comment] : ['vote']
  const requestKey = digestOf('request-key', [...once, id, person])
  const queryDigest = digestOf('content', [ballot.verdict, ballot.shown_digest, voter.subject])
  const event = voteOf(ballot, proved, asked, { voter, person, people })
  const draft = draftOf('approval_vote', event, asked, proved, ports, {
    ...{
      voter: { iss: proved.facts.iss, sub: proved.facts.sub },
      comment: ballot.comment ?? null,
    },
  })
  const recorded = await appendOnce(
    {
      ...draft,
      claims: { ...draft.claims, request_key: requestKey, query_digest: queryDigest },
    },
    { requestKey, queryDigest, caller: proved.replayKeys },
    ports,
  )
  const { leaf } = recorded
  return {
    vote_id: leaf.jti,
    approval: viewOf(ports.audit.approvals.find(id) ?? asked.approval, asked.agent, ports),
    token: recorded.token,
    log: { origin: leaf.iss, index: leaf.index, leaf_hash: recorded.leafHash },
  }
}

/** @throws PdpError `approval_over`. */
function refuseWhatIsOver({ approval, agent }: ApprovalRequest, ports: CastPorts): void {
  const { status } = viewOf(approval, agent, ports)
  if (status !== 'pending' && status !== 'approved')
    throw new PdpError('approval_over', `Nobody votes on it any more: it is ${status}.`)
  if (approval.votes.length >= limits.approvalVotes)
    throw new PdpError('approval_over', 'Nothing more is said about it: there is no room.')
}

type Answerer = { readonly voter: Voter; readonly person: string; readonly people: People }

function voteOf(
  { verdict, shown_digest }: Ballot,
  { facts, assurance, passkey, digests, carrier }: ProvedVoter,
  { approval: { id, demand } }: ApprovalRequest,
  { voter, person, people }: Answerer,
): ApprovalVote {
  const workload = voter.kind === 'workload' ? people.workloadOf(voter.subject) : null
  return {
    ...{ approval_id: id, verdict, voter: voter.subject, person },
    member_by: membershipOf(voter, demand.group, people) ?? 'claim',
    ...(workload === null ? {} : { workload }),
    ...{ assurance, acr: facts.acr, shown_digest },
    ...{ evidence: [...digests], client_id: facts.client_id, pep: carrier },
    ...(passkey === undefined ? {} : { passkey }),
  }
}

/** As who may vote is asked of. */
export function voterOf(
  { facts, assurance }: Pick<ProvedVoter, 'facts' | 'assurance'>,
  { pseudonymKey }: Pick<CastPorts, 'pseudonymKey'>,
): Voter {
  const { iss, sub, kind, groups, client_id: client } = facts
  const named = (one: string | null): string => pseudonymOf(pseudonymKey, iss ?? '', one ?? '')
  return { subject: named(sub), kind, groups, client, clientAccount: named(client), assurance }
}

/** Who is involved does not consent, and may say something. */
const mayComment: readonly (VoteRefusal | null)[] = [
  'is_initiator',
  'is_sponsor',
  'is_author',
  'assurance_low',
]

function refusalOfBallot(
  { verdict }: Ballot,
  voter: Voter,
  { approval, agent }: ApprovalRequest,
  people: People,
): VoteRefusal | null {
  const refusal = refusalOf(voter, approval, agent, people)
  return verdict === 'comment' && mayComment.includes(refusal) ? null : refusal
}

/** What is shown is made anew from the record: only who repeats its digest has seen it. */
function refusalOfShown(
  { shown_digest: shown }: Ballot,
  { approval, statement }: ApprovalRequest,
): VoteRefusal | null {
  const isShown = statement !== null && shownDigestOf(statement) === approval.shownDigest
  return isShown && shown === approval.shownDigest ? null : 'other_shown'
}

export const voteRefusals: Readonly<Record<VoteRefusal, string>> = {
  not_a_person:
    'A person votes, or a workload that the registry names under workload_voters: this is neither.',
  not_in_group: 'This person is not in the group that was asked.',
  is_initiator: 'Whoever asked does not approve it.',
  is_actor:
    'Whoever acts in the chain does not approve it, nor does a token that was issued to what acts.',
  is_sponsor: 'Whoever answers for an agent that acts does not approve what it does.',
  is_author: 'Whoever wrote the policy that asks does not approve what it asks for.',
  workload_not_asked: 'This workload was not asked: the rule of the approval does not name it.',
  assurance_low:
    'A surer proof is asked for, see `assurance`: key_bound is a DPoP proof over the vote.',
  other_shown:
    'What was shown is not what is to be approved: get the approval again, and vote on that.',
}

function refused(refusal: VoteRefusal): PdpError {
  return new PdpError('vote_refused', voteRefusals[refusal])
}

function refusedVote(
  refusal: VoteRefusal,
  voter: Voter,
  proved: ProvedVoter,
  asked: ApprovalRequest,
  ports: CastPorts,
): Draft {
  const { id } = asked.approval
  const event = { approval_id: id, voter: voter.subject, refusal, pep: proved.carrier }
  return draftOf('approval_vote_refused', event, asked, proved, ports, {
    voter: { iss: proved.facts.iss, sub: proved.facts.sub },
  })
}

/** In the workflow of what was held; who voted lies beside it under the voter's own key, to be erased with it. */
function draftOf(
  kind: 'approval_vote' | 'approval_vote_refused',
  event: Record<string, unknown>,
  { approval }: ApprovalRequest,
  { replayKeys }: ProvedVoter,
  { clock, tenant }: CastPorts,
  disclosed: Record<string, unknown>,
): Draft {
  const spent = replayKeys.map(({ digest, until }) => ({ digest, until }))
  return {
    typ: 'event+jwt',
    now: Math.floor(clock.now() / 1000),
    workflowId: approval.workflowId,
    claims: {
      ...{ kind, jti: `vot_${clock.uuid()}`, tenant: tenant.id },
      event: spent.length === 0 ? event : { ...event, replay_keys: spent },
    },
    disclosure: { subject: String(event['voter']), value: disclosed },
  }
}

async function appendOnce(
  draft: Draft,
  preconditions: Parameters<CastPorts['audit']['append']>[1],
  { audit }: CastPorts,
): ReturnType<CastPorts['audit']['append']> {
  try {
    return await audit.append(draft, preconditions)
  } catch (error) {
    if (!(error instanceof PdpError) || error.code !== 'request_id_reused') throw error
    throw new PdpError('vote_conflict', 'This person has voted; a vote is not changed.', {
      cause: error,
    })
  }
}
