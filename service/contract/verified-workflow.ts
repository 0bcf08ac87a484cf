/** What policy is told of the workflow of a query: verified, since it is a fold over our own log. */
import { Type, type Static } from 'typebox'
import { GrantBounds } from './attested-purpose.ts'
import { closed, nullable } from './digest.ts'
import { Spent, TaintFacet, WorkflowBasis } from './workflow.ts'

/** One facet of taint, and the decisions that brought it: the first few, in the order of the log. */
export const Taint = Type.Object(
  {
    facet: TaintFacet,
    decisions: Type.Array(Type.String()),
    /** It comes from what the initiator did lately outside of this workflow, or from an id that is not known. */
    inferred: Type.Boolean(),
  },
  closed,
)
export type Taint = Static<typeof Taint>

export const Done = Type.Object(
  {
    server: Type.String(),
    key: Type.String(),
    decision_id: Type.String(),
    /** Seconds since the epoch. */
    at: Type.Integer(),
  },
  closed,
)
export type Done = Static<typeof Done>

export const VerifiedWorkflow = Type.Object(
  {
    /** The one that the decision is recorded in; for an id that is not known, a new one. */
    id: Type.String(),
    basis: WorkflowBasis,
    depth: Type.Integer(),
    /** Sorted by facet. */
    taint: Type.Array(Taint),
    spent: Spent,
    /** What will be spent if this goes ahead. */
    reaches: Spent,
    /** Servers that were used, the asked one not among them unless it was used. */
    servers: Type.Array(Type.String()),
    /** What the first permit of the workflow was for; null when there is none, or it is not this workflow's own. */
    first_purpose: nullable(Type.Object({ code: Type.String() }, closed)),
    /** Of what the asked capability must come after: what was executed. */
    done: Type.Array(Done),
    /** Leaves of this workflow before this one. */
    position: Type.Integer(),
    /** Decisions that were permitted and whose outcome nobody reported. */
    unreported: Type.Integer(),
    /** The grants of the calls that it came from, the nearest first: what is asked may not be wider than any of them. */
    inherited: Type.Array(
      Type.Object(
        {
          decision_id: Type.String(),
          /** Null when it had none, or what is known of it was erased. */
          bounds: nullable(GrantBounds),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type VerifiedWorkflow = Static<typeof VerifiedWorkflow>
