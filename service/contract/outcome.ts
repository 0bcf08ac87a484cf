/** What the gateway then did: joined to its decision in the same log, so that audit knows more than attempts. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, oneOf } from './digest.ts'

export const Outcome = Type.Object(
  {
    status: oneOf(['executed', 'failed', 'suppressed']),
    /** SHA-256 of the arguments or content that really ran. */
    executed_digest: Type.Optional(Digest),
    /** SHA-256 of what came back. */
    result_digest: Type.Optional(Digest),
    is_error: Type.Optional(Type.Boolean()),
    /** Ids of the obligations that were carried out. */
    obligations: Type.Optional(Type.Array(Name, { maxItems: 64 })),
  },
  closed,
)
export type Outcome = Static<typeof Outcome>

export const OutcomeReceipt = Type.Object(
  {
    decision_id: Name,
    outcome_id: Name,
    token: Type.String(),
    log: Type.Object(
      { origin: Type.String(), index: Type.Integer(), leaf_hash: Type.String() },
      closed,
    ),
  },
  closed,
)
export type OutcomeReceipt = Static<typeof OutcomeReceipt>
