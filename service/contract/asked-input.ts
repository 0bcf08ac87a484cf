/** What a server asked for in the middle of its work, a model's time or a person's word, and what policy is told of it. */
import { Type, type Static } from 'typebox'
import { closed, nullable, oneOf } from './digest.ts'

/** The permitted question that an answer quotes; found for the very initiator and server that it was permitted to. */
export const AskedInput = Type.Object(
  {
    /** `no`; by the `same` answer, which is a retry; or by an`other`. */
    answered: oneOf(['no', 'same', 'other']),
    /** Seconds since the epoch. */
    at: Type.Integer(),
    decision_id: Type.String(),
  },
  closed,
)
export type AskedInput = Static<typeof AskedInput>

export const VerifiedInputs = Type.Object(
  {
    /** Of an answer; null when no such question was permitted, or it is no answer. */
    asked: nullable(AskedInput),
    /** Questions of this kind that were permitted to this server of this initiator within an hour. */
    lately: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type VerifiedInputs = Static<typeof VerifiedInputs>

/** How often a server may ask a person. */
export const ClarificationParameters = Type.Object(
  {
    /** Of one initiator; left out: 30. */
    max_per_hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 128 })),
  },
  closed,
)
export type ClarificationParameters = Static<typeof ClarificationParameters>
