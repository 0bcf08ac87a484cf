/**
 * A purpose grant: a compact JWS, `typ: purpose-grant+jwt`, by an issuer that the tenant configures.
 *
 * A purpose is issued, never asserted by the agent: what an agent says of itself may narrow, never widen.
 */
import { Type, type Static } from 'typebox'
import { Name, oneOf, Reference } from './digest.ts'
import { GrantBudgets } from './grant-terms.ts'
import { SamplingBounds } from './sampling-bounds.ts'

/** Claims of the grant. Other members are ignored, as RFC 7519 section 4 asks. */
export const PurposeGrant = Type.Object({
  iss: Reference,
  /** The tenant's audience URI. */
  aud: Type.Union([Reference, Type.Array(Reference, { minItems: 1, maxItems: 8 })]),
  jti: Name,
  iat: Type.Integer(),
  nbf: Type.Optional(Type.Integer()),
  exp: Type.Integer(),
  /** Whom it was issued to. */
  initiator: Type.Object({ iss: Reference, sub: Name }),
  purpose: Type.Object({ code: Name, ref: Type.Optional(Name) }),
  /** `<server>/<capability key>`, `<server>/<kind>:*` or `<server>/*`. */
  capabilities: Type.Array(Name, { minItems: 1, maxItems: 256 }),
  data: Type.Object({
    classifications: Type.Array(Name, { maxItems: 64 }),
    /** Prefixes of resources; an empty list means any. */
    resources: Type.Array(Reference, { maxItems: 256 }),
    residency: Type.Array(Name, { maxItems: 32 }),
    directions: Type.Array(oneOf(['ingress', 'egress', 'internal']), { maxItems: 3 }),
  }),
  sampling: Type.Optional(SamplingBounds),
  clarification: Type.Optional(Type.Boolean()),
  /** The only client that may use it. */
  agent: Type.Optional(Reference),
  /** Counted by the log of whoever issued it: another issuer's grant that has any is refused. */
  budgets: Type.Optional(GrantBudgets),
  /** The `jti` of the grant that it was narrowed from. */
  parent: Type.Optional(Name),
})
export type PurposeGrant = Static<typeof PurposeGrant>
