/**
 * The question a gateway asks: `POST /v1/decisions`.
 *
 * Closed schemas: an unknown member is refused, since a misspelt guard is a hole. Only MCP
 * content (`arguments`, `definition`, `sampling`, `elicitation`, `result`) is open, and kept as it came.
 */
import { Type, type Static } from 'typebox'
import { closed, CompactToken, Digest, Name, oneOf, OpenObject, Reference } from './digest.ts'
import { TlsName } from './workload.ts'

export const Phase = oneOf(['request', 'result', 'input_request', 'input_response'])
export type Phase = Static<typeof Phase>

export const CapabilityKind = oneOf([
  'tool',
  'resource',
  'prompt',
  'sampling',
  'elicitation',
  'roots',
  'list',
  'discover',
  'task',
  'stream',
  'completion',
  /** Ours: a purpose grant that is to be issued; nobody asks for it by this message. */
  'grant',
])
export type CapabilityKind = Static<typeof CapabilityKind>

export const Direction = oneOf(['ingress', 'egress', 'internal'])
export type Direction = Static<typeof Direction>

/** What is claimed of the data that is touched; it only adds to what the registry derives. */
export const ClaimedDataScope = Type.Object(
  {
    classifications: Type.Optional(Type.Array(Name, { maxItems: 64 })),
    resources: Type.Optional(Type.Array(Reference, { maxItems: 256 })),
    residency: Type.Optional(Type.Array(Name, { maxItems: 32 })),
    direction: Type.Optional(Direction),
  },
  closed,
)

/** 256 bits, base64url: a secret of the server and the gateway, of which we keep the SHA-256. */
export const sessionHandleForm = '^ses_[A-Za-z0-9_-]{43}$'
export const SessionHandle = Type.String({ pattern: sessionHandleForm })

/** Base64 of DER. */
const CertificateText = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 22_000 })

/** The leaf first (RFC 7515 section 4.1.6). */
const CertificateChain = Type.Array(CertificateText, { minItems: 1, maxItems: 8 })

/**
 * What the gateway verified of its own connection to the server: the name, and either the path, each certificate
 * issued by the next, or the digests of the keys on it (SHA-256 of the SubjectPublicKeyInfo), in the same order.
 */
export const ForwardedTls = Type.Object(
  {
    name: TlsName,
    x5c: Type.Optional(CertificateChain),
    keys: Type.Optional(Type.Array(Digest, { minItems: 1, maxItems: 8 })),
  },
  { ...closed, minProperties: 2, maxProperties: 2 },
)
export type ForwardedTls = Static<typeof ForwardedTls>

/**
 * Exactly one kind: a JWT-SVID, a WIT with the WPT that proves its key, an X.509-SVID with the proof by its key, a
 * platform's token, the connection itself, the digest of what the gateway itself started, what its TLS showed,
 * or a proof session.
 */
export const ServerProof = Type.Object(
  {
    jwt_svid: Type.Optional(CompactToken),
    wit: Type.Optional(CompactToken),
    wpt: Type.Optional(CompactToken),
    platform_token: Type.Optional(CompactToken),
    /** An X.509-SVID and what leads to its authority (base64 of DER, the leaf first), and a proof by its key. */
    x5c: Type.Optional(CertificateChain),
    x5_proof: Type.Optional(CompactToken),
    /** The server itself asks: its X.509-SVID is what it showed on this connection. */
    mtls: Type.Optional(Type.Literal(true)),
    launch: Type.Optional(Type.Object({ digest: Digest }, closed)),
    tls: Type.Optional(ForwardedTls),
    /** The handle of a session that the server opened for this gateway (`POST /v1/proof-sessions`). */
    session: Type.Optional(SessionHandle),
  },
  closed,
)
export type ServerProof = Static<typeof ServerProof>

/** An access token, with a DPoP proof where it is bound to a key; or a workload's WIT and WPT. */
export const InitiatorEvidence = Type.Object(
  {
    access_token: Type.Optional(CompactToken),
    dpop: Type.Optional(CompactToken),
    /** Or the agent's certificate (base64 of DER) that the gateway's own TLS proved, where it is bound to that (RFC 8705). */
    certificate: Type.Optional(CertificateText),
    wit: Type.Optional(CompactToken),
    wpt: Type.Optional(CompactToken),
    /** Or a pipeline or another workload, by its platform. */
    platform_token: Type.Optional(CompactToken),
    /** The HTTP method of the agent's request to the MCP server, which a DPoP proof names (default POST). */
    http: Type.Optional(Type.Object({ method: oneOf(['POST', 'GET', 'DELETE']) }, closed)),
  },
  closed,
)

export const Query = Type.Object(
  {
    phase: Phase,
    initiator: Type.Optional(InitiatorEvidence),
    server: Type.Object({ id: Name, proof: Type.Optional(ServerProof) }, closed),
    capability: Type.Object(
      {
        kind: CapabilityKind,
        name: Type.Optional(Name),
        uri: Type.Optional(Reference),
        arguments: Type.Optional(OpenObject),
        /** The tool, prompt or resource as served; for an answered input, the request that is answered. */
        definition: Type.Optional(OpenObject),
      },
      closed,
    ),
    purpose: Type.Optional(
      Type.Object(
        {
          code: Type.Optional(Name),
          ref: Type.Optional(Name),
          grant: Type.Optional(CompactToken),
        },
        closed,
      ),
    ),
    data_scope: Type.Optional(ClaimedDataScope),
    workflow: Type.Optional(
      Type.Object(
        {
          id: Type.Optional(Type.String({ pattern: '^wf_[A-Za-z0-9_-]{1,64}$' })),
          parent_decision_id: Type.Optional(Name),
          round: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
          input_key: Type.Optional(Name),
          request_state: Type.Optional(Type.String({ maxLength: 64 * 1024 })),
        },
        closed,
      ),
    ),
    protocol: Type.Object(
      {
        version: Name,
        method: Name,
        client_capabilities: Type.Optional(OpenObject),
        client_info: Type.Optional(OpenObject),
      },
      closed,
    ),
    sampling: Type.Optional(OpenObject),
    elicitation: Type.Optional(OpenObject),
    result: Type.Optional(OpenObject),
    approval: Type.Optional(Type.Object({ id: Name, state: Type.Optional(CompactToken) }, closed)),
    /** Idempotency key, in the scope of tenant and PEP. */
    request_id: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  },
  closed,
)
export type Query = Static<typeof Query>

export type InitiatorEvidence = Static<typeof InitiatorEvidence>

/** Several queries; each gets its own answer and its own log entry. */
export const QueryBatch = Type.Object(
  { queries: Type.Array(Query, { minItems: 1, maxItems: 64 }) },
  closed,
)
export type QueryBatch = Static<typeof QueryBatch>
