/** A purpose as policy is told of it: from a grant whose signature and time we checked. */
import { Type, type Static } from 'typebox'
import { closed, nullable } from './digest.ts'
import { Direction } from './query.ts'
import { GrantBudgets, GrantLeft } from './grant-terms.ts'
import { SamplingBounds } from './sampling-bounds.ts'

const Names = Type.Array(Type.String())

export const GrantBounds = Type.Object(
  {
    /** `<server>/<capability key>`, `<server>/<kind>:*` or `<server>/*`. */
    capabilities: Names,
    classifications: Names,
    /** Prefixes of the resources that may be touched; an empty list means any. */
    resources: Names,
    residency: Names,
    directions: Type.Array(Direction),
    sampling: nullable(SamplingBounds),
    clarification: Type.Boolean(),
  },
  closed,
)
export type GrantBounds = Static<typeof GrantBounds>

/** A purpose grant whose signature and validity we checked, or one that the signed registry gives (`standing-grant.ts`). */
export const AttestedPurpose = Type.Object(
  {
    grant_id: Type.String(),
    iss: Type.String(),
    code: Type.String(),
    ref: nullable(Type.String()),
    initiator: Type.Object({ iss: Type.String(), sub: Type.String() }, closed),
    not_before: Type.Number(),
    expires_at: Type.Number(),
    bounds: GrantBounds,
    /** The only client that may use it; null: any. */
    agent: nullable(Type.String()),
    budgets: GrantBudgets,
    /** Of the budgets, as of the moment in which this was gathered. */
    left: GrantLeft,
    /** The grant that it was narrowed from. */
    parent: nullable(Type.String()),
  },
  closed,
)
export type AttestedPurpose = Static<typeof AttestedPurpose>
