/** What a purpose grant gives: the bounds that a request asks for, that an issuing rule allows, and that a grant has. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable, oneOf, Reference } from './digest.ts'
import { SamplingBounds } from './sampling-bounds.ts'

export const GrantedData = Type.Object(
  {
    classifications: Type.Array(Name, { maxItems: 64 }),
    /** Prefixes of resources; an empty list means any. */
    resources: Type.Array(Reference, { maxItems: 64 }),
    residency: Type.Array(Name, { maxItems: 32 }),
    directions: Type.Array(oneOf(['ingress', 'egress', 'internal']), { maxItems: 3 }),
  },
  closed,
)
export type GrantedData = Static<typeof GrantedData>

const Count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })

/** How often a grant may be used, with all grants that are narrowed from it; what is left out is not counted. */
export const GrantBudgets = Type.Object(
  {
    /** Permitted calls: phase `request`. */
    calls: Type.Optional(Count),
    /** Permitted uses of the caller's model: sampling, phase `input_request`. */
    model_calls: Type.Optional(Count),
  },
  closed,
)
export type GrantBudgets = Static<typeof GrantBudgets>

/** What may be asked for, and what an issuing rule allows at most. */
export const grantable = {
  /** `<server>/<capability key>`, `<server>/<kind>:*`, `<server>/*`, `<server>/resource:<prefix>*`. */
  capabilities: Type.Array(Name, { minItems: 1, maxItems: 64 }),
  data: GrantedData,
  sampling: Type.Optional(SamplingBounds),
  clarification: Type.Optional(Type.Boolean()),
}

/** What is left of the budgets of a grant and of all that it was narrowed from; null: not counted. */
export const GrantLeft = Type.Object(
  { calls: nullable(Type.Integer()), model_calls: nullable(Type.Integer()) },
  closed,
)
export type GrantLeft = Static<typeof GrantLeft>
