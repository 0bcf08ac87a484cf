/** An error as the caller sees it: RFC 9457 problem details, `application/problem+json`. */
import { Type, type Static } from 'typebox'
import { closed, oneOf } from './digest.ts'
import { errorCodes } from './error-code.ts'

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: oneOf(errorCodes),
    detail: Type.Optional(Type.String()),
    /** JSON Pointers (RFC 6901) into the request, each with what to change. */
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), reason: Type.String() }, closed)),
    ),
  },
  closed,
)
export type Problem = Static<typeof Problem>
