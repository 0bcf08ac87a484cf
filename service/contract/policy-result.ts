/**
 * What the entrypoint `countersign/decision` returns; anything else is a denial.
 *
 * Codes and parameters only, never prose.
 */
import { Type, type Static } from 'typebox'
import { demandMembers } from './approval-demand.ts'
import { closed, Name, oneOf, OpenObject } from './digest.ts'

export const Effect = oneOf(['permit', 'deny', 'hold'])
export type Effect = Static<typeof Effect>

export const HoldKind = oneOf(['approval', 'review', 'clarification', 'step_up'])
export type HoldKind = Static<typeof HoldKind>

/** What one rule says against the query. `rule` is the package path below `countersign.rule`. */
export const Finding = Type.Object(
  {
    code: Name,
    effect: oneOf(['deny', 'hold']),
    severity: oneOf(['low', 'medium', 'high', 'critical']),
    rule: Name,
    params: OpenObject,
    /** The exception that waives this finding; a waived finding is evidence and has no effect. */
    waived_by: Type.Optional(Name),
    /** False: never only observed; left out by rules that may be. */
    observable: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type Finding = Static<typeof Finding>

/** What one rule says for the query. Without a ground there is no permit. */
export const Ground = Type.Object({ code: Name, rule: Name }, closed)
export type Ground = Static<typeof Ground>

export const Obligation = Type.Object({ id: Name, type: Name, properties: OpenObject }, closed)
export type Obligation = Static<typeof Obligation>

/** What is to happen before a held query may be asked again. */
export const HoldDemand = Type.Object(
  {
    kind: HoldKind,
    group: Type.Optional(Name),
    quorum: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
    ...demandMembers,
  },
  closed,
)
export type HoldDemand = Static<typeof HoldDemand>

export const PolicyResult = Type.Object(
  {
    effect: Effect,
    findings: Type.Array(Finding, { maxItems: 256 }),
    grounds: Type.Array(Ground, { maxItems: 64 }),
    obligations: Type.Array(Obligation, { maxItems: 64 }),
    hold: Type.Optional(HoldDemand),
    valid_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
  },
  closed,
)
export type PolicyResult = Static<typeof PolicyResult>
