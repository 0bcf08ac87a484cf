/**
 * Observe: what the tenant's signed registry puts under watch, and what a decision then says of itself.
 *
 * The judged effect is signed and logged as it was judged; only what the gateway is told to do differs, and
 * both stand side by side wherever either stands.
 */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf, Reference } from './digest.ts'
import { Effect, HoldDemand } from './policy-result.ts'

const entry = {
  id: Name,
  owner: Name,
  reason: Reference,
  /** Seconds since the epoch: in force from then, and no longer at the end. */
  not_before: Type.Integer({ minimum: 0 }),
  expires_at: Type.Integer({ minimum: 0 }),
}

/** Denials and holds of the scope are answered with a permit, for a time, on the owner's word. */
export const Observation = Type.Union([
  Type.Object({ scope: Type.Literal('tenant'), ...entry }, closed),
  Type.Object({ scope: Type.Literal('server'), server: Name, ...entry }, closed),
  /** The findings of one code; at one server, if that is named. */
  Type.Object(
    { scope: Type.Literal('rule'), code: Name, server: Type.Optional(Name), ...entry },
    closed,
  ),
])
export type Observation = Static<typeof Observation>

/**
 * What a decision says that was answered otherwise than judged. The same bytes stand in the token and in the
 * answer, so that one rule serves whoever reads either: enforce `answered_effect` where there is an `observed`,
 * else `effect`.
 *
 * In the token `effect` is what was judged. Whoever checks the token and has never heard of `observed` therefore
 * denies; whoever counts `effect` in the log counts what policy said. If the token said `permit` there, a reader
 * could take for policy's permit what is only its absence, and that could never be told apart afterwards. In
 * the answer `effect` is what to do now, because the simplest gateway reads that member and nothing else.
 */
export const Observed = Type.Object(
  {
    judged_effect: Effect,
    answered_effect: Type.Literal('permit'),
    /** RFC 3339, UTC: when the first of the entries ends that this answer rests on. */
    expires_at: Type.String(),
    /** The entries of the registry that it took: each of them, for one alone may not have been enough. */
    by: Type.Array(
      Type.Object({ id: Name, scope: oneOf(['tenant', 'server', 'rule']), owner: Name }, closed),
      { minItems: 1 },
    ),
    /** What a hold would have waited for. It has no id: nobody is asked. */
    hold: Type.Optional(HoldDemand),
  },
  closed,
)
export type Observed = Static<typeof Observed>

/** What a gateway is to do, by the members of a token or of a leaf. */
export function answeredEffect(claims: {
  readonly effect: Effect
  readonly observed?: Observed | undefined
}): Effect {
  return claims.observed?.answered_effect ?? claims.effect
}
