/** Mints what people need to try the service in development: the tokens that real issuers would give. */
import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { PurposeGrant } from '../../contract/purpose-grant.ts'
import type { DevelopmentKeys, IssuerKey } from './development-keys.ts'
import { development } from './development-tenant.ts'

export type Person = {
  readonly sub: string
  readonly groups: readonly string[]
  readonly client: string
}

/** What a purpose grant is issued for; the rest of its claims are the development issuer's. */
export type GrantTerms = Pick<PurposeGrant, 'purpose' | 'capabilities' | 'data'> &
  Partial<Pick<PurposeGrant, 'sampling' | 'clarification'>>

/** An RFC 9068 access token of a person, for one MCP server. */
export function mintAccessToken(
  keys: DevelopmentKeys,
  person: Person,
  resource: string,
  extra: JWTPayload = {},
): Promise<string> {
  return sign(keys.identity, 'at+jwt', 3600, {
    iss: development.identityIssuer,
    sub: person.sub,
    aud: resource,
    client_id: person.client,
    groups: person.groups,
    scope: 'mcp',
    ...extra,
  })
}

/** A gateway's own credential for the PDP. */
export function mintPepToken(
  keys: DevelopmentKeys,
  scope = 'pdp.evaluate',
  extra: JWTPayload = {},
): Promise<string> {
  return sign(keys.identity, 'at+jwt', 3600, {
    iss: development.identityIssuer,
    sub: development.pep,
    aud: development.audience,
    client_id: development.pep,
    scope,
    ...extra,
  })
}

/** A SPIFFE JWT-SVID of a server workload, for the PDP. */
export function mintJwtSvid(
  keys: DevelopmentKeys,
  spiffeId: string,
  audience: string = development.audience,
): Promise<string> {
  return sign(keys.spiffe, 'JWT', 590, { sub: spiffeId, aud: audience })
}

/** A WIT-SVID of a workload, bound to its key; the workload then signs a proof for each question (WPT). */
export function mintWit(keys: DevelopmentKeys, spiffeId: string, holder: JWK): Promise<string> {
  return sign(keys.wit, 'wit+jwt', 3600, { sub: spiffeId, cnf: { jwk: holder } })
}

export function mintPurposeGrant(
  keys: DevelopmentKeys,
  sub: string,
  terms: GrantTerms,
  audience: string = development.audience,
): Promise<string> {
  return sign(keys.purpose, 'purpose-grant+jwt', 3600, {
    iss: development.purposeIssuer,
    aud: audience,
    initiator: { iss: development.identityIssuer, sub },
    ...terms,
  })
}

async function sign(key: IssuerKey, typ: string, seconds: number, claims: object): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ jti: randomUUID(), iat: now, exp: now + seconds, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ, kid: key.kid })
    .sign(await importJWK(key.privateJwk, 'ES256'))
}
