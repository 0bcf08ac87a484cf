/** A purpose as policy is told of it: from a grant whose signature and time we checked. */
import { Type, type Static } from 'typebox'
import { closed, nullable } from './digest.ts'
import { Direction } from './query.ts'
import { SamplingBounds } from './registry.ts'

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

/** A purpose grant whose signature and validity we checked: said by the tenant's issuer. */
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
  },
  closed,
)
export type AttestedPurpose = Static<typeof AttestedPurpose>
