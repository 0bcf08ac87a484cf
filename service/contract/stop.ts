/** Kill switches and revocations: what an operator or an issuer says that nothing may be permitted for any more. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, oneOf, Reference } from './digest.ts'

/** What is stopped. An agent and an initiator are stopped wherever they stand in a delegation chain. */
export const StopScope = Type.Union([
  Type.Object({ kind: Type.Literal('tenant') }, closed),
  Type.Object({ kind: Type.Literal('server'), server: Name }, closed),
  Type.Object({ kind: Type.Literal('agent'), client_id: Reference }, closed),
  /** A gateway: it is not authenticated any more, by any route. */
  Type.Object({ kind: Type.Literal('pep'), client_id: Name }, closed),
  Type.Object({ kind: Type.Literal('initiator'), iss: Reference, sub: Name }, closed),
  /** `capability`: its key in the registry, as decisions name it. */
  Type.Object({ kind: Type.Literal('capability'), server: Name, capability: Reference }, closed),
])
export type StopScope = Static<typeof StopScope>

export const StopRequest = Type.Object(
  { scope: StopScope, reason: Type.String({ minLength: 1, maxLength: 1024 }) },
  closed,
)
export type StopRequest = Static<typeof StopRequest>

export const StopLift = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 1024 }) },
  closed,
)
export type StopLift = Static<typeof StopLift>

/** As it stands in the log: a person is a pseudonym there. */
export const StoppedScope = Type.Union([
  Type.Object({ kind: Type.Literal('tenant') }, closed),
  Type.Object({ kind: Type.Literal('server'), server: Name }, closed),
  Type.Object({ kind: Type.Literal('agent'), client_id: Reference }, closed),
  Type.Object({ kind: Type.Literal('pep'), client_id: Name }, closed),
  Type.Object({ kind: Type.Literal('initiator'), subject: Name }, closed),
  Type.Object({ kind: Type.Literal('capability'), server: Name, capability: Reference }, closed),
])
export type StoppedScope = Static<typeof StoppedScope>

export const Stop = Type.Object(
  {
    id: Name,
    scope: StoppedScope,
    /** The registered client that asked for it, and why. */
    by: Name,
    reason: Type.String(),
    /** Seconds since the epoch. */
    at: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type Stop = Static<typeof Stop>

export const StopList = Type.Object({ tenant: Name, stops: Type.Array(Stop) }, closed)

/** Events of OpenID CAEP 1.0 that take something away; others are taken and have no effect. */
export const revokingEvents = [
  'session-revoked',
  'token-claims-change',
  'credential-change',
  'assurance-level-change',
  'device-compliance-change',
  'risk-level-change',
] as const

/** `event` of a leaf of kind `revocation`: tokens of that subject issued up to then are void. */
export const Revocation = Type.Object(
  {
    subject: Name,
    /** Seconds since the epoch. */
    at: Type.Integer({ minimum: 0 }),
    /** Who said so, and of what type the event was (OpenID CAEP 1.0). */
    transmitter: Reference,
    type: oneOf(revokingEvents),
    /** SHA-256 of the token that said so. */
    token: Digest,
  },
  closed,
)
export type Revocation = Static<typeof Revocation>
