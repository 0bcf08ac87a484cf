/** How far a tenant's log has come, and how far it is published; and that one published size begins another. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable, oneOf } from './digest.ts'

const Count = Type.Integer({ minimum: 0 })
const Base64Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })

/** How the witnesses of a log answer (C2SP tlog-witness). */
export const WitnessesState = Type.Object(
  {
    /** Entries under the newest checkpoint that had its quorum. */
    witnessed: Count,
    /** Whether the newest checkpoint has its quorum. */
    quorum: Type.Boolean(),
    /** For how long it has lacked it. */
    quorum_missing_seconds: Count,
    each: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          /** Entries that it cosigned last. */
          cosigned: Count,
          /** In a row. */
          failures: Count,
          /** It saw a longer log of this name, or another one. */
          dispute: nullable(oneOf(['ahead', 'forked'])),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type WitnessesState = Static<typeof WitnessesState>

export const LogState = Type.Object(
  {
    tenant: Name,
    /** That are durable. */
    entries: Count,
    /** That the last published checkpoint covers. */
    published: Count,
    unpublished: Count,
    /** Since the last checkpoint was published; null when none was since the start. */
    checkpoint_age_seconds: nullable(Count),
    /** Null: it has none. */
    witnesses: nullable(WitnessesState),
  },
  closed,
)
export type LogState = Static<typeof LogState>

/** RFC 9162 section 2.1.4: roots and hashes in base64. */
export const ConsistencyProof = Type.Object(
  {
    origin: Type.String(),
    from: Type.Integer({ minimum: 1 }),
    to: Type.Integer({ minimum: 1 }),
    from_root: Base64Hash,
    to_root: Base64Hash,
    proof: Type.Array(Base64Hash),
    /** The published checkpoint, which covers both. */
    checkpoint: Type.String(),
  },
  closed,
)
export type ConsistencyProof = Static<typeof ConsistencyProof>
