/**
 * Workflows: what one query does to the workflow that it belongs to, and what policy is told of that workflow.
 *
 * A workflow id is a name and never a capability: what it stands for is bound to the tenant, the project and the initiator
 * that it was given to, and all that is known of it comes from the leaves of the log.
 */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf } from './digest.ts'

/**
 * What has happened in a workflow that makes a later call matter more: private data was read, content that anybody may have
 * written was seen, something was sent where anybody may listen, something was changed.
 */
export const taintFacets = ['private_read', 'untrusted_seen', 'sent', 'changed'] as const
export const TaintFacet = oneOf(taintFacets)
export type TaintFacet = Static<typeof TaintFacet>

/**
 * How the workflow of a query was found: by an id that we gave to this very initiator; because a call of ours came from
 * another (`child`); from what the initiator did lately, since the query has no id (`inferred`); or not at all, since its
 * id is not one of this initiator (`unknown`: then everything may have happened before).
 */
export const WorkflowBasis = oneOf(['known', 'child', 'inferred', 'unknown'])
export type WorkflowBasis = Static<typeof WorkflowBasis>

const Count = Type.Integer({ minimum: 0 })

/** What a workflow may spend: calls, tokens of borrowed models, rounds of asked input, units of money or the like. */
const amounts = { calls: Count, tokens: Count, rounds: Count, units: Count }
export const Spent = Type.Object(amounts, closed)
export type Spent = Static<typeof Spent>
export const spendings = ['calls', 'tokens', 'rounds', 'units'] as const

/** The most that a workflow may spend; `depth`: how far calls may come from calls; `servers`: how many it may use. */
export const Budgets = Type.Object(
  {
    calls: Type.Optional(Count),
    tokens: Type.Optional(Count),
    rounds: Type.Optional(Count),
    units: Type.Optional(Count),
    depth: Type.Optional(Type.Integer({ minimum: 0, maximum: 8 })),
    servers: Type.Optional(Type.Integer({ minimum: 0, maximum: 63 })),
  },
  closed,
)
export type Budgets = Static<typeof Budgets>

/** What must have been done in the same workflow before a capability may be used. */
export const OrderRule = Type.Object(
  {
    /** Its own server when left out. */
    server: Type.Optional(Name),
    /** Key of the capability there. */
    capability: Name,
    /** How long ago it may have been executed. */
    within_seconds: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
)
export type OrderRule = Static<typeof OrderRule>

/** How a tenant wants workflows to be judged. */
export const WorkflowParameters = Type.Object(
  {
    /** A send after private data was read and untrusted content was seen; left out: `deny`. */
    tainted_send: Type.Optional(oneOf(['deny', 'hold'])),
    /** Classifications of data whose reading counts as private, whatever the facets of the capability are. */
    private_classifications: Type.Optional(Type.Array(Name, { maxItems: 64 })),
    budgets: Type.Optional(Budgets),
  },
  closed,
)
export type WorkflowParameters = Static<typeof WorkflowParameters>

/** Of a leaf: what the query does to its workflow if it goes ahead. */
export const Conduct = Type.Object(
  {
    basis: WorkflowBasis,
    /** The workflow that the first call of all came from, whose taint and budgets it shares; absent: its own. */
    root: Type.Optional(Name),
    /** The decision that it came from. */
    parent: Type.Optional(Name),
    depth: Count,
    taint: Type.Array(TaintFacet),
    cost: Spent,
  },
  closed,
)
export type Conduct = Static<typeof Conduct>
