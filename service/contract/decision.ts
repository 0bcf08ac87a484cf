/** What we answer: a decision that is signed and durable. A denial is an answer, not an error. */
import { Type, type Static } from 'typebox'
import { demandMembers } from './approval-demand.ts'
import { closed, Digest, Name, oneOf, OpenObject, Reference } from './digest.ts'
import { Observed } from './observation.ts'
import { Effect, HoldKind, Obligation, type HoldDemand } from './policy-result.ts'

/** `policy`: Rego said so; `engine_fault`: it could not be asked; `gap`: evidence or facts were broken. */
export const VerdictSource = oneOf(['policy', 'engine_fault', 'gap'])
export type VerdictSource = Static<typeof VerdictSource>

export const Reason = Type.Object(
  { code: Name, rule: Type.Optional(Name), params: OpenObject },
  closed,
)
export type Reason = Static<typeof Reason>

export const PolicyRevision = Type.Object({ revision: Type.String(), digest: Digest }, closed)
export type PolicyRevision = Static<typeof PolicyRevision>

export const Binding = Type.Object(
  {
    action_digest: Digest,
    round_digest: Digest,
    definition_digest: Type.Union([Digest, Type.Null()]),
    /** Of the action with the arguments left open that an approval may leave open; left out where none may. */
    template_digest: Type.Optional(Digest),
    policy: Type.Union([PolicyRevision, Type.Null()]),
    /** RFC 3339, UTC. */
    valid_until: Type.String(),
    single_use: Type.Boolean(),
  },
  closed,
)
export type Binding = Static<typeof Binding>

export const Hold = Type.Object(
  {
    kind: HoldKind,
    id: Name,
    expires_at: Type.String(),
    group: Type.Optional(Name),
    quorum: Type.Optional(Type.Integer()),
    ...demandMembers,
    /** Digest of what a person is shown, who is asked for an approval. */
    shown_digest: Type.Optional(Digest),
  },
  closed,
)
export type Hold = Static<typeof Hold>

/** Who allowed it: the rules and the bundle; later also the people who voted. */
export const Authority = Type.Object(
  { rules: Type.Array(Name), policy: Type.Union([PolicyRevision, Type.Null()]) },
  closed,
)
export type Authority = Static<typeof Authority>

/** What the gateway may send its MCP client as it is. */
export const McpAnswer = Type.Object({ error: Type.Optional(OpenObject) }, closed)
export type McpAnswer = Static<typeof McpAnswer>

export const DecisionAnswer = Type.Object(
  {
    decision_id: Name,
    /** What the gateway is to do; where there is `observed`, that says what was judged. */
    effect: Effect,
    observed: Type.Optional(Observed),
    reasons: Type.Array(Reason),
    obligations: Type.Array(Obligation),
    hold: Type.Optional(Hold),
    binding: Binding,
    authority: Authority,
    verdict_source: VerdictSource,
    workflow: Type.Object({ id: Name }, closed),
    mcp: Type.Optional(McpAnswer),
    /** Compact JWS, `typ: decision+jwt`; the leaf of the log, byte for byte. */
    token: Type.String(),
    log: Type.Object(
      { origin: Reference, index: Type.Integer(), leaf_hash: Type.String() },
      closed,
    ),
  },
  closed,
)
export type DecisionAnswer = Static<typeof DecisionAnswer>

/** What `reachDecision` gives: all of the answer that does not depend on the place in the log. */
export type Decision = {
  readonly decisionId: string
  /** As judged. */
  readonly effect: Effect
  /** Present when the gateway is told otherwise. */
  readonly observed?: Observed
  readonly reasons: readonly Reason[]
  readonly obligations: readonly Obligation[]
  readonly hold?: HoldDemand & { readonly id: string; readonly expiresAt: number }
  /** The approval that this permit uses up. */
  readonly approval?: { readonly id: string; readonly votes: readonly string[] }
  readonly grounds: readonly string[]
  readonly validSeconds: number
  readonly source: VerdictSource
}
