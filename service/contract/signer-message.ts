/**
 * What the service and a signer process say to each other over a Unix socket: one JSON object a line, answered in any order.
 *
 * It names what a PKCS#11 token or a KMS does too (list, generate, sign, destroy by the name of a key), so that either can stand
 * behind the same port.
 */
import { Type, type Static } from 'typebox'
import { closed, oneOf } from './digest.ts'
import { Kid, PublicKey } from './signing-key.ts'

const Id = Type.Integer({ minimum: 1 })
const Base64 = (maxLength: number): ReturnType<typeof Type.String> =>
  Type.String({ maxLength, pattern: '^[A-Za-z0-9+/]*={0,2}$' })

/** `decision` signs leaves, `note` checkpoints: no key does both. */
export const SigningUse = oneOf(['decision', 'note'])
export type SigningUse = Static<typeof SigningUse>

export const SignerKey = Type.Object({ use: SigningUse, key: PublicKey }, closed)
export type SignerKey = Static<typeof SignerKey>

/** A leaf has at most 65,535 bytes, and its signing input fewer. */
const mostBase64 = 4 * Math.ceil(65_535 / 3)
/** Of a line, with what stands around that. */
export const mostLineBytes = mostBase64 + 1024

export const SignerRequest = Type.Union([
  Type.Object({ id: Id, call: Type.Literal('keys') }, closed),
  Type.Object(
    {
      id: Id,
      call: Type.Literal('make'),
      use: SigningUse,
      algorithm: oneOf(['ES256', 'Ed25519']),
    },
    closed,
  ),
  Type.Object(
    { id: Id, call: Type.Literal('sign'), use: SigningUse, kid: Kid, bytes: Base64(mostBase64) },
    closed,
  ),
  Type.Object({ id: Id, call: Type.Literal('destroy'), kid: Kid }, closed),
])
export type SignerRequest = Static<typeof SignerRequest>

export const SignerReply = Type.Union([
  Type.Object({ id: Id, keys: Type.Array(SignerKey, { maxItems: 256 }) }, closed),
  Type.Object({ id: Id, made: SignerKey }, closed),
  /** 64 bytes: ES256 (RFC 7518 section 3.4) or Ed25519 (RFC 8032). */
  Type.Object({ id: Id, signature: Base64(88) }, closed),
  Type.Object({ id: Id, destroyed: Type.Literal(true) }, closed),
  /** Why it does not; nothing secret. */
  Type.Object({ id: Id, refused: Type.String({ maxLength: 1024 }) }, closed),
])
export type SignerReply = Static<typeof SignerReply>
