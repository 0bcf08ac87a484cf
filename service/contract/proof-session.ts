/** Proof sessions: for a while a server is proved by a handle that its gateway quotes (`/v1/proof-sessions`). */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, Reference } from './digest.ts'
import { limits } from './limits.ts'
import { ServerProof, SessionHandle } from './query.ts'

/** The gateway that alone may quote the handle, as it is registered. */
export const SessionGateway = Type.Object({ issuer: Reference, client_id: Name }, closed)

/** The server itself asks: its proof is for this request, by `urn:countersign:request`, or is the connection. */
export const ProofSessionRequest = Type.Object(
  {
    server: Type.Object(
      {
        id: Name,
        proof: Type.Pick(ServerProof, ['wit', 'wpt', 'x5c', 'x5_proof', 'mtls'], closed),
      },
      closed,
    ),
    gateway: SessionGateway,
    /** How long it is to stand; never past the end of what proved the server. */
    seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.sessionSeconds })),
  },
  closed,
)
export type ProofSessionRequest = Static<typeof ProofSessionRequest>

export const ProofSessionOpened = Type.Object(
  { id: Name, handle: SessionHandle, expires_at: Type.String() },
  closed,
)

/** `event` of a leaf of kind `session_opened`, beside the proofs that it uses up. */
export const SessionOpening = Type.Object(
  {
    server: Name,
    gateway: SessionGateway,
    /** Whom the opening proved; the registry has to name it still when the handle is quoted. */
    workload: Reference,
    trust_domain: Name,
    /** Seconds since the epoch. */
    expires_at: Type.Integer({ minimum: 0 }),
    /** SHA-256 of the handle, and of the WIT or the certificate that proved the server. */
    handle: Digest,
    evidence: Type.Array(Digest),
  },
  closed,
)
export type SessionOpening = Static<typeof SessionOpening>

/** One that stands, as an operator sees it. */
export const ProofSession = Type.Object(
  {
    id: Name,
    ...Type.Omit(SessionOpening, ['handle', 'evidence']).properties,
    /** Seconds since the epoch. */
    opened_at: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type ProofSession = Static<typeof ProofSession>

export const ProofSessionList = Type.Object(
  { tenant: Name, sessions: Type.Array(ProofSession) },
  closed,
)
