/** The public keys that a tenant trusts, and signatures checked with them. */
import type { KeySetState } from '../contract/trust-state.ts'
import type { Certificate } from '../identity/certificate.ts'

export type TrustKind =
  'initiator' | 'pep' | 'grant' | 'jwt_svid' | 'wit_svid' | 'platform' | 'events' | 'status'

/** Lookups are by tenant, kind and issuer (or trust domain); a bare `kid` or `iss` names nothing. */
export type KeyQuery = {
  readonly tenant: string
  readonly kind: TrustKind
  readonly issuer: string
  readonly kid: string
  readonly alg: string
}

export type KeyFailure = 'issuer_unknown' | 'keys_unavailable' | 'key_not_found' | 'alg_refused'

export type KeyResult =
  | { readonly ok: true; readonly key: VerificationKey }
  | { readonly ok: false; readonly failure: KeyFailure }

/** The CA certificates (DER) that the current bundle of a trust domain holds; none: all were revoked. */
export type AuthoritiesResult =
  | { readonly ok: true; readonly authorities: readonly Uint8Array[] }
  | { readonly ok: false; readonly failure: 'untrusted_domain' | 'keys_unavailable' }

/** One public key and the only algorithm that it verifies. */
export interface VerificationKey {
  /** RFC 7638 thumbprint. */
  readonly thumbprint: string
  /** Checks one signature; resolves false for anything that is not a valid signature. */
  verify(signingInput: Uint8Array, signature: Uint8Array): Promise<boolean>
}

/** A lookup of a configured issuer may fetch its key set, bounded in time and size; no other does any I/O. */
export interface KeySets {
  find(query: KeyQuery): Promise<KeyResult>
  /**
   * What an X509-SVID of that trust domain may chain to: of its own bundle alone, never of another's. May wait for a
   * fetch that is under way.
   */
  authorities(tenant: string, trustDomain: string): Promise<AuthoritiesResult>
  /**
   * A key that a token brought along, whose issuer has signed it or whose thumbprint another token names. Null when
   * it is not a public key of that algorithm, or is weak.
   */
  brought(jwk: Readonly<Record<string, unknown>>, alg: string): VerificationKey | null
  /** A certificate that somebody brought (DER); null when it is malformed, weak, or signed by a weak algorithm. */
  certificate(der: Uint8Array): Certificate | null
  /** Moves whenever any key set of the tenant changes; verified facts of an older epoch are void. */
  epoch(tenant: string): number
  /** Issuers whose keys are not to be had now. */
  unavailable(tenant: string): readonly string[]
  /** Each key set of the tenant, for an operator. */
  state(tenant: string): readonly KeySetState[]
  close(): Promise<void>
}
