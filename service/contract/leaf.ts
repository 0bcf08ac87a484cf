/**
 * What a leaf of the log says, version 1: the payload of its JWS.
 *
 * Digests and pseudonyms only; what they stand for lies encrypted beside the leaf and can be erased.
 */
import { Type, type Static } from 'typebox'
import { demandMembers } from './approval-demand.ts'
import { closed, Digest, Name, oneOf, OpenObject } from './digest.ts'
import { Authority, Binding, VerdictSource } from './decision.ts'
import { Observed } from './observation.ts'
import { Effect, HoldKind, Obligation } from './policy-result.ts'
import { CapabilityKind, Phase } from './query.ts'
import { Conduct, TaintFacet } from './workflow.ts'

/** `hmac:` and 64 hexadecimal digits: HMAC-SHA-256 of issuer and subject under the tenant's key. */
export const Pseudonym = Type.String({ pattern: '^hmac:[0-9a-f]{64}$' })

/** The leaf's place in its workflow; `prev` is the digest of the previous leaf's payload. */
export const WorkflowLink = Type.Object(
  { id: Name, seq: Type.Integer({ minimum: 0 }), prev: Type.Union([Digest, Type.Null()]) },
  closed,
)
export type WorkflowLink = Static<typeof WorkflowLink>

/** Members that the sequencer gives to every leaf. */
const placed = {
  v: Type.Literal(1),
  /** The origin of the log. */
  iss: Type.String(),
  jti: Name,
  iat: Type.Integer(),
  index: Type.Integer({ minimum: 0 }),
}

/** A proof that may be shown once; `until` (seconds since the epoch) it would still be taken. */
export const SpentProof = Type.Object(
  { digest: Digest, until: Type.Integer({ minimum: 0 }) },
  closed,
)
export type SpentProof = Static<typeof SpentProof>

export const DecisionLeaf = Type.Object(
  {
    ...placed,
    kind: Type.Literal('decision'),
    exp: Type.Integer(),
    /** The PEP that asked. */
    aud: Type.String(),
    /** Whose client it is; leaves of an earlier version do not say. */
    aud_iss: Type.Optional(Type.String()),
    sub: Type.Union([Pseudonym, Type.Null()]),
    actors: Type.Array(Pseudonym),
    tenant: Name,
    project: Name,
    environment: Name,
    phase: Phase,
    capability: Type.Object(
      { kind: CapabilityKind, server: Name, key: Type.Union([Type.String(), Type.Null()]) },
      closed,
    ),
    purpose: Type.Union([Type.Object({ code: Name, grant_id: Name }, closed), Type.Null()]),
    /** As judged, always. */
    effect: Effect,
    /** The gateway was told otherwise: what, and on whose word. */
    observed: Type.Optional(Observed),
    reasons: Type.Array(Type.Object({ code: Name, rule: Type.Optional(Name) }, closed)),
    obligations: Type.Array(Obligation),
    hold: Type.Optional(
      Type.Object(
        {
          kind: HoldKind,
          id: Name,
          exp: Type.Integer(),
          group: Type.Optional(Name),
          quorum: Type.Optional(Type.Integer()),
          ...demandMembers,
          /** Digest of what a person is shown; with it the leaf is the request for an approval. */
          shown_digest: Type.Optional(Digest),
          /** The taint of the workflow that they are shown; a use in a worse one is not what they approved. */
          taint: Type.Optional(Type.Array(TaintFacet)),
        },
        closed,
      ),
    ),
    /** With a request for an approval: who wrote the policy that asks, and so does not answer. */
    policy_authors: Type.Optional(Type.Array(Pseudonym)),
    /** The approval that this permit used up, and the votes that it rests on. */
    approval: Type.Optional(Type.Object({ id: Name, votes: Type.Array(Name) }, closed)),
    binding: Binding,
    authority: Authority,
    verdict_source: VerdictSource,
    query_digest: Digest,
    input_digest: Digest,
    /** Digest of tenant, PEP and request_id. */
    request_key: Type.Optional(Digest),
    /** SHA-256 of each token that was relied on. */
    evidence: Type.Array(Digest),
    /** Proofs of possession that it used up. */
    replay_keys: Type.Array(SpentProof),
    disclosure: Type.Object({ digest: Digest, subject: Type.String() }, closed),
    workflow: WorkflowLink,
    /** What it does to its workflow. Where it is missing, nobody knows, and it may be anything. */
    conduct: Type.Optional(Conduct),
  },
  closed,
)
export type DecisionLeaf = Static<typeof DecisionLeaf>

export const EventKind = oneOf([
  'outcome',
  'bundle_activation',
  'bundle_refusal',
  'bundle_pin',
  'bundle_unpin',
  'bundle_rollback',
  'kill_switch',
  'kill_switch_lifted',
  'revocation',
  'proof_spent',
  'session_opened',
  'session_ended',
  'approval_vote',
  'approval_vote_refused',
  'approval_cancelled',
  'approval_expired',
  'notification',
  'passkey_enrolled',
  'passkey_removed',
  'shadow_activation',
  'shadow_refusal',
  'checkpoint_failure',
  'erasure',
  'log_pruned',
  'grant_issued',
  'grant_revoked',
  'key_rotation',
  'key_revocation',
  'start',
  'stop',
])
export type EventKind = Static<typeof EventKind>

export const EventLeaf = Type.Object(
  {
    ...placed,
    kind: EventKind,
    tenant: Name,
    /** What happened: digests, codes and counts. */
    event: OpenObject,
    /** Idempotency of the event: the same key with another digest is refused; it stands for ever. */
    request_key: Type.Optional(Digest),
    query_digest: Type.Optional(Digest),
    workflow: Type.Optional(WorkflowLink),
  },
  closed,
)
export type EventLeaf = Static<typeof EventLeaf>
export type Leaf = DecisionLeaf | EventLeaf

/** What the sequencer adds; a draft lacks it. */
export type Placed = 'v' | 'iss' | 'iat' | 'index' | 'workflow'
