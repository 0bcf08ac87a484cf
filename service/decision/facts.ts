/** All that is known of one query when it is judged; gathered in one place, then only read. */
import type { AskedInput } from '../contract/asked-input.ts'
import type { Digest } from '../contract/digest.ts'
import type { InputLane } from '../workflow/asked-inputs.ts'
import type { AttestedApproval, AttestedRefusal } from '../contract/approval.ts'
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { Grade, VerifiedInitiator, VerifiedServer } from '../contract/policy-input.ts'
import type { PolicyAuthor } from '../contract/policy-author.ts'
import type { PolicyRevision } from '../contract/decision.ts'
import type { Observation } from '../contract/observation.ts'
import type { Gap } from '../contract/reason-code.ts'
import type { SpentProof } from '../contract/leaf.ts'
import type { PeerChain } from '../identity/certificate.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import type { Quoted } from '../audit/sessions.ts'
import type { RegistryIndex } from './registry-index.ts'
import type { WorkflowRef, WorkflowSeen } from '../workflow/workflow-facts.ts'

/** The gateway that asks, as its registration says: tenant, project and environment come from here alone. */
export type Pep = {
  readonly tenant: string
  readonly id: string
  readonly issuer: string
  readonly project: string
  readonly environment: string
  readonly servers: readonly string[]
  readonly scopes: readonly string[]
  readonly grade: Grade
  /** Its SPIFFE ID, where it proved itself as a workload. */
  readonly workload: string | null
  /** The certificates that it showed on the connection, whose key it proved; null without. */
  readonly peer: PeerChain | null
  /** The proof that it made for this request: used up by what the request is answered with. */
  readonly proofs: readonly SpentProof[]
  readonly owner: string
  /** Seconds since the epoch. */
  readonly reviewBy: number
}

export type Facts = {
  /** Milliseconds since the epoch: the clock, read once for this query. */
  readonly now: number
  readonly decisionId: string
  readonly workflow: WorkflowRef
  /** What had happened in it when all this was gathered. */
  readonly workflowSeen: WorkflowSeen
  readonly pep: Pep
  readonly policy: PolicyRevision | null
  /** Who wrote it, by the manifests of its bundles. */
  readonly authors: readonly PolicyAuthor[]
  readonly index: RegistryIndex
  /** What the registry of the same activation observes now, of the server that is asked about. */
  readonly observations: readonly Observation[]
  readonly initiator: VerifiedInitiator
  readonly server: VerifiedServer
  readonly purpose: AttestedPurpose | null
  /** The question that an answer of this initiator quotes, by its digest and that of the round; and how often was asked lately. */
  readonly inputs: InputsFacts
  /** What people said of an action or a round, by its digest; as of the moment in which all this was gathered. */
  readonly approvalFor: (key: string) => AttestedApproval | null
  /** The last refusal of the like, by the key of the capability in the registry. */
  readonly refusalFor: (key: string | null) => AttestedRefusal | null
  /** SHA-256 of each token that was verified. */
  readonly evidence: readonly string[]
  /** Proofs that this query uses up. */
  readonly replayKeys: readonly ReplayKey[]
  /** The proof session that proved the server; null without one. */
  readonly session: Quoted | null
  /** The epoch of stops in which all this was gathered. */
  readonly stopEpoch: number
  /** Evidence that is broken or contradicts itself: each one denies, whatever policy says. */
  readonly gaps: readonly Gap[]
}

/** As of the moment in which all this was gathered. */
export type InputsFacts = {
  readonly lane: InputLane
  readonly find: (definition: Digest, round: Digest) => AskedInput | null
  readonly lately: number
}

export const noInitiator: VerifiedInitiator = {
  acr: null,
  auth_time: null,
  client_id: null,
  delegation: [],
  expires_at: null,
  grade: 'none',
  groups: [],
  iss: null,
  kind: null,
  scopes: [],
  sub: null,
}

export const noServer: VerifiedServer = {
  expires_at: null,
  grade: 'none',
  launch: null,
  platform: null,
  spiffe_id: null,
  tls: null,
  trust_domain: null,
}
