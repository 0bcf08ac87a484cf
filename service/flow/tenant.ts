/** What the corridors need of one tenant: everything hangs under it, nothing is looked up across tenants. */
import type { TrustState } from '../contract/trust-state.ts'
import type { Scope } from '../contract/scope.ts'
import type { PepRegistration } from '../contract/pep-registration.ts'
import type { ShadowReport } from '../contract/shadow-report.ts'
import type { AuditLog } from '../port/audit-log.ts'
import type { Clock } from '../port/clock.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import type { SignIn } from '../port/sign-in.ts'
import type { LastSeen } from './last-seen.ts'
import type { KeptPolicies } from './kept-policies.ts'
import type { Publisher } from './publisher.ts'
import type { PolicyLife } from './policy-life.ts'
import type { ProofPorts } from './proof-ports.ts'
import type { KeyPorts } from './signing-keys.ts'
import type { ShadowOffer } from './shadow-offer.ts'

export type DecidePorts = ProofPorts & {
  readonly clock: Clock
  /** The engine of the activated policy; null when none is. */
  readonly policy: () => PolicyEngine | null
  /** The sources of the policy have been silent for too long, at that time in milliseconds. */
  readonly isStale: (now: number) => boolean
  /** The log lacks its witnesses, and its tenant wants nothing to be permitted then. */
  readonly lacksWitnesses: (now: number) => boolean
  readonly audit: AuditLog
  /** Judges beside, after the decision is durable; absent or null when nothing does. */
  readonly shadow?: ShadowOffer | null
  /** Key of the pseudonyms of persons in leaves. */
  readonly pseudonymKey: Uint8Array
}

export type TenantConsole = {
  /** Null in development alone, where a link is printed. */
  readonly signIn: SignIn | null
  /** The client that its provider knows the console as. */
  readonly clientId: string
  readonly roles: readonly { readonly group: string; readonly scopes: readonly Scope[] }[]
  readonly passkeys: 'offered' | 'required'
}

/** One tenant as the rim of the service sees it. */
export type Tenant = DecidePorts & {
  /** Its gateways, as they are registered. */
  readonly peps: readonly PepRegistration[]
  readonly findPep: (issuer: string, clientId: string) => PepRegistration | null
  /** The gateway that is registered as that workload. */
  readonly findPepWorkload: (id: string) => PepRegistration | null
  /** Host names by which a gateway without a token chooses this tenant at the TLS listener. */
  readonly tlsNames: readonly string[]
  /** When each gateway was last authenticated. */
  readonly lastSeen: LastSeen
  /** Whether that transmitter of security events may speak of subjects of that issuer. */
  readonly mayRevoke: (transmitter: string, issuer: string) => boolean
  /** Public decision keys, old ones too, for `/.well-known/jwks.json`. */
  readonly publicKeys: () => readonly Readonly<Record<string, unknown>>[]
  /** Its decision keys, and what they are changed by. */
  readonly keys: KeyPorts
  /** Development mode only: the API key and the PEP that it stands for. */
  readonly developmentPep: {
    readonly apiKey: string
    readonly registration: PepRegistration
  } | null
  /** Why it cannot answer; empty when it can. */
  readonly obstacles: () => readonly string[]
  /** What judges beside, and how it differs. */
  readonly shadowReport: () => ShadowReport
  /** Whose keys it trusts, and how fresh they are. */
  readonly trust: () => TrustState
  /** What an operator should look at, though it answers. */
  readonly notices: () => readonly string[]
  /** Its log as others can read and verify it; open to everybody when the configuration says so. */
  readonly published: { readonly publisher: Publisher; readonly isPublic: boolean }
  /** Where its people sign in, and what they may do there; null: it has no console. */
  readonly console: TenantConsole | null
  /** How its policy came to decide, and an operator's word on it. */
  readonly life: PolicyLife
  /** What decided once, to explain what it decided. */
  readonly kept: KeptPolicies
}

/** Tenants by the audience of their credentials; a request names no tenant otherwise. */
export type Tenants = ReadonlyMap<string, Tenant>
