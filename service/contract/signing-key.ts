/** Keys of a log as its own leaves tell of them: when each began, until when it signs, and which is not trusted any more. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable, oneOf } from './digest.ts'

const Seconds = Type.Integer({ minimum: 0 })
const Reason = Type.String({ minLength: 1, maxLength: 1024 })
/** RFC 7638 thumbprint: SHA-256 in base64url. */
export const Kid = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** The public half of a key (RFC 7517); its name is its RFC 7638 thumbprint. */
export const PublicKey = Type.Object(
  {
    kty: oneOf(['EC', 'OKP']),
    crv: oneOf(['P-256', 'Ed25519']),
    x: Type.String({ maxLength: 64 }),
    y: Type.Optional(Type.String({ maxLength: 64 })),
    kid: Kid,
    alg: oneOf(['ES256', 'Ed25519']),
    use: Type.Literal('sig'),
  },
  closed,
)
export type PublicKey = Static<typeof PublicKey>

/**
 * `event` of a leaf of kind `key_rotation`, all times in seconds since the epoch. A decision key verifies from `nbf` up to
 * `exp`, and signs every leaf from `signs_from` on until another does; the note key has no end, for it is the log's identity.
 */
export const KeyRotation = Type.Union([
  Type.Object(
    {
      change: Type.Literal('start'),
      use: Type.Literal('decision'),
      key: PublicKey,
      nbf: Seconds,
      signs_from: Seconds,
      exp: Seconds,
      /** The registered client that asked for it; absent when the service did so itself. */
      by: Type.Optional(Name),
      reason: Type.Optional(Reason),
    },
    closed,
  ),
  Type.Object(
    {
      change: Type.Literal('end'),
      use: Type.Literal('decision'),
      kid: Kid,
      exp: Seconds,
    },
    closed,
  ),
  Type.Object(
    {
      change: Type.Literal('start'),
      use: Type.Literal('note'),
      /** C2SP signed-note verifier key. */
      vkey: Type.String({ maxLength: 1024 }),
      nbf: Seconds,
    },
    closed,
  ),
])
export type KeyRotation = Static<typeof KeyRotation>

/** `event` of a leaf of kind `key_revocation`: from that moment on somebody else may have signed by this key. */
export const KeyRevocation = Type.Object(
  { kid: Kid, compromised_at: Seconds, reason: Reason, by: Name },
  closed,
)
export type KeyRevocation = Static<typeof KeyRevocation>

/** Asks that a new key takes over, after it was known for so many seconds (default: as long as others may cache the key set). */
export const KeyRotationRequest = Type.Object(
  {
    announce_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 7 * 86_400 })),
    reason: Reason,
  },
  closed,
)
export type KeyRotationRequest = Static<typeof KeyRotationRequest>

export const KeyRevocationRequest = Type.Object(
  { kid: Kid, compromised_at: Seconds, reason: Reason },
  closed,
)
export type KeyRevocationRequest = Static<typeof KeyRevocationRequest>

export const SigningKeyState = Type.Object(
  {
    kid: Kid,
    algorithm: oneOf(['ES256', 'Ed25519']),
    /** `announced`: verifies and does not sign yet. */
    state: oneOf(['announced', 'signing', 'ended', 'revoked']),
    nbf: Seconds,
    signs_from: Seconds,
    exp: Seconds,
    compromised_at: nullable(Seconds),
  },
  closed,
)
export type SigningKeyState = Static<typeof SigningKeyState>

export const SigningKeyList = Type.Object(
  {
    tenant: Name,
    /** In the order in which they began. */
    keys: Type.Array(SigningKeyState),
    /** What verifies checkpoints. */
    note_key: Type.String(),
    /** Whole days until the key that signs ends; null when none can sign. */
    days_left: nullable(Type.Integer({ minimum: 0 })),
  },
  closed,
)
export type SigningKeyList = Static<typeof SigningKeyList>
