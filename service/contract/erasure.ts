/** Erasure of what was disclosed about a person (GDPR article 17): what is asked, and what the log keeps of it. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, Reference } from './digest.ts'
import { Pseudonym } from './leaf.ts'

export const ErasureRequest = Type.Object(
  {
    /** The person, as her tokens name her. */
    subject: Type.Object({ iss: Reference, sub: Name }, closed),
    /** Stands in the log for ever: a ticket or an article, never the person. */
    reason: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  closed,
)
export type ErasureRequest = Static<typeof ErasureRequest>

/** `event` of a leaf of kind `erasure`: what was disclosed under this subject up to here is gone. */
export const Erasure = Type.Object(
  {
    subject: Pseudonym,
    /** The registered client that asked for it, and why. */
    by: Name,
    reason: Type.String(),
  },
  closed,
)
export type Erasure = Static<typeof Erasure>

/** `event` of a leaf of kind `erasure` by time: what was disclosed of this class before that moment is gone, whomever it is about. */
export const Retention = Type.Object(
  {
    kind: Type.Literal('retention'),
    class: Name,
    /** Seconds since the epoch. */
    before: Type.Integer({ minimum: 0 }),
    /** What the tenant's registry says of the class. */
    keep_days: Type.Integer({ minimum: 1 }),
  },
  closed,
)
export type Retention = Static<typeof Retention>

export const ErasureReceipt = Type.Object(
  {
    erasure_id: Name,
    /** As it stands in leaves. */
    subject: Pseudonym,
    /** Whether anything was held about it: false for a person who never asked, or whose name was mistyped. */
    held: Type.Boolean(),
    log: Type.Object(
      { origin: Type.String(), index: Type.Integer({ minimum: 0 }), leaf_hash: Digest },
      closed,
    ),
  },
  closed,
)
export type ErasureReceipt = Static<typeof ErasureReceipt>
