/** Decisions in the order of the log, a page at a time: who asked for what, for which purpose, and what was answered. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable } from './digest.ts'
import { Effect } from './policy-result.ts'
import { CapabilityKind, Phase } from './query.ts'

export const ListedDecision = Type.Object(
  {
    /** Its place in the log. */
    index: Type.Integer({ minimum: 0 }),
    decision_id: Name,
    /** RFC 3339, UTC. */
    at: Type.String(),
    /** The registered client that asked. */
    pep: Type.String(),
    environment: Name,
    phase: Phase,
    kind: CapabilityKind,
    server: Name,
    /** As it is registered; null when it is not. */
    capability: nullable(Type.String()),
    purpose: nullable(Type.Object({ code: Name, grant_id: Name }, closed)),
    /** Clients and actors of the proven chain; null when what was disclosed has been erased. */
    agents: nullable(
      Type.Array(Type.Object({ iss: nullable(Type.String()), client_id: Type.String() }, closed)),
    ),
    /** What the gateway was told, and what was judged: they differ where something is only observed. */
    effect: Effect,
    judged_effect: Effect,
    codes: Type.Array(Name),
    /** Exceptions that waived a finding; null when what was disclosed has been erased. */
    waived_by: nullable(Type.Array(Name)),
    /** Entries of `observe` that the answer rests on. */
    observed_by: Type.Array(Name),
  },
  closed,
)
export type ListedDecision = Static<typeof ListedDecision>

export const DecisionList = Type.Object(
  {
    tenant: Name,
    /** May be empty though there are more: a page looks at a bounded part of the log. */
    decisions: Type.Array(ListedDecision),
    /** The `after` of the next page; null when the log has been read to its end. */
    next: nullable(Type.String()),
    /** As it was when the page was asked for; a page of a filter waits for the entries that it looks at. */
    index: Type.Object(
      {
        /** The first entry that the log holds: those before it were pruned, and lie in its archive. */
        first: Type.Integer({ minimum: 0 }),
        /** Entries that it has. */
        size: Type.Integer({ minimum: 0 }),
        /** Durable entries that it does not have yet. */
        lag: Type.Integer({ minimum: 0 }),
      },
      closed,
    ),
  },
  closed,
)
export type DecisionList = Static<typeof DecisionList>
