/** Issuing, listing and revoking purpose grants (`/v1/purpose-grants`). */
import { Type, type Static } from 'typebox'
import { DecisionAnswer } from './decision.ts'
import { closed, CompactToken, Digest, Name, nullable, oneOf, Reference } from './digest.ts'
import { GrantBudgets, GrantLeft, grantable } from './grant-terms.ts'
import { Pseudonym } from './leaf.ts'
import { InitiatorEvidence } from './query.ts'

/** Whom the grant is for, as tokens name it. */
export const GrantInitiator = Type.Object({ iss: Reference, sub: Name }, closed)

export const GrantRequest = Type.Object(
  {
    /** The person who asks, by an access token for the tenant's own audience; without one the gateway itself asks. */
    issuer: Type.Optional(Type.Pick(InitiatorEvidence, ['access_token', 'dpop'], closed)),
    purpose: Type.Object({ code: Name, ref: Type.Optional(Name) }, closed),
    initiator: GrantInitiator,
    /** The only client that may use it; left out: any that acts for the initiator. */
    agent: Type.Optional(Reference),
    ...grantable,
    budgets: Type.Optional(GrantBudgets),
    /** How long it is to last. */
    seconds: Type.Integer({ minimum: 1, maximum: 7 * 24 * 3600 }),
    /** The grant that it is narrowed from. */
    parent: Type.Optional(CompactToken),
    request_id: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  },
  closed,
)
export type GrantRequest = Static<typeof GrantRequest>

/** `event` of a leaf of kind `grant_issued`. */
export const GrantIssue = Type.Object(
  {
    grant_id: Name,
    /** The decision that permitted it. */
    decision_id: Name,
    /** SHA-256 of what it says: the payload of its JWS. */
    claims: Digest,
    purpose: Type.Object({ code: Name, ref: nullable(Name) }, closed),
    /** Pseudonym of whom it is for. */
    subject: Pseudonym,
    agent: nullable(Type.String()),
    ...grantable,
    budgets: GrantBudgets,
    parent: nullable(Type.Object({ iss: Reference, grant_id: Name }, closed)),
    /** Seconds since the epoch. */
    not_before: Type.Integer(),
    expires_at: Type.Integer(),
    /** The client that asked, and the person on whose word; null: the client itself. */
    by: Type.Object({ client_id: Name, issuer: Reference, person: nullable(Pseudonym) }, closed),
  },
  closed,
)
export type GrantIssue = Static<typeof GrantIssue>

/** `event` of a leaf of kind `grant_revoked`; whatever was narrowed from the grant ends with it. */
export const GrantRevocation = Type.Object(
  { grant_id: Name, by: Name, reason: Type.String() },
  closed,
)
export type GrantRevocation = Static<typeof GrantRevocation>

export const GrantRevocationRequest = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 1024 }) },
  closed,
)
export type GrantRevocationRequest = Static<typeof GrantRevocationRequest>

export const grantStatuses = ['active', 'expired', 'revoked'] as const

/** How a grant stands; who it is for stands under a pseudonym. */
export const GrantView = Type.Object(
  {
    id: Name,
    status: oneOf(grantStatuses),
    purpose: Type.Object({ code: Name, ref: nullable(Name) }, closed),
    subject: Pseudonym,
    agent: nullable(Type.String()),
    ...grantable,
    budgets: GrantBudgets,
    left: GrantLeft,
    parent: nullable(Name),
    decision_id: Name,
    by: GrantIssue.properties.by,
    issued_at: Type.String(),
    expires_at: Type.String(),
    /** By whom and why; null while it was not. The grant itself, or one that it was narrowed from. */
    revoked: nullable(Type.Object({ grant_id: Name, by: Name, reason: Type.String() }, closed)),
  },
  closed,
)
export type GrantView = Static<typeof GrantView>

export const GrantList = Type.Object(
  {
    tenant: Name,
    /** The last issued first. */
    grants: Type.Array(GrantView),
    /** The `after` of the next page; null when there is none. */
    next: nullable(Name),
  },
  closed,
)
export type GrantList = Static<typeof GrantList>

/** A denial or a hold is an answer too: then there is no grant. */
export const GrantAnswer = Type.Object(
  {
    decision: DecisionAnswer,
    grant: nullable(GrantView),
    /** The grant itself, a compact JWS; nobody keeps it but who asked. */
    token: nullable(Type.String()),
  },
  closed,
)
export type GrantAnswer = Static<typeof GrantAnswer>
