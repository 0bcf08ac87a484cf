/** An issuer for tests: a key pair, its public JWK, and tokens signed by jose. */
import {
  CompactSign,
  exportJWK,
  generateKeyPair,
  type CompactJWSHeaderParameters,
  type CryptoKey,
  type JWK,
} from 'jose'

export type TestIssuer = {
  readonly kid: string
  readonly alg: string
  readonly jwk: JWK
  /** Signs a payload, or bytes that are none. `header` replaces or, with undefined, removes members. */
  sign(payload: unknown, header?: Record<string, unknown>): Promise<string>
}

export async function createTestIssuer(
  alg = 'ES256',
  kid = `kid-${alg}`,
  typ: string | null = 'at+jwt',
): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg }
  return {
    kid,
    alg,
    jwk,
    sign: (payload, header = {}) =>
      signWith(privateKey, payload, { alg, kid, ...(typ === null ? {} : { typ }), ...header }),
  }
}

async function signWith(
  key: CryptoKey,
  payload: unknown,
  header: Record<string, unknown>,
): Promise<string> {
  const members = Object.fromEntries(
    Object.entries(header).filter(([, value]) => value !== undefined),
  )
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return await new CompactSign(bytes)
    .setProtectedHeader(members as CompactJWSHeaderParameters)
    .sign(key)
}

/** A compact JWS of any header text, payload text and signature: nobody signed it. */
export function forge(header: unknown, payload: unknown, signature = 'c2ln'): string {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(payload)}.${signature}`
}

/** The moment at which the tests' tokens are looked at, in seconds. */
export const moment = 1_800_000_000

export const tenantAudience = 'https://pdp.example/acme'
export const resource = 'https://mcp.example/ops'
export const idp = 'https://idp.example'

export const accessClaims = {
  iss: idp,
  sub: 'alice',
  client_id: 'agent-1',
  aud: resource,
  jti: 't-1',
  iat: moment - 60,
  exp: moment + 240,
}
export const pepClaims = {
  iss: idp,
  sub: 'gateway',
  client_id: 'gateway',
  aud: tenantAudience,
  jti: 't-2',
  iat: moment - 60,
  exp: moment + 240,
  scope: 'pdp.evaluate pdp.audit.read',
}
export const svidClaims = {
  sub: 'spiffe://example.org/ns/ops/sa/mcp',
  aud: [tenantAudience],
  iat: moment - 60,
  exp: moment + 240,
}
export const grantClaims = {
  iss: 'https://purposes.example',
  aud: tenantAudience,
  jti: 'pg-1',
  iat: moment - 60,
  exp: moment + 3600,
  initiator: { iss: idp, sub: 'alice' },
  purpose: { code: 'incident.restore', ref: 'INC-4711' },
  capabilities: ['ops/tool:deploy'],
  data: { classifications: ['internal'], resources: [], residency: [], directions: ['egress'] },
}

/** The key that the WIT of the tests is bound to. */
export const workload = await createTestIssuer('ES256', 'workload', 'wpt+jwt')
export const witClaims = {
  sub: 'spiffe://example.org/ns/ops/sa/mcp',
  iat: moment - 60,
  exp: moment + 240,
  cnf: { jwk: workload.jwk },
}

export const eventClaims = {
  iss: 'https://events.example',
  aud: tenantAudience,
  jti: 'set-1',
  iat: moment,
  sub_id: { format: 'iss_sub', iss: idp, sub: 'alice' },
  events: {
    'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {
      event_timestamp: moment,
    },
  },
}

export const platformClaims = {
  iss: 'https://ci.example',
  sub: 'repo:acme@12/tools@34:ref:refs/heads/main',
  aud: tenantAudience,
  jti: 'job-1',
  iat: moment - 60,
  nbf: moment - 60,
  exp: moment + 240,
  repository_id: '34',
  repository_owner_id: '12',
  event_name: 'push',
}
