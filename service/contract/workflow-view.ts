/** How a workflow stands: `GET /v1/workflows/{id}`. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable } from './digest.ts'
import { Spent, TaintFacet } from './workflow.ts'

const Call = { decision_id: Name, server: Name, capability: Type.String() }

export const WorkflowView = Type.Object(
  {
    tenant: Name,
    id: Name,
    project: Name,
    /** Pseudonym of the initiator that it was given to. */
    initiator: nullable(Type.String()),
    /** The workflow that its first call came from, and the decision; null: none. */
    root: nullable(Name),
    parent_decision_id: nullable(Name),
    depth: Type.Integer(),
    /** False: it began with an id that was not known, so that everything may have happened before. */
    is_past_known: Type.Boolean(),
    /** What has happened in it, and the first few decisions that brought it. */
    taint: Type.Array(Type.Object({ facet: TaintFacet, decisions: Type.Array(Name) }, closed)),
    spent: Spent,
    servers: Type.Array(Name),
    purpose: nullable(Name),
    /** Permitted calls whose outcome nobody reported, the last ones. */
    unreported: Type.Array(Type.Object(Call, closed)),
    /** What was executed without an error, the last of each capability. */
    done: Type.Array(Type.Object({ ...Call, at: Type.String() }, closed)),
    /** Its decisions and outcomes; the decisions are listed by `GET /v1/decisions?workflow=`. */
    entries: Type.Integer(),
  },
  closed,
)
export type WorkflowView = Static<typeof WorkflowView>
