/**
 * Approvals: what is asked of people, what they answer, and how it stands (`/v1/approvals`).
 *
 * A hold's log entry is the request; votes are leaves. What stands is a fold over them and nothing else.
 */
import { Type, type Static } from 'typebox'
import { ApprovalDemand, Assurance, demandMembers } from './approval-demand.ts'
import {
  closed,
  CompactToken,
  Digest,
  Name,
  nullable,
  oneOf,
  OpenObject,
  Reference,
} from './digest.ts'
import { PolicyRevision } from './decision.ts'
import { PasskeyAssertion } from './passkey.ts'
import { InitiatorEvidence } from './query.ts'
import { TaintFacet } from './workflow.ts'

/** Ends of an approval never move: whatever is not `pending` or `approved` stays so. */
export const approvalStatuses = [
  'pending',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'used',
] as const
export const ApprovalStatus = oneOf(approvalStatuses)
export type ApprovalStatus = Static<typeof ApprovalStatus>

/** A comment answers nothing: it stands beside the votes, for whoever answers next. */
export const Verdict = oneOf(['approve', 'deny', 'comment'])
export type Verdict = Static<typeof Verdict>

/**
 * An answer. The gateway that carries it proves itself; whoever answers proves herself in `voter`, and a proof by a key
 * names the digest of this very answer in its claim `urn:countersign:request`.
 */
export const VoteRequest = Type.Object(
  {
    /**
     * A person's access token for the tenant's own audience, with the DPoP proof that goes with it; or a workload's
     * WIT and WPT, or JWT-SVID, for the same audience.
     */
    voter: Type.Object(
      {
        ...Type.Pick(InitiatorEvidence, ['access_token', 'dpop', 'wit', 'wpt']).properties,
        jwt_svid: Type.Optional(CompactToken),
      },
      closed,
    ),
    verdict: Verdict,
    /** Digest of what the person was shown: what was not shown cannot be approved. */
    shown_digest: Digest,
    /** What a comment says; of the others, why. */
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
  },
  closed,
)
export type VoteRequest = Static<typeof VoteRequest>

export const ApprovalCancel = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 1024 }) },
  closed,
)
export type ApprovalCancel = Static<typeof ApprovalCancel>

/** Whence it is known that a voter is in the group. */
export const Membership = oneOf(['registry', 'claim'])
export type Membership = Static<typeof Membership>

/** `event` of a leaf of kind `approval_vote`. */
export const ApprovalVote = Type.Object(
  {
    approval_id: Name,
    verdict: Verdict,
    /** Pseudonym of the voter, and of the person that he is where the registry says so. */
    voter: Name,
    person: Name,
    member_by: Membership,
    /** The registered workload that it is the vote of, which is no person. */
    workload: Type.Optional(Name),
    assurance: Assurance,
    acr: Type.Union([Type.String(), Type.Null()]),
    shown_digest: Digest,
    /** SHA-256 of the token, and the client that it was issued to. */
    evidence: Type.Array(Digest),
    client_id: Type.Union([Type.String(), Type.Null()]),
    /** The gateway that carried it. */
    pep: Name,
    passkey: Type.Optional(PasskeyAssertion),
  },
  closed,
)
export type ApprovalVote = Static<typeof ApprovalVote>

/** What people said of this very action or round; the votes are leaves of the log, each by a proved person. */
export const AttestedApproval = Type.Object(
  {
    id: Type.String(),
    status: oneOf(['pending', 'approved', 'denied']),
    group: Type.String(),
    quorum: Type.Integer(),
    /** All that was demanded when it was asked for, the group and the quorum among it. */
    demand: ApprovalDemand,
    /** The least by which any of the persons consented; null before the first. */
    assurance: nullable(Assurance),
    /** Registered workloads that consented. */
    workloads: Type.Array(Type.String()),
    /** Leaves of the votes for it that count. */
    votes: Type.Array(Type.String()),
    expires_at: Type.Integer(),
    /** The taint of the workflow that people were shown. */
    taint: Type.Array(TaintFacet),
  },
  closed,
)
export type AttestedApproval = Static<typeof AttestedApproval>

/** That a person said no to the like: the same initiator, capability, server and purpose, whatever the arguments. */
export const AttestedRefusal = Type.Object(
  {
    approval_id: Type.String(),
    /** Seconds since the epoch. */
    at: Type.Integer(),
  },
  closed,
)
export type AttestedRefusal = Static<typeof AttestedRefusal>

/** Why a vote does not count. */
export const VoteRefusal = oneOf([
  'not_a_person',
  'not_in_group',
  'is_initiator',
  'is_actor',
  'is_sponsor',
  'is_author',
  'workload_not_asked',
  'assurance_low',
  'other_shown',
])
export type VoteRefusal = Static<typeof VoteRefusal>

/**
 * What a person consents to: from the canonical record alone, and all of it. `shown_digest` is over this.
 * Text in `question` and `reasons` comes from models and servers: show it quoted, bounded and marked.
 */
export const ApprovalStatement = Type.Object(
  {
    v: Type.Literal(1),
    approval_id: Name,
    tenant: Type.Object({ id: Name, project: Name, environment: Name }, closed),
    initiator: OpenObject,
    server: OpenObject,
    question: OpenObject,
    purpose: Type.Union([OpenObject, Type.Null()]),
    /** What has happened in the workflow before: taint with the decisions that brought it, what was spent. */
    workflow: OpenObject,
    reasons: Type.Array(OpenObject),
    action_digest: Digest,
    round_digest: Digest,
    policy: Type.Union([PolicyRevision, Type.Null()]),
    group: Name,
    quorum: Type.Integer(),
    ...demandMembers,
    /** Seconds since the epoch. */
    expires_at: Type.Integer(),
  },
  closed,
)
export type ApprovalStatement = Static<typeof ApprovalStatement>

export const ApprovalView = Type.Object(
  {
    id: Name,
    status: ApprovalStatus,
    decision_id: Name,
    group: Name,
    quorum: Type.Integer(),
    ...demandMembers,
    server: Name,
    capability: Type.Union([Type.String(), Type.Null()]),
    /** The gateway that asked, and whose client it is; null in a log of an earlier version. */
    pep: Name,
    pep_issuer: nullable(Type.String()),
    action_digest: Digest,
    shown_digest: Digest,
    /** Identical questions that were joined to it, the first among them. */
    asked: Type.Integer(),
    requested_at: Type.String(),
    expires_at: Type.String(),
    votes: Type.Array(
      Type.Object(
        {
          ...{ verdict: Verdict, person: Name, assurance: Assurance, at: Type.String(), id: Name },
          workload: Type.Optional(Name),
        },
        closed,
      ),
    ),
    /** Decisions that used it, and the one that used it up. */
    used: Type.Array(Name),
    used_by: Type.Union([Name, Type.Null()]),
    /** Deliveries that took the notice that it is asked for, and when; empty: nobody was told. */
    told: Type.Array(Type.Object({ delivery: Name, at: Type.String() }, closed)),
  },
  closed,
)
export type ApprovalView = Static<typeof ApprovalView>

export const ApprovalList = Type.Object(
  {
    tenant: Name,
    /** The last asked for first; may be empty though there are more: a page looks at a bounded number. */
    approvals: Type.Array(ApprovalView),
    /** The `after` of the next page; null when there is none. */
    next: nullable(Name),
  },
  closed,
)

/** One approval whole; `statement` is null for whoever may not see it, and once it was erased. */
export const ApprovalRecord = Type.Object(
  {
    approval: ApprovalView,
    statement: Type.Union([ApprovalStatement, Type.Null()]),
    /** What was said beside the votes, by the ids of their leaves: text of people, for whoever may see the statement. */
    comments: Type.Array(Type.Object({ id: Name, text: Type.String() }, closed)),
  },
  closed,
)

export const VoteReceipt = Type.Object(
  {
    vote_id: Name,
    approval: ApprovalView,
    token: Type.String(),
    log: Type.Object(
      { origin: Reference, index: Type.Integer(), leaf_hash: Type.String() },
      closed,
    ),
  },
  closed,
)
export type VoteReceipt = Static<typeof VoteReceipt>
