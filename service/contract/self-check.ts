/** Questions that a bundle itself says how it must answer: its file `self-check.json`. */
import { Type, type Static } from 'typebox'
import { closed, Name, OpenObject } from './digest.ts'
import { Effect } from './policy-result.ts'

export const SelfCheckCase = Type.Object(
  {
    name: Name,
    /** A whole policy input, with its own slice of a registry. */
    input: OpenObject,
    want: Type.Object(
      {
        effect: Effect,
        /** Codes of the findings that stand, in any order; left out, they are not compared. */
        codes: Type.Optional(Type.Array(Name, { maxItems: 256 })),
      },
      closed,
    ),
  },
  closed,
)
export type SelfCheckCase = Static<typeof SelfCheckCase>

export const SelfCheck = Type.Array(SelfCheckCase, { minItems: 1, maxItems: 64 })
export type SelfCheck = Static<typeof SelfCheck>
