/**
 * One person's answer to what was held. The vote is a leaf before it is answered; what it leads to is computed from
 * the leaves when the question is asked again, never here.
 */
import { membershipOf, refusalOf, type Voter } from '../approval/refuse-vote.ts'
import { peopleOf } from '../approval/people.ts'
import { shownDigestOf } from '../approval/statement.ts'
import type { ApprovalVote, VoteReceipt, VoteRefusal, VoteRequest } from '../contract/approval.ts'
import type { Digest } from '../contract/digest.ts'
import { PdpError } from '../contract/error-code.ts'
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import type { Pep } from '../decision/facts.ts'
import { emptyRegistry } from '../decision/registry-index.ts'
import type { Draft } from '../port/audit-log.ts'
import { digestOf, pseudonymOf } from '../statement/digest.ts'
import { findApproval, viewOf, type ApprovalRequest } from './approval-view.ts'
import { askerOf } from './proof-ports.ts'
import { proveInitiator } from './prove-initiator.ts'
import type { Tenant } from './tenant.ts'

type VotePorts = Pick<
  Tenant,
  'tenant' | 'audit' | 'clock' | 'policy' | 'pseudonymKey' | 'verify' | 'keySets'
>

/** @throws PdpError `not_found`, `voter_unproven`, `vote_refused`, `approval_over`, `vote_conflict`, `unauthenticated` for a proof that was shown before, `audit_unavailable`. */
export async function vote(
  id: string,
  request: VoteRequest,
  pep: Pep,
  ports: VotePorts,
): Promise<VoteReceipt> {
  const asked = await findApproval(id, ports)
  const proved = await proveVoter(request.voter, pep, ports)
  const voter = voterOf(proved.facts, ports)
  const people = peopleOf(ports.policy()?.registry ?? emptyRegistry, ports.pseudonymKey)
  const refusal =
    refusalOf(voter, asked.approval, asked.agent, people) ?? refusalOfShown(request, asked)
  if (refusal !== null) {
    await ports.audit.append(refusedVote(refusal, voter, proved, asked, pep, ports), {
      ...{ requestKey: null, queryDigest: '', caller: proved.replayKeys },
    })
    throw refused(refusal)
  }
  const { status } = viewOf(asked.approval, asked.agent, ports)
  if (status !== 'pending' && status !== 'approved')
    throw new PdpError('approval_over', `Nobody votes on it any more: it is ${status}.`)
  const person = people.personOf(voter.subject)
  const requestKey = digestOf('request-key', ['vote', id, person])
  const queryDigest = digestOf('content', [request.verdict, request.shown_digest, voter.subject])
  const event: ApprovalVote = {
    ...{ approval_id: id, verdict: request.verdict, voter: voter.subject, person },
    member_by: membershipOf(voter, asked.approval.group, people) ?? 'claim',
    assurance: proved.facts.grade === 'pop' ? 'key_bound' : 'signed_in',
    ...{ acr: proved.facts.acr, shown_digest: request.shown_digest },
    ...{ evidence: [...proved.digests], client_id: proved.facts.client_id, pep: pep.id },
  }
  const draft = draftOf('approval_vote', event, asked, proved, ports, {
    ...{
      voter: { iss: proved.facts.iss, sub: proved.facts.sub },
      comment: request.comment ?? null,
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

type ProvedVoter = {
  readonly facts: VerifiedInitiator
  readonly digests: readonly Digest[]
  readonly replayKeys: readonly ReplayKey[]
}

/** The person by her own token, which is for the tenant and no MCP server; the gateway that carries it says nothing of her. */
async function proveVoter(
  given: VoteRequest['voter'],
  pep: Pep,
  ports: VotePorts,
): Promise<ProvedVoter> {
  const { audit, pseudonymKey, tenant, clock } = ports
  const now = Math.floor(clock.now() / 1000)
  const proved = await proveInitiator(
    given,
    {
      now,
      pep: askerOf(pep),
      resource: tenant.audience,
      ...{ tlsPin: null, accessToken: null, isRequest: () => false, isNonce: () => false },
      isRevoked: (iss, sub, issuedAt) =>
        audit.stops.isRevoked(pseudonymOf(pseudonymKey, iss, sub), issuedAt),
      session: () => ({ ok: false, failure: 'session_unknown' }),
    },
    ports,
  )
  if (proved === null)
    throw new PdpError('voter_unproven', 'Send the access token of the person who votes.')
  if (!proved.ok)
    throw new PdpError(
      'voter_unproven',
      `The access token of the person who votes does not verify: ${proved.failure}.`,
    )
  const { iss, sub, delegation } = proved.facts
  const isStopped =
    iss !== null && sub !== null && audit.stops.isPersonStopped(pseudonymOf(pseudonymKey, iss, sub))
  if (isStopped) throw new PdpError('stopped', 'The person who votes is stopped.')
  // Whoever holds a token on behalf of somebody is not that somebody.
  if (delegation.length > 0)
    throw new PdpError(
      'voter_unproven',
      'A person votes herself: send a token that nobody acts by.',
    )
  return proved
}

function voterOf(
  { iss, sub, kind, groups, client_id: client }: VerifiedInitiator,
  { pseudonymKey }: VotePorts,
): Voter {
  const named = (one: string | null): string => pseudonymOf(pseudonymKey, iss ?? '', one ?? '')
  return { subject: named(sub), kind, groups, client, clientAccount: named(client) }
}

/** What is shown is made anew from the record: only who repeats its digest has seen it. */
function refusalOfShown(
  { shown_digest: shown }: VoteRequest,
  { approval, statement }: ApprovalRequest,
): VoteRefusal | null {
  const isShown = statement !== null && shownDigestOf(statement) === approval.shownDigest
  return isShown && shown === approval.shownDigest ? null : 'other_shown'
}

const refusals: Readonly<Record<VoteRefusal, string>> = {
  not_a_person: 'Only a person votes: this token is that of a workload.',
  not_in_group: 'This person is not in the group that was asked.',
  is_initiator: 'Whoever asked does not approve it.',
  is_actor:
    'Whoever acts in the chain does not approve it, nor does a token that was issued to what acts.',
  is_sponsor: 'Whoever answers for an agent that acts does not approve what it does.',
  other_shown:
    'What was shown is not what is to be approved: get the approval again, and vote on that.',
}

function refused(refusal: VoteRefusal): PdpError {
  return new PdpError('vote_refused', refusals[refusal])
}

function refusedVote(
  refusal: VoteRefusal,
  voter: Voter,
  proved: ProvedVoter,
  asked: ApprovalRequest,
  pep: Pep,
  ports: VotePorts,
): Draft {
  const { id } = asked.approval
  const event = { approval_id: id, voter: voter.subject, refusal, pep: pep.id }
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
  { clock, tenant }: VotePorts,
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
  preconditions: Parameters<VotePorts['audit']['append']>[1],
  { audit }: VotePorts,
): ReturnType<VotePorts['audit']['append']> {
  try {
    return await audit.append(draft, preconditions)
  } catch (error) {
    if (!(error instanceof PdpError) || error.code !== 'request_id_reused') throw error
    throw new PdpError('vote_conflict', 'This person has voted; a vote is not changed.', {
      cause: error,
    })
  }
}
