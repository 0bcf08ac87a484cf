/** What the proofs of a query are held against, and what they need of the world. */
import type { Pep } from '../decision/facts.ts'
import type { Grade } from '../contract/policy-input.ts'
import type { TlsPin } from '../contract/workload.ts'
import type { FoundSession } from '../audit/sessions.ts'
import type { PeerChain } from '../identity/certificate.ts'
import type { IsRevoked } from '../identity/access-token.ts'
import type { AgentDocuments } from '../port/agent-documents.ts'
import type { KeySets } from '../port/key-sets.ts'
import type { VerifyToken } from './verify-token.ts'

export type ProofPorts = {
  /** The tenant's id and the URI that proofs for it name as their audience. */
  readonly tenant: {
    readonly id: string
    readonly audience: string
    /** Issuers that it trusts for initiators and for the actors of their chains. */
    readonly initiatorIssuers: readonly string[]
    /** What the agent of that client id publishes of itself; null: the id is only a name. */
    readonly agentDocument: (clientId: string) => ReturnType<AgentDocuments['find']>
    /** What it demands of every token of a platform; null for an issuer that it does not know as one. */
    readonly platformDemands: (issuer: string) => Readonly<Record<string, string>> | null
  }
  readonly verify: VerifyToken
  readonly keySets: KeySets
}

/** What was asked, and by whom, as far as a proof can speak of it. */
export type Asked = {
  /** Seconds since the epoch. */
  readonly now: number
  /** The gateway that asks: its own token is nobody's initiator, and its nonces are its own. */
  readonly pep: {
    readonly issuer: string
    readonly clientId: string
    /** Its SPIFFE ID, where it proved itself as a workload. */
    readonly workload: string | null
    /** How it proved itself, which bounds what its word is worth. */
    readonly grade: Grade
    /** What it showed on the connection, and proved the key of; null without. */
    readonly peer: PeerChain | null
  }
  /** The registered URI of the MCP server that is asked; null when nobody registered it. */
  readonly resource: string | null
  /** How the registry says that the server is reached by TLS; null when it is known otherwise, or not at all. */
  readonly tlsPin: TlsPin | null
  /** The initiator's access token, which a proof that travels with it must cover. */
  readonly accessToken: string | null
  /** Whether this is the digest of what is asked, which a server can compute too. */
  readonly isRequest: (digest: unknown) => boolean
  readonly isNonce: (nonce: string) => boolean
  /** A proof by a key must name that digest; left out, it may. */
  readonly mustBindRequest?: true
  readonly isRevoked: IsRevoked
  /** The proof session of that handle, of this server and gateway. */
  readonly session: (handle: string) => FoundSession
}

/** The gateway as proofs are held against it. */
export function askerOf({ issuer, id, workload, peer, grade }: Pep): Asked['pep'] {
  return { issuer, clientId: id, workload, peer, grade }
}
