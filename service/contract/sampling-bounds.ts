/** How much of the caller's model a server may borrow. */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf } from './digest.ts'

export const SamplingBounds = Type.Object(
  {
    include_context: Type.Array(oneOf(['none', 'thisServer', 'allServers'])),
    models: Type.Array(Name),
    max_tokens: Type.Integer({ minimum: 1 }),
    max_rounds: Type.Integer({ minimum: 1 }),
    max_context_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
)
export type SamplingBounds = Static<typeof SamplingBounds>
