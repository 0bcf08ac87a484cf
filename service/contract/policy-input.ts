/**
 * What policy sees: `input` of every rule.
 *
 * Every member is always present; what is missing is `null`, so that a rule meets a value and never
 * an undefined. Raw tokens never get here. The three grades of fact stand apart: `verified` by us,
 * `attested` by somebody the tenant trusts, `asserted` by anybody.
 */
import { Type, type Static } from 'typebox'
import { closed, nullable, oneOf } from './digest.ts'
import { AttestedApproval, AttestedRefusal } from './approval.ts'
import { AttestedPurpose } from './attested-purpose.ts'
import { ElicitationFeatures, SamplingFeatures } from './input-features.ts'
import { CapabilityKind, Direction, Phase } from './query.ts'
import { ApprovalDemand } from './approval-demand.ts'
import { Agent, Capability, Exception, Parameters, Purpose } from './registry.ts'
import { VerifiedInputs } from './asked-input.ts'
import { VerifiedWorkflow } from './verified-workflow.ts'
import { ProvedPlatform, SeenTls } from './workload.ts'

const Names = Type.Array(Type.String())
/** A type that OPA's checker leaves open. */
const Any = Type.Unknown()

/** `pop`: we verified possession of a key; `bearer`: a short-lived token for us; `none`: no evidence. */
export const Grade = oneOf(['pop', 'bearer', 'forwarded', 'asserted', 'none'])
export type Grade = Static<typeof Grade>

export const DataScope = Type.Object(
  {
    classifications: Names,
    resources: Names,
    residency: Names,
    directions: Type.Array(Direction),
    /** Mappings of the registry that found nothing where something must be. */
    unresolved: Names,
  },
  closed,
)
export type DataScope = Static<typeof DataScope>

/** One item of a list result, joined with what the registry knows of it. */
export const ListItem = Type.Object(
  {
    /** The member of the result that holds it, and its place there. */
    member: Type.String(),
    index: Type.Integer(),
    kind: CapabilityKind,
    name: Type.String(),
    key: Type.String(),
    definition_digest: Type.String(),
    /** How often this key stands in the list. */
    occurrences: Type.Integer(),
    registered: Type.Boolean(),
    pinned_digest: nullable(Type.String()),
    /** Other servers with a capability of this name that was not reviewed together with this one. */
    shadows: Names,
    hidden_text: Type.Boolean(),
  },
  closed,
)
export type ListItem = Static<typeof ListItem>

export const Question = Type.Object(
  {
    phase: Phase,
    method: Type.String(),
    protocol_version: Type.String(),
    kind: CapabilityKind,
    name: nullable(Type.String()),
    uri: nullable(Type.String()),
    /** The registry key: `<kind>:<name>`, `resource:<uri>` or the bare kind. */
    key: Type.String(),
    server_id: Type.String(),
    arguments: Type.Record(Type.String(), Any),
    definition_digest: nullable(Type.String()),
    definition_hidden_text: Type.Boolean(),
    /** The definition refers to a schema elsewhere, so the digest does not bind it. */
    definition_remote_ref: Type.Boolean(),
    data_scope: DataScope,
    round: Type.Integer(),
    sampling: nullable(SamplingFeatures),
    elicitation: nullable(ElicitationFeatures),
    list: nullable(Type.Array(ListItem)),
    result: nullable(
      Type.Object(
        {
          bytes: Type.Integer(),
          is_error: Type.Boolean(),
          result_type: nullable(Type.String()),
          texts_hidden: Type.Boolean(),
        },
        closed,
      ),
    ),
    /** The MCP content of this phase as it came; null where there is none. */
    content: Any,
  },
  closed,
)
export type Question = Static<typeof Question>

export const VerifiedInitiator = Type.Object(
  {
    grade: Grade,
    iss: nullable(Type.String()),
    sub: nullable(Type.String()),
    /** person: the token has a subject other than its client; workload: they are the same. */
    kind: nullable(oneOf(['person', 'workload'])),
    client_id: nullable(Type.String()),
    scopes: Names,
    groups: Names,
    acr: nullable(Type.String()),
    auth_time: nullable(Type.Number()),
    expires_at: nullable(Type.Number()),
    /** The `act` chain, current actor first. */
    delegation: Type.Array(
      Type.Object({ iss: nullable(Type.String()), sub: Type.String() }, closed),
    ),
  },
  closed,
)
export type VerifiedInitiator = Static<typeof VerifiedInitiator>

export const VerifiedServer = Type.Object(
  {
    grade: Grade,
    /** A SPIFFE ID, or a WIMSE identifier; null when it was proved otherwise. */
    spiffe_id: nullable(Type.String()),
    /** What a platform vouched for. */
    platform: nullable(ProvedPlatform),
    /** Digest of what a gateway says that it started, or what it saw of its TLS: its word, not a proof. */
    launch: nullable(Type.String()),
    tls: nullable(SeenTls),
    trust_domain: nullable(Type.String()),
    expires_at: nullable(Type.Number()),
  },
  closed,
)
export type VerifiedServer = Static<typeof VerifiedServer>

export const Verified = Type.Object(
  {
    pep: Type.Object(
      {
        id: Type.String(),
        grade: Grade,
        servers: Names,
        owner: Type.String(),
        /** Seconds since the epoch. */
        review_by: Type.Integer(),
      },
      closed,
    ),
    initiator: VerifiedInitiator,
    inputs: VerifiedInputs,
    server: VerifiedServer,
    workflow: VerifiedWorkflow,
  },
  closed,
)

export const Asserted = Type.Object(
  {
    /** Tool annotations with MCP's defaults filled in; null when there is no definition. */
    annotations: nullable(
      Type.Object(
        {
          read_only: Type.Boolean(),
          destructive: Type.Boolean(),
          idempotent: Type.Boolean(),
          open_world: Type.Boolean(),
          /** The names that the server really wrote. */
          stated: Names,
        },
        closed,
      ),
    ),
    client_capabilities: Any,
    client_info: Any,
    purpose_code: nullable(Type.String()),
    workflow: Type.Object(
      { id: nullable(Type.String()), parent_decision_id: nullable(Type.String()) },
      closed,
    ),
    approval_id: nullable(Type.String()),
  },
  closed,
)
export type Asserted = Static<typeof Asserted>

/** The part of the registry that this question is about; the engine's policy sees no more of it. */
export const RegistrySlice = Type.Object(
  {
    server: nullable(
      Type.Object(
        {
          id: Type.String(),
          /** How its workload is registered: one of these. */
          spiffe_id: nullable(Type.String()),
          platform: nullable(ProvedPlatform),
          launch: nullable(Type.Array(Type.String())),
          tls: nullable(Type.Object({ name: Type.String(), keys: Names }, closed)),
          resource: Type.String(),
          elicitation_hosts: Names,
          owner: Type.String(),
          review_by: Type.Integer(),
        },
        closed,
      ),
    ),
    capability: nullable(Capability),
    purpose: nullable(Purpose),
    agent: nullable(Agent),
    /** Who may issue grants of the asked purpose; null in every other question. */
    issuing: nullable(
      Type.Array(
        Type.Object(
          {
            id: Type.String(),
            owner: Type.String(),
            review_by: Type.Integer(),
            groups: Names,
            names_gateway: Type.Boolean(),
            initiators: oneOf(['anybody', 'oneself']),
            /** What of the asked bounds reaches beyond what it allows. */
            outside: Names,
            max_seconds: Type.Integer(),
            approval: nullable(ApprovalDemand),
          },
          closed,
        ),
      ),
    ),
    /** Groups of the registry that the verified initiator is in. */
    initiator_groups: Names,
    /** Other servers with a capability of the asked name that was not reviewed together with this one. */
    shadows: Names,
    /** Names of inline sampling tools that are governed capabilities of some server. */
    governed_tool_names: Names,
    exceptions: Type.Array(Exception),
    parameters: nullable(Parameters),
  },
  closed,
)
export type RegistrySlice = Static<typeof RegistrySlice>

export const PolicyInput = Type.Object(
  {
    v: Type.Literal(1),
    /** Seconds since the epoch, from the one clock. */
    now: Type.Integer(),
    decision_id: Type.String(),
    tenant: Type.Object(
      { id: Type.String(), project: Type.String(), environment: Type.String() },
      closed,
    ),
    question: Question,
    verified: Verified,
    attested: Type.Object(
      {
        approval: nullable(AttestedApproval),
        purpose: nullable(AttestedPurpose),
        refusal: nullable(AttestedRefusal),
      },
      closed,
    ),
    asserted: Asserted,
    registry: RegistrySlice,
  },
  closed,
)
export type PolicyInput = Static<typeof PolicyInput>
