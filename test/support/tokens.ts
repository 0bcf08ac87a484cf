/** The token pipeline with real keys, real key sets and tokens signed by jose. */
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import type { KeySetTenant } from '../../service/adapter/key-sets/trust-anchor.ts'
import {
  createStatusLists,
  type ListTenant,
} from '../../service/adapter/status-lists/status-lists.ts'
import type { EvidenceFailure } from '../../service/contract/reason-code.ts'
import type { ExpectationsOf } from '../../service/flow/token-kinds.ts'
import { createVerifyToken, type VerifyToken } from '../../service/flow/verify-token.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import {
  accessClaims,
  createTestIssuer,
  eventClaims,
  platformClaims,
  grantClaims,
  idp,
  moment,
  pepClaims,
  resource,
  svidClaims,
  witClaims,
  tenantAudience,
  type TestIssuer,
} from './issuer.ts'
import { createStatusList, listed } from './status-list.ts'

export const kinds = [
  'access_token',
  'pep_token',
  'jwt_svid',
  'wit',
  'platform_token',
  'purpose_grant',
  'security_event',
] as const
/** What a genuine token of each kind says. */
export const claims: Readonly<Record<TokenKind, Readonly<Record<string, unknown>>>> = {
  access_token: accessClaims,
  pep_token: pepClaims,
  jwt_svid: svidClaims,
  wit: witClaims,
  purpose_grant: grantClaims,
  security_event: eventClaims,
  platform_token: platformClaims,
}
export const expectations = (now = moment): { readonly [K in TokenKind]: ExpectationsOf<K> } => ({
  access_token: {
    now,
    audience: resource,
    pep: { issuer: idp, clientId: 'gateway' },
    issuers: [idp],
  },
  pep_token: { now, audience: tenantAudience },
  jwt_svid: { now, audience: tenantAudience },
  wit: { now },
  platform_token: { now, audience: tenantAudience, demands: () => ({}) },
  purpose_grant: { now, audience: tenantAudience },
  security_event: { now, audience: tenantAudience },
})

/** Signers of every kind of token, and the verifier that trusts them. */
export type Tokens = {
  readonly signers: Record<TokenKind, TestIssuer>
  readonly verify: VerifyToken
  readonly keySets: KeySets
  readonly outcome: <K extends TokenKind>(
    kind: K,
    compact: string,
    expected?: ExpectationsOf<K>,
  ) => Promise<EvidenceFailure | 'ok'>
  readonly sign: (
    kind: TokenKind,
    changes?: object,
    header?: Record<string, unknown>,
  ) => Promise<string>
  readonly close: () => Promise<void>
}

export async function startTokens(): Promise<Tokens> {
  const oauth = await createTestIssuer('ES256', 'oauth')
  const signers: Tokens['signers'] = {
    access_token: oauth,
    pep_token: oauth,
    jwt_svid: await createTestIssuer('ES256', 'svid', null),
    wit: await createTestIssuer('ES256', 'wit', 'wit+jwt'),
    purpose_grant: await createTestIssuer('Ed25519', 'grants', 'purpose-grant+jwt'),
    platform_token: await createTestIssuer('RS256', 'platform', 'JWT'),
    security_event: await createTestIssuer('ES256', 'events', 'secevent+jwt'),
  }
  const list = await createStatusList()
  const tenants = [
    {
      id: 'acme',
      issuers: [
        {
          issuer: idp,
          kinds: ['initiator', 'pep'],
          algorithms: ['ES256', 'RS256'],
          keys: { inline: { keys: [oauth.jwk] } },
          ...listed,
        },
        {
          issuer: grantClaims.iss,
          kinds: ['grant'],
          algorithms: ['Ed25519'],
          keys: { inline: { keys: [signers.purpose_grant.jwk] } },
          ...listed,
        },
        {
          issuer: platformClaims.iss,
          kinds: ['platform'],
          algorithms: ['RS256'],
          keys: { inline: { keys: [signers.platform_token.jwk] } },
          ...listed,
        },
        {
          issuer: eventClaims.iss,
          kinds: ['events'],
          algorithms: ['ES256'],
          keys: { inline: { keys: [signers.security_event.jwk] } },
        },
        list.issuer,
        {
          issuer: 'https://down.example',
          kinds: ['initiator', 'grant'],
          algorithms: ['ES256'],
          keys: { url: 'https://down.example/keys' },
        },
      ],
      trust_domains: [
        { name: 'down.example', bundle: { url: 'https://down.example/bundle' } },
        {
          name: 'example.org',
          bundle: {
            inline: {
              keys: [
                { ...signers.jwt_svid.jwk, use: 'jwt-svid' },
                { ...signers.wit.jwk, use: 'wit-svid' },
              ],
            },
          },
        },
      ],
    },
  ] satisfies (KeySetTenant & ListTenant)[]
  const clock = { now: () => moment * 1000, uuid: () => '' }
  const keySets = await createKeySets(tenants, {
    clock,
    fetch: () => Promise.reject(new Error('down')),
  })
  const { fetch } = list
  const verify = createVerifyToken(keySets, createStatusLists(tenants, { keySets, clock, fetch }))
  return {
    signers,
    verify,
    keySets,
    outcome: async (kind, compact, expected = expectations()[kind]) => {
      const verified = await verify(kind, 'acme', compact, expected)
      return verified.ok ? 'ok' : verified.failure
    },
    sign: (kind, changes = {}, header = {}) =>
      signers[kind].sign({ ...claims[kind], ...changes }, header),
    close: () => keySets.close(),
  }
}
