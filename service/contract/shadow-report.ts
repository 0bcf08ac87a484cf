/** What a candidate set would have decided otherwise on live traffic; it decides nothing itself. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, nullable } from './digest.ts'
import { Effect } from './policy-result.ts'
import { RefusedState, SourceState, StoredBundle } from './policy-state.ts'

/** Some decisions that show it, newest last; their records are in the log. */
const Samples = Type.Array(Name)

/** Both judged; what was answered may be observed. */
export const EffectChange = Type.Object(
  {
    from: Effect,
    to: Effect,
    queries: Type.Integer({ minimum: 1 }),
    decisions: Samples,
  },
  closed,
)
export type EffectChange = Static<typeof EffectChange>

/** Queries that the candidate finds this in and the active policy does not, and the other way round. */
export const RuleChange = Type.Object(
  {
    /** Of a rule, or of a fault or gap that denies. */
    code: Name,
    added: Type.Integer({ minimum: 0 }),
    removed: Type.Integer({ minimum: 0 }),
    decisions: Samples,
  },
  closed,
)
export type RuleChange = Static<typeof RuleChange>

/** Counted since the candidate, or what it is compared with, changed last. */
export const Comparison = Type.Object(
  {
    /** The set that decided. */
    active: nullable(Digest),
    since: Type.String(),
    queries: Type.Integer({ minimum: 0 }),
    /** Of them: another effect, or other findings. */
    changed: Type.Integer({ minimum: 0 }),
    /** Not compared: the candidate could not keep up, or kept failing. */
    dropped: Type.Integer({ minimum: 0 }),
    effects: Type.Array(EffectChange),
    rules: Type.Array(RuleChange),
    /** Changes of further codes, which are counted but not told apart. */
    more_rules: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type Comparison = Static<typeof Comparison>

export const ShadowState = Type.Object(
  {
    owner: Name,
    sources: Type.Array(SourceState),
    candidate: nullable(
      Type.Object(
        {
          digest: Digest,
          revision: Type.String(),
          activated_at: Type.String(),
          bundles: Type.Array(StoredBundle),
        },
        closed,
      ),
    ),
    /** The newest set that was refused since the last candidate began. */
    refused: nullable(RefusedState),
    comparison: nullable(Comparison),
  },
  closed,
)
export type ShadowState = Static<typeof ShadowState>

/** Null: nothing is configured to judge beside the active policy. */
export const ShadowReport = Type.Object({ tenant: Name, shadow: nullable(ShadowState) }, closed)
export type ShadowReport = Static<typeof ShadowReport>
