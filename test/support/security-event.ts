/** Security events of the development issuer (RFC 8417, OpenID CAEP 1.0), and how they are pushed (RFC 8935). */
import { importJWK, SignJWT, type JWTPayload } from 'jose'
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { DevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import type { DevelopmentService, Reply } from './development-service.ts'

export function sessionRevoked(sub: string): JWTPayload {
  return {
    iss: development.identityIssuer,
    aud: development.audience,
    jti: crypto.randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    sub_id: { format: 'iss_sub', iss: development.identityIssuer, sub },
    events: { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} },
  }
}

export async function signEvent(
  { identity }: DevelopmentKeys,
  payload: JWTPayload,
  header: object = {},
): Promise<string> {
  return await new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'secevent+jwt', kid: identity.kid, ...header })
    .sign(await importJWK(identity.privateJwk, 'ES256'))
}

export function pushEvent(
  service: DevelopmentService,
  token: string,
  type = 'application/secevent+jwt',
): Promise<Reply> {
  return service.post('/v1/security-events', token, { 'content-type': type, authorization: '' })
}
