/** What a tenant decides by: the answer of the policy routes, what they are asked, and what is kept on disk. */
import { Type, type Static } from 'typebox'
import { Observation } from './observation.ts'
import { closed, Digest, Name, nullable, oneOf, Reference } from './digest.ts'

/** One bundle of a set, as it was verified. */
export const StoredBundle = Type.Object(
  {
    /** What it was called where it came from. */
    name: Type.String(),
    /** SHA-256 of the tarball. */
    digest: Digest,
    revision: Type.String(),
    sequence: Type.Integer({ minimum: 0 }),
    roots: Type.Array(Type.String()),
    /** Id of the configured key that verified its signature. */
    signed_by: Type.String(),
  },
  closed,
)
export type StoredBundle = Static<typeof StoredBundle>

/** A set that was activated; its digest is what decisions name. */
export const StoredSet = Type.Object(
  {
    digest: Digest,
    revision: Type.String(),
    /** Seconds since the epoch: when it was first activated, and when last. */
    first_activated_at: Type.Integer({ minimum: 0 }),
    activated_at: Type.Integer({ minimum: 0 }),
    bundles: Type.Array(StoredBundle, { minItems: 1 }),
  },
  closed,
)
export type StoredSet = Static<typeof StoredSet>

/** An operator's word that this set decides until it is taken back. */
export const Pin = Type.Object(
  {
    digest: Digest,
    kind: oneOf(['pin', 'rollback']),
    /** The registered client that asked for it. */
    by: Name,
    reason: Reference,
    at: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type Pin = Static<typeof Pin>

/** The file of a bundle store. */
export const StoreState = Type.Object(
  {
    v: Type.Literal(1),
    /** In the order of their first activation. */
    sets: Type.Array(StoredSet),
    /** The set that was activated last. */
    active: nullable(Digest),
    pin: nullable(Pin),
    /** The highest sequence that was activated, by root. */
    floors: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
    /** Milliseconds since the epoch: when every source had last answered; null: never. */
    confirmed_at: nullable(Type.Integer({ minimum: 0 })),
  },
  closed,
)
export type StoreState = Static<typeof StoreState>

/** Body of the routes that change what decides. */
export const PolicyChange = Type.Object(
  {
    /** The set that is meant; left out: the active one for a pin, the one before it for a rollback. */
    digest: Type.Optional(Digest),
    reason: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  closed,
)
export type PolicyChange = Static<typeof PolicyChange>

export const SourceState = Type.Object(
  {
    kind: oneOf(['directory', 'http', 'oci']),
    location: Type.String(),
    version: nullable(Type.String()),
    confirmed_at: nullable(Type.String()),
    failures: Type.Integer({ minimum: 0 }),
    error: nullable(Type.String()),
  },
  closed,
)
export type SourceState = Static<typeof SourceState>

export const RefusedState = Type.Object(
  {
    digest: Digest,
    at: Type.String(),
    reasons: Type.Array(Type.String()),
    message: Type.String(),
  },
  closed,
)
export type RefusedState = Static<typeof RefusedState>

export const PolicyState = Type.Object(
  {
    tenant: Name,
    /** Null: nothing decides, so everything is denied. */
    active: nullable(StoredSet),
    pin: nullable(Pin),
    /** Decisions deny with `policy.stale`. */
    stale: Type.Boolean(),
    /** What is in force now: denials and holds there are answered with a permit. */
    observing: Type.Array(Observation),
    sources: Type.Array(SourceState),
    /** The newest set that was refused since the last activation. */
    refused: nullable(RefusedState),
  },
  closed,
)
export type PolicyState = Static<typeof PolicyState>

export const PolicyHistory = Type.Object(
  { tenant: Name, sets: Type.Array(StoredSet), pin: nullable(Pin) },
  closed,
)
export type PolicyHistory = Static<typeof PolicyHistory>
