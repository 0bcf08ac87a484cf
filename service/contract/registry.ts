/**
 * What the tenant has registered: data of a signed bundle, under the root `registry`.
 *
 * Checked by this schema when the bundle is built and again when it is activated. No member can
 * exempt a server or a capability from being decided: what is not listed here is denied. What is observed
 * is judged and recorded all the same (`observation.ts`).
 */
import { ClarificationParameters } from './asked-input.ts'
import { Type, type Static } from 'typebox'
import { accountable } from './accountable.ts'
import { ApprovalDemand, Assurance } from './approval-demand.ts'
import { ArgumentBound } from './argument-bound.ts'
import { closed, Digest, Name, oneOf, Reference } from './digest.ts'
import { Observation } from './observation.ts'
import { Privacy } from './privacy.ts'
import { CapabilityKind, Direction } from './query.ts'
import { Budgets, OrderRule, WorkflowParameters } from './workflow.ts'
import { grantable } from './grant-terms.ts'
import { SamplingBounds } from './sampling-bounds.ts'
import { RegisteredWorkload } from './workload.ts'

/** What a capability does to the world; the tenant says so, never the server. */
export const EffectFacet = oneOf([
  'reads_secrets',
  'reads_private',
  'reads_untrusted',
  'calls_external',
  'modifies_downstream',
  'irreversible',
  'executes_code',
  'borrows_model',
  'asks_person',
])
export type EffectFacet = Static<typeof EffectFacet>

/**
 * How the data scope is derived: take the value at `path` of `source`; if it matches, add.
 * `{value}` in a resource stands for the value. `required` and absent: the scope is unresolved, which denies.
 */
export const ScopeRule = Type.Object(
  {
    source: oneOf(['always', 'arguments', 'uri', 'result']),
    path: Type.Optional(Type.Array(Name, { maxItems: 8 })),
    equals: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    prefix: Type.Optional(Type.String({ minLength: 1 })),
    required: Type.Optional(Type.Boolean()),
    add: Type.Object(
      {
        classifications: Type.Optional(Type.Array(Name)),
        resources: Type.Optional(Type.Array(Reference)),
        residency: Type.Optional(Type.Array(Name)),
        direction: Type.Optional(Direction),
      },
      closed,
    ),
  },
  closed,
)
export type ScopeRule = Static<typeof ScopeRule>

export const Capability = Type.Object(
  {
    kind: CapabilityKind,
    effects: Type.Array(EffectFacet, { uniqueItems: true }),
    /** The reviewed definition; absent means never reviewed. */
    definition_digest: Type.Optional(Digest),
    /** Any one of these groups; an empty list means every proven initiator of the tenant. */
    groups: Type.Array(Name),
    bounds: Type.Optional(Type.Array(ArgumentBound)),
    /** Names of all arguments that may be given; absent means any. */
    arguments: Type.Optional(Type.Array(Name)),
    /** Arguments whose answer changes the effect; a clarification may not supply them. */
    scope_bearing: Type.Optional(Type.Array(Name)),
    data_scope: Type.Optional(Type.Array(ScopeRule)),
    approval: Type.Optional(ApprovalDemand),
    /** What must have been executed in the same workflow before. */
    after: Type.Optional(Type.Array(OrderRule, { maxItems: 16 })),
    /** Units (of money or the like) that a call costs. */
    cost: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Other servers that serve a capability of the same name, and were reviewed together with this one. */
    shadows_reviewed: Type.Optional(Type.Array(Name)),
  },
  closed,
)
export type Capability = Static<typeof Capability>

export const Server = Type.Object(
  {
    /** The workload that must prove itself. */
    workload: RegisteredWorkload,
    /** The MCP server's canonical URI (RFC 8707): the audience of initiators' access tokens. */
    resource: Reference,
    ...accountable,
    /** Hosts that a URL-mode elicitation may lead to. */
    elicitation_hosts: Type.Optional(Type.Array(Name)),
    /** Key: `<kind>:<name>`, `resource:<uri>`, `resource:<prefix>*`, or the bare kind where it has no name. */
    capabilities: Type.Record(Type.String(), Capability),
  },
  closed,
)
export type Server = Static<typeof Server>

/** The widest that a grant for this purpose may be; a grant narrows it. */
export const Purpose = Type.Object(
  {
    title: Name,
    ...accountable,
    classifications: Type.Array(Name),
    residency: Type.Array(Name),
    directions: Type.Array(Direction),
    sampling: Type.Optional(SamplingBounds),
    /** What one workflow for this purpose may spend, beside what the tenant lets any spend. */
    budgets: Type.Optional(Budgets),
  },
  closed,
)
export type Purpose = Static<typeof Purpose>

/** A person or workload as an issuer names it. */
const Account = Type.Object({ iss: Reference, sub: Name }, closed)

/** Who may issue grants of which purposes, and what they may give at most. Several rules of one purpose are each enough. */
export const Issuing = Type.Object(
  {
    ...accountable,
    purposes: Type.Array(Name, { minItems: 1, maxItems: 64 }),
    /** Any one of these: people in a group, or gateways that ask of themselves. */
    by: Type.Object(
      {
        groups: Type.Optional(Type.Array(Name)),
        clients: Type.Optional(
          Type.Array(Type.Object({ issuer: Reference, client_id: Name }, closed)),
        ),
      },
      closed,
    ),
    /** Whom they may issue them to: anybody, or only who asks. */
    initiators: oneOf(['anybody', 'oneself']),
    ...grantable,
    max_seconds: Type.Integer({ minimum: 1, maximum: 7 * 24 * 3600 }),
    /** People must approve each of them; left out: none need be asked. */
    approval: Type.Optional(ApprovalDemand),
  },
  closed,
)
export type Issuing = Static<typeof Issuing>

/** A purpose for clients that send no grant: all that it names must be so, and it names something. */
export const StandingGrant = Type.Object(
  {
    ...accountable,
    purpose: Type.Object({ code: Name, ref: Type.Optional(Name) }, closed),
    /** Client ids of agents, projects of gateways, groups of initiators. */
    agents: Type.Optional(Type.Array(Reference)),
    projects: Type.Optional(Type.Array(Name)),
    groups: Type.Optional(Type.Array(Name)),
    ...grantable,
    /** Seconds since the epoch. */
    expires_at: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
)
export type StandingGrant = Static<typeof StandingGrant>

/** Software that acts for initiators: which servers it may use, and for whom. */
export const Agent = Type.Object(
  {
    /** The issuer of its tokens: another issuer's client of the same name is another agent. */
    iss: Reference,
    ...accountable,
    servers: Type.Array(Name),
    groups: Type.Array(Name),
    /** The person who answers for it, and so does not approve what it does. */
    sponsor: Type.Optional(Account),
  },
  closed,
)
export type Agent = Static<typeof Agent>

/** A time-limited waiver of one rule: loud in the evidence, ignored when expired or malformed. */
export const Exception = Type.Object(
  {
    id: Name,
    code: Name,
    server: Name,
    capability: Name,
    ...accountable,
    reason: Reference,
    not_before: Type.Integer(),
    expires_at: Type.Integer(),
  },
  closed,
)
export type Exception = Static<typeof Exception>

export const Parameters = Type.Object(
  {
    max_delegation_depth: Type.Integer({ minimum: 0, maximum: 8 }),
    /**
     * Facets for which a server must prove that it holds its key (grade `pop`); left out: all that read secrets, change
     * something, leave the tenant or execute code. Only there is a server by a forwarded proof out of the question.
     */
    pop_facets: Type.Optional(Type.Array(EffectFacet)),
    /** Facets that always need a person. */
    hold_facets: Type.Array(EffectFacet),
    /**
     * Whether a facet needs a person, where: `hold` for one, `auto` for none. The entry that says most of where counts, of
     * those that say as much one that holds; where none says anything, `hold_facets` does.
     */
    dial: Type.Optional(
      Type.Array(
        Type.Object(
          {
            facet: EffectFacet,
            project: Type.Optional(Name),
            environment: Type.Optional(Name),
            set: oneOf(['auto', 'hold']),
          },
          closed,
        ),
        { maxItems: 128 },
      ),
    ),
    default_approval: ApprovalDemand,
    /** What consent to a capability with such an effect must be at least, whoever is asked; the highest counts. */
    approval_assurance: Type.Optional(
      Type.Array(Type.Object({ facet: EffectFacet, assurance: Assurance }, closed), {
        maxItems: 32,
      }),
    ),
    valid_seconds: Type.Integer({ minimum: 1, maximum: 3600 }),
    max_elicitation_text: Type.Integer({ minimum: 1 }),
    /**
     * For how long a refusal stands for the same initiator, capability, server and purpose, whatever the arguments; left
     * out, for the very action alone.
     */
    refusal_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    /** How long after its review date an entry still counts: a year at most. */
    review_grace_seconds: Type.Integer({ minimum: 0, maximum: 31_622_400 }),
    /** Classifications that may go back to a server in an answer, and be released from a result. */
    releasable: Type.Object({ input_response: Type.Array(Name), result: Type.Array(Name) }, closed),
    workflow: Type.Optional(WorkflowParameters),
    clarification: Type.Optional(ClarificationParameters),
  },
  closed,
)
export type Parameters = Static<typeof Parameters>

export const Registry = Type.Object(
  {
    servers: Type.Record(Type.String(), Server),
    purposes: Type.Record(Type.String(), Purpose),
    agents: Type.Record(Type.String(), Agent),
    /** Nobody may issue a grant here when there is none. */
    issuing: Type.Optional(Type.Record(Type.String(), Issuing)),
    standing_grants: Type.Optional(Type.Record(Type.String(), StandingGrant)),
    /** Group -> its members, beside the groups that an access token itself carries. */
    groups: Type.Record(Type.String(), Type.Array(Account)),
    /** Person -> accounts that are all hers: they count once for a quorum. Any other account is a person by itself. */
    persons: Type.Optional(Type.Record(Type.String(), Type.Array(Account, { minItems: 1 }))),
    /** Workloads that may consent where an approval asks for them: another policy engine, a system of changes. */
    workload_voters: Type.Optional(
      Type.Record(Type.String(), Type.Object({ spiffe_id: Reference, ...accountable }, closed)),
    ),
    exceptions: Type.Array(Exception),
    /** Off when there is none. Policy does not see it: what is judged stays the same. */
    observe: Type.Optional(Type.Array(Observation, { maxItems: 1024 })),
    parameters: Parameters,
    /** Classes of what is disclosed, and how long each is kept. Policy does not see it. */
    privacy: Type.Optional(Privacy),
  },
  closed,
)
export type Registry = Static<typeof Registry>
