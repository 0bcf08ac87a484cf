/** How fresh the keys are that a tenant trusts: the answer of `GET /v1/trust`. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable, oneOf } from './digest.ts'

export const KeySetState = Type.Object(
  {
    /** An issuer, or a trust domain. */
    issuer: Type.String(),
    /** What its keys are trusted for. */
    kinds: Type.Array(Type.String()),
    source: oneOf(['inline', 'file', 'url', 'discovery', 'https_spiffe']),
    /** The file, or the URL that is asked first; null: in the configuration. */
    location: nullable(Type.String()),
    /** False: tokens of it are denied with `keys_unavailable`. */
    usable: Type.Boolean(),
    /** `kid` of each key; CA certificates are counted. */
    kids: Type.Array(Type.String()),
    authorities: Type.Integer({ minimum: 0 }),
    /** `spiffe_sequence`, which may be wider than a double. */
    sequence: nullable(Type.String()),
    /** When the last good set was fetched, and until when it counts if no other comes. */
    fetched_at: nullable(Type.String()),
    usable_until: nullable(Type.String()),
    /** Loads in a row that failed, and why the last one did. */
    failures: Type.Integer({ minimum: 0 }),
    error: nullable(Type.String()),
  },
  closed,
)
export type KeySetState = Static<typeof KeySetState>

/** A status list (draft-ietf-oauth-status-list-21) that a token has named. */
export const StatusListState = Type.Object(
  {
    /** Of the tokens that name it. */
    issuer: Type.String(),
    uri: Type.String(),
    /** False: tokens that name it are denied with `status_unavailable`. */
    usable: Type.Boolean(),
    /** How many places it has, and when it was issued; null: none was ever had. */
    places: nullable(Type.Integer({ minimum: 0 })),
    issued_at: nullable(Type.String()),
    /** Until when it counts if no other comes. */
    usable_until: nullable(Type.String()),
    /** Fetches in a row that failed, and why the last one did. */
    failures: Type.Integer({ minimum: 0 }),
    error: nullable(Type.String()),
  },
  closed,
)
export type StatusListState = Static<typeof StatusListState>

export const TrustState = Type.Object(
  {
    tenant: Name,
    key_sets: Type.Array(KeySetState),
    status_lists: Type.Array(StatusListState),
  },
  closed,
)
export type TrustState = Static<typeof TrustState>
