/** What a corridor hands to whatever judges beside it. */
import type { Decision } from '../contract/decision.ts'
import type { Query } from '../contract/query.ts'
import type { Facts, Pep } from '../decision/facts.ts'
import type { Claimed } from './claimed.ts'

/** A query as it was decided. */
export type Decided = {
  readonly query: Query
  readonly pep: Pep
  readonly claimed: Claimed
  readonly facts: Facts
  readonly decision: Decision
}

/** Never throws, never waits: the decision is durable, and its answer is on its way. */
export type ShadowOffer = { readonly offer: (decided: Decided) => void }
