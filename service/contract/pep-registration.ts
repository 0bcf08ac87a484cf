/** A gateway that may ask: who it is, how it proves that, and what it may do. */
import { Type, type Static } from 'typebox'
import { accountable } from './accountable.ts'
import { closed, Name, Reference } from './digest.ts'
import { Scope } from './scope.ts'

/** RFC 7638, SHA-256: base64url without padding. */
export const Thumbprint = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** The one way in which a gateway proves itself; any other is refused, however good the proof. */
export const PepProof = Type.Union([
  /** An access token bound to a key, with a DPoP proof for each request (RFC 9449). */
  Type.Object(
    {
      dpop: Type.Object(
        {
          /** The only keys that it may use; left out: any that its issuer binds a token to. */
          keys: Type.Optional(Type.Array(Thumbprint, { minItems: 1, maxItems: 16 })),
          /** Each proof must name a nonce of ours (RFC 9449 section 9). */
          nonce: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    },
    closed,
  ),
  /** A WIT of this very workload, with a WPT for each request; `issuer` is the origin of the id. */
  Type.Object({ wit: Type.Object({ id: Reference }, closed) }, closed),
  /** The X.509-SVID of this very workload, on a connection to the TLS listener; `issuer` is the origin of the id. */
  Type.Object({ mtls: Type.Object({ id: Reference }, closed) }, closed),
  /** An access token bound to the certificate that it shows there (RFC 8705). */
  Type.Object({ certificate: Type.Object({}, closed) }, closed),
  /** An access token alone: whoever has seen it can ask in the name of the gateway until it expires. */
  Type.Object({ bearer: Type.Object({}, closed) }, closed),
])
export type PepProof = Static<typeof PepProof>

/** What a gateway must do whose registration says nothing of its proof. */
export const usualProof: PepProof = { dpop: {} }

/** Its project and environment enter the action digest. */
export const PepRegistration = Type.Object(
  {
    client_id: Name,
    /** Of its access tokens; `spiffe://<trust domain>` for a workload. */
    issuer: Reference,
    /** The `sub` of its own tokens, where that is not its client_id (RFC 9068 section 2.2). */
    subject: Type.Optional(Name),
    /** Left out: access tokens bound by DPoP. */
    proof: Type.Optional(PepProof),
    /** What it may do at most, whatever its token says (default `pdp.evaluate`). */
    scopes: Type.Optional(Type.Array(Scope, { minItems: 1, uniqueItems: true })),
    project: Name,
    environment: Name,
    /** Servers that it may ask about; an empty list means all of the tenant. */
    servers: Type.Array(Name),
    ...accountable,
  },
  closed,
)
export type PepRegistration = Static<typeof PepRegistration>
