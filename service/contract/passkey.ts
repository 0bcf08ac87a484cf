/**
 * Passkeys of people who approve (Web Authentication Level 3): what the log keeps, so that whoever has the log alone can
 * check a signature again.
 */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf } from './digest.ts'

/** Bytes as base64url without padding. */
const Bytes = Type.String({ minLength: 1, maxLength: 8192, pattern: '^[A-Za-z0-9_-]+$' })

/** `event` of a leaf of kind `passkey_enrolled`: from here on that key speaks for that account. */
export const PasskeyEnrolment = Type.Object(
  {
    /** Pseudonym of the account that it is of. */
    account: Name,
    credential_id: Bytes,
    /** COSE_Key (RFC 9052): ES256 or RS256. */
    public_key: Bytes,
    /** Of signatures before it; most authenticators keep none. */
    sign_count: Type.Integer({ minimum: 0 }),
    /** The host that it is for, and the origin that it was made at. */
    rp_id: Name,
    origin: Name,
    /** Whether it can leave the device that made it. */
    device: oneOf(['singleDevice', 'multiDevice']),
  },
  closed,
)
export type PasskeyEnrolment = Static<typeof PasskeyEnrolment>

/** `event` of a leaf of kind `passkey_removed`. */
export const PasskeyRemoval = Type.Object({ account: Name, credential_id: Bytes }, closed)
export type PasskeyRemoval = Static<typeof PasskeyRemoval>

/**
 * A signature over one approval, beside the vote that it is for. Its challenge is the digest of `PasskeyChallenge`,
 * made of the same leaf, so it can stand for no other.
 */
export const PasskeyAssertion = Type.Object(
  {
    credential_id: Bytes,
    nonce: Bytes,
    authenticator_data: Bytes,
    client_data: Bytes,
    signature: Bytes,
  },
  closed,
)
export type PasskeyAssertion = Static<typeof PasskeyAssertion>

/** What the digest is over that a passkey signs. */
export type PasskeyChallenge = {
  readonly approval_id: string
  readonly nonce: string
  readonly shown_digest: string
  readonly verdict: 'approve' | 'deny'
}
