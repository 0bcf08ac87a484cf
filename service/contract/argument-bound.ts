/** What an argument of a capability may be, as data. */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf } from './digest.ts'

/** One bound on one argument. `path` leads into the arguments; a missing required argument is out of bounds. */
export const ArgumentBound = Type.Object(
  {
    path: Type.Array(Name, { minItems: 1, maxItems: 8 }),
    required: Type.Optional(Type.Boolean()),
    type: Type.Optional(oneOf(['string', 'number', 'boolean', 'array', 'object', 'null'])),
    one_of: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1 }),
    ),
    minimum: Type.Optional(Type.Number()),
    maximum: Type.Optional(Type.Number()),
    max_length: Type.Optional(Type.Integer({ minimum: 0 })),
    /** RE2 syntax, matched against the whole text. */
    pattern: Type.Optional(Type.String({ minLength: 1 })),
    /** The text must begin so, and must not climb with `..`. */
    prefix: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
)
export type ArgumentBound = Static<typeof ArgumentBound>
