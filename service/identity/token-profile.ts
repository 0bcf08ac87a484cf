/**
 * The kinds of token as a table. A further proof is a further row.
 *
 * Rows exclude each other: by `typ`, by the claims they refuse, by the trust they are checked with and
 * by the audience they demand. No token of one kind passes as another.
 */
import type { EvidenceFailure } from '../contract/reason-code.ts'

export type TokenKind =
  | 'access_token'
  | 'pep_token'
  | 'jwt_svid'
  | 'wit'
  | 'platform_token'
  | 'purpose_grant'
  | 'security_event'

export type TokenProfile = {
  readonly kind: TokenKind
  /** The key sets that may have signed it. */
  readonly trust: 'initiator' | 'pep' | 'jwt_svid' | 'wit_svid' | 'platform' | 'grant' | 'events'
  /** Values of `typ`, byte for byte; null means that it may be absent. */
  readonly typs: readonly (string | null)[]
  readonly algorithms: readonly string[]
  /** `closed`: no header member but `alg`, `kid` and `typ`. */
  readonly header: 'open' | 'closed'
  /** Where the unverified payload names whose keys to use: its `iss`, or the trust domain of its `sub`. */
  readonly issuerIn: 'iss' | 'sub'
  /** Claims that mark another kind of token, or one that is bound to a key and came without proof of it. */
  readonly refusedClaims: Readonly<Record<string, EvidenceFailure>>
}

export const oauthAlgorithms = ['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519', 'EdDSA'] as const
/** SPIFFE JWT-SVID section 2.1 and WIT-SVID: what a SPIFFE key may sign with. */
export const spiffeAlgorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
]

/** RFC 9068; an ID token is known by the claims of OpenID Connect Core, section 2 and 3.3.2.11. */
const accessTokenRow = {
  typs: ['at+jwt', 'application/at+jwt'],
  algorithms: oauthAlgorithms,
  header: 'open',
  issuerIn: 'iss',
  refusedClaims: {
    nonce: 'id_token',
    at_hash: 'id_token',
    c_hash: 'id_token',
    s_hash: 'id_token',
    events: 'wrong_type',
  },
} as const

export const tokenProfiles: { readonly [K in TokenKind]: TokenProfile & { readonly kind: K } } = {
  access_token: { kind: 'access_token', trust: 'initiator', ...accessTokenRow },
  pep_token: { kind: 'pep_token', trust: 'pep', ...accessTokenRow },
  /** SPIFFE JWT-SVID, sections 2 and 3; a missing `kid` is refused as go-spiffe and SPIRE do. */
  jwt_svid: {
    kind: 'jwt_svid',
    trust: 'jwt_svid',
    typs: [null, 'JWT', 'JOSE'],
    algorithms: spiffeAlgorithms,
    header: 'closed',
    issuerIn: 'sub',
    refusedClaims: { cnf: 'pop_missing', events: 'wrong_type' },
  },
  /**
   * draft-ietf-wimse-workload-creds-02, and WIT-SVID (SPIFFE, 2026-07-01). Bound to the key in its `cnf`: it is
   * evidence only with a WPT by that key.
   */
  wit: {
    kind: 'wit',
    trust: 'wit_svid',
    typs: ['wit+jwt'],
    algorithms: [...spiffeAlgorithms, 'EdDSA', 'Ed25519'],
    header: 'open',
    issuerIn: 'sub',
    refusedClaims: { events: 'wrong_type', client_id: 'wrong_type' },
  },
  /** Tokens of platforms are typed like any JWT: what keeps them apart is whose keys sign them, and for whom. */
  platform_token: {
    kind: 'platform_token',
    trust: 'platform',
    typs: [null, 'JWT'],
    algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
    header: 'open',
    issuerIn: 'iss',
    refusedClaims: {
      cnf: 'wrong_type',
      events: 'wrong_type',
      client_id: 'wrong_type',
      nonce: 'id_token',
      at_hash: 'id_token',
      c_hash: 'id_token',
      s_hash: 'id_token',
    },
  },
  purpose_grant: {
    kind: 'purpose_grant',
    trust: 'grant',
    typs: ['purpose-grant+jwt'],
    algorithms: oauthAlgorithms,
    header: 'closed',
    issuerIn: 'iss',
    refusedClaims: { cnf: 'pop_missing', events: 'wrong_type' },
  },
  /** RFC 8417 with OpenID Shared Signals 1.0, section 4: neither `sub` nor `exp`, which would make it another token. */
  security_event: {
    kind: 'security_event',
    trust: 'events',
    typs: ['secevent+jwt', 'application/secevent+jwt'],
    algorithms: oauthAlgorithms,
    header: 'open',
    issuerIn: 'iss',
    refusedClaims: { sub: 'wrong_type', exp: 'wrong_type', cnf: 'wrong_type' },
  },
}

/** Header members by which a token brings its own keys, or asks to be read in another way (RFC 7515, 7516). */
export const refusedHeaders = [
  'jwk',
  'jku',
  'x5u',
  'x5c',
  'crit',
  'b64',
  'cty',
  'zip',
  'enc',
] as const

/** Types of signed statements that are never evidence of an identity; no row may list one of them. */
export const refusedTyps = [
  'oauth-id-jag+jwt',
  'logout+jwt',
  'dc+sd-jwt',
  'kb+jwt',
  'statuslist+jwt',
  'txntoken+jwt',
  'dpop+jwt',
  'wpt+jwt',
  'x5-proof+jwt',
  'decision+jwt',
  'event+jwt',
  'approval-state+jwt',
] as const
