/** The token pipeline, whole: kinds, tenants, each failure, the order of the checks. */
import { afterAll, describe, expect, it } from '@jest/globals'
import { evidenceFailures, type EvidenceFailure } from '../../service/contract/reason-code.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import {
  accessClaims,
  createTestIssuer,
  forge,
  grantClaims,
  idp,
  moment,
  svidClaims,
  tenantAudience,
} from '../support/issuer.ts'
import { statusClaim } from '../support/status-list.ts'
import { expectations, kinds, startTokens } from '../support/tokens.ts'

const { signers, verify, outcome, sign, close } = await startTokens()
afterAll(close)

describe('a token of each kind', () => {
  it.each([
    ['access_token', { grade: 'bearer', iss: idp, sub: 'alice' }],
    ['pep_token', { iss: idp, clientId: 'gateway' }],
    ['jwt_svid', { grade: 'bearer', spiffe_id: svidClaims.sub }],
    ['purpose_grant', { grant_id: 'pg-1', iss: grantClaims.iss }],
  ] as const)('%s gives its facts and its digest', async (kind, facts) => {
    const compact = await sign(kind)
    const expected = { ok: true, digest: digestOfText(compact), facts }
    expect(await verify(kind, 'acme', compact, expectations()[kind])).toMatchObject(expected)
    expect(verify(kind, 'acme', compact, expectations()[kind])).toMatchObject(expected)
  })

  it('passes as no other kind', async () => {
    const matrix: string[] = []
    for (const presented of kinds) {
      const compact = await sign(presented)
      for (const kind of kinds)
        if ((await outcome(kind, compact)) === 'ok') matrix.push(`${presented} as ${kind}`)
    }
    expect(matrix).toEqual(kinds.map((kind) => `${kind} as ${kind}`))
  })

  it('is for its own tenant', async () => {
    expect(
      await verify('access_token', 'beta', await sign('access_token'), expectations().access_token),
    ).toMatchObject({
      failure: 'issuer_unknown',
    })
  })
})

/** One token for each failure that a token can have; the rest are contradictions between facts. */
const failing: Partial<Record<EvidenceFailure, () => Promise<[TokenKind, string]>>> = {
  malformed: () => Promise.resolve(['access_token', 'x']),
  revoked: async () => ['access_token', await sign('access_token', statusClaim('revoked'))],
  suspended: async () => ['purpose_grant', await sign('purpose_grant', statusClaim('suspended'))],
  // Whose lists nobody configured.
  status_unavailable: async () => ['jwt_svid', await sign('jwt_svid', statusClaim('valid'))],
  too_large: () => Promise.resolve(['access_token', 'x'.repeat(9000)]),
  wrong_type: async () => ['access_token', await sign('access_token', {}, { typ: 'JWT' })],
  alg_refused: async () => [
    'access_token',
    await sign('access_token', {}, { typ: 'at+jwt' }).then((token) => realgorithm(token, 'HS256')),
  ],
  header_refused: async () => [
    'jwt_svid',
    await sign('jwt_svid', {}, { jku: 'https://evil.example' }),
  ],
  kid_missing: async () => ['jwt_svid', await sign('jwt_svid', {}, { kid: undefined })],
  issuer_unknown: async () => [
    'access_token',
    await sign('access_token', { iss: 'https://evil.example' }),
  ],
  issuer_scope: async () => [
    'platform_token',
    await sign('platform_token', { event_name: 'pull_request' }),
  ],
  untrusted_domain: async () => [
    'jwt_svid',
    await sign('jwt_svid', { sub: 'spiffe://evil.example/x' }),
  ],
  keys_unavailable: async () => [
    'access_token',
    await sign('access_token', { iss: 'https://down.example' }),
  ],
  key_not_found: async () => ['access_token', await sign('access_token', {}, { kid: 'other' })],
  bad_signature: async () => [
    'access_token',
    await (await createTestIssuer('ES256', 'oauth')).sign(accessClaims),
  ],
  duplicate_member: async () => [
    'access_token',
    await signers.access_token.sign(JSON.stringify(accessClaims).replace('{', '{"sub":"mallory",')),
  ],
  bad_claim: async () => [
    'access_token',
    await signers.access_token.sign(
      JSON.stringify(accessClaims).replace(/"exp":\d+/u, '"exp":1e400'),
    ),
  ],
  bad_identifier: async () => [
    'jwt_svid',
    await sign('jwt_svid', { sub: 'spiffe://example.org/a/../b' }),
  ],
  audience: async () => [
    'access_token',
    await sign('access_token', { aud: 'https://mcp.example/other' }),
  ],
  audience_many: async () => [
    'jwt_svid',
    await sign('jwt_svid', { aud: [tenantAudience, 'https://other.example'] }),
  ],
  expired: async () => [
    'access_token',
    await sign('access_token', { iat: moment - 100, exp: moment - 30 }),
  ],
  not_yet_valid: async () => ['access_token', await sign('access_token', { iat: moment + 31 })],
  lifetime: async () => ['jwt_svid', await sign('jwt_svid', { iat: moment, exp: moment + 601 })],
  chain_too_deep: async () => ['access_token', await sign('access_token', { act: deepChain(9) })],
  chain_loop: async () => [
    'access_token',
    await sign('access_token', { act: { iss: idp, sub: 'alice' } }),
  ],
  chain_issuer: async () => [
    'access_token',
    await sign('access_token', { act: { iss: 'https://evil.example', sub: 'a' } }),
  ],
  chain_not_allowed: async () => [
    'access_token',
    await sign('access_token', { act: { iss: idp, sub: 'a' }, may_act: { iss: idp, sub: 'b' } }),
  ],
  id_token: async () => ['access_token', await sign('access_token', { nonce: 'n' })],
  subject_is_pep: async () => [
    'access_token',
    await sign('access_token', { sub: 'gateway', client_id: 'gateway' }),
  ],
  pop_missing: async () => [
    'access_token',
    await sign('access_token', { cnf: { jkt: 'x'.repeat(43) } }),
  ],
}

function deepChain(depth: number): unknown {
  return depth === 0 ? undefined : { iss: idp, sub: `a${String(depth)}`, act: deepChain(depth - 1) }
}

function realgorithm(token: string, alg: string): string {
  const [, payload = '', signature = ''] = token.split('.')
  return `${forge({ alg, kid: 'oauth', typ: 'at+jwt' }, '').split('.', 1).join('')}.${payload}.${signature}`
}

describe('each failure has its token', () => {
  it.each(Object.keys(failing) as EvidenceFailure[])('%s', async (failure) => {
    const [kind, compact] = (await failing[failure]?.()) ?? ['access_token', '']
    expect(await outcome(kind, compact)).toBe(failure)
    expect(await outcome(kind, compact)).toBe(failure)
  })
  it('but those that two facts have together', () => {
    expect(evidenceFailures.filter((failure) => !(failure in failing))).toEqual([
      'untrusted_domain_key',
      // Of a proof that goes with a token: possession.test.ts; of a proof shown twice: test/api/replay.test.ts.
      ...['pop_unexpected', 'pop_key', 'pop_target', 'bad_cnf', 'alg_mismatch', 'wth', 'ath'],
      ...['tth', 'oth', 'nonce', 'request_digest'],
      // Of certificates: test/identity/x509-svid.test.ts, test/api/mtls.test.ts.
      ...['certificate_missing', 'certificate_mismatch', 'certificate_profile'],
      ...['certificate_constraint', 'path_too_long'],
      // Of what a gateway forwards: test/flow/prove-forwarded.test.ts.
      ...['path_broken', 'certificate_name', 'pin_missing', 'pin_name', 'pin_key'],
      ...['replay', 'replay_store_full'],
      'proof_many',
      // Of proof sessions: test/api/proof-sessions.test.ts.
      ...['session_unknown', 'session_ended'],
      // Of the document of an agent: test/adapter/agent-documents.
      ...['agent_unavailable', 'agent_document'],
      'claim_mismatch',
      'server_unknown',
    ])
  })
})

it('a token whose place in a list is good counts, each time it is shown', async () => {
  const token = await sign('access_token', statusClaim('valid'))
  expect([await outcome('access_token', token), await outcome('access_token', token)]).toEqual([
    'ok',
    'ok',
  ])
})

describe('the order of the checks', () => {
  it('a trusted domain whose bundle lacks the key is not an untrusted domain', async () => {
    expect(await outcome('jwt_svid', await sign('jwt_svid', {}, { kid: 'other' }))).toBe(
      'key_not_found',
    )
  })
  it('a payload is judged only after its signature', async () => {
    const stranger = await createTestIssuer('ES256', 'oauth')
    const twice = JSON.stringify({ ...accessClaims, exp: 1 }).replace('{', '{"sub":"mallory",')
    expect(await outcome('access_token', await stranger.sign(twice))).toBe('bad_signature')
  })
  it('a token that is signed twice over is no payload', async () => {
    const inner = await sign('access_token')
    expect(await outcome('access_token', await signers.access_token.sign(inner))).toBe('malformed')
    expect(
      await outcome('access_token', await signers.access_token.sign(inner, { cty: 'JWT' })),
    ).toBe('header_refused')
  })
  it('the public key as an HMAC secret proves nothing', async () => {
    const { createHmac } = await import('node:crypto')
    const { jwk } = signers.access_token
    for (const secret of [JSON.stringify(jwk), Buffer.from(jwk.x ?? '', 'base64url')]) {
      const [header = '', payload = ''] = forge(
        { alg: 'HS256', kid: 'oauth', typ: 'at+jwt' },
        accessClaims,
      ).split('.')
      const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
      expect(await outcome('access_token', `${header}.${payload}.${mac}`)).toBe('alg_refused')
    }
  })
  it('an embedded key proves nothing', async () => {
    const stranger = await createTestIssuer('ES256', 'oauth')
    expect(
      await outcome('access_token', await stranger.sign(accessClaims, { jwk: stranger.jwk })),
    ).toBe('header_refused')
  })
})
