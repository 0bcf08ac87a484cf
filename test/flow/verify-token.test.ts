/** The token pipeline, whole: real keys, real key sets, tokens signed by jose. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compactVerify, importJWK, jwtVerify } from 'jose'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { evidenceFailures, type EvidenceFailure } from '../../service/contract/reason-code.ts'
import type { ExpectationsOf } from '../../service/flow/token-kinds.ts'
import { createVerifyToken, type VerifyToken } from '../../service/flow/verify-token.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import {
  accessClaims,
  createTestIssuer,
  forge,
  grantClaims,
  idp,
  moment,
  pepClaims,
  resource,
  svidClaims,
  tenantAudience,
  type TestIssuer,
} from '../support/issuer.ts'

const kinds = ['access_token', 'pep_token', 'jwt_svid', 'purpose_grant'] as const
const claims: Record<TokenKind, Record<string, unknown>> = {
  access_token: accessClaims,
  pep_token: pepClaims,
  jwt_svid: svidClaims,
  purpose_grant: grantClaims,
}
const expectations = (now = moment): { readonly [K in TokenKind]: ExpectationsOf<K> } => ({
  access_token: {
    now,
    audience: resource,
    pep: { issuer: idp, clientId: 'gateway' },
    issuers: [idp],
  },
  pep_token: { now, audience: tenantAudience },
  jwt_svid: { now, audience: tenantAudience },
  purpose_grant: { now, audience: tenantAudience },
})

let signers: Record<TokenKind, TestIssuer>
let keySets: KeySets
let verify: VerifyToken

beforeAll(async () => {
  const oauth = await createTestIssuer('ES256', 'oauth')
  signers = {
    access_token: oauth,
    pep_token: oauth,
    jwt_svid: await createTestIssuer('ES256', 'svid', null),
    purpose_grant: await createTestIssuer('Ed25519', 'grants', 'purpose-grant+jwt'),
  }
  keySets = await createKeySets(
    [
      {
        id: 'acme',
        issuers: [
          {
            issuer: idp,
            kinds: ['initiator', 'pep'],
            algorithms: ['ES256', 'RS256'],
            keys: { inline: { keys: [oauth.jwk] } },
          },
          {
            issuer: grantClaims.iss,
            kinds: ['grant'],
            algorithms: ['Ed25519'],
            keys: { inline: { keys: [signers.purpose_grant.jwk] } },
          },
          {
            issuer: 'https://down.example',
            kinds: ['initiator'],
            algorithms: ['ES256'],
            keys: { url: 'https://down.example/keys' },
          },
        ],
        trust_domains: [
          {
            name: 'example.org',
            bundle: { inline: { keys: [{ ...signers.jwt_svid.jwk, use: 'jwt-svid' }] } },
          },
        ],
      },
    ],
    {
      clock: { now: () => moment * 1000, uuid: () => '' },
      fetch: () => Promise.reject(new Error('down')),
    },
  )
  verify = createVerifyToken(keySets)
})
afterAll(() => keySets.close())

async function outcome<K extends TokenKind>(
  kind: K,
  compact: string,
  expected = expectations()[kind],
): Promise<EvidenceFailure | 'ok'> {
  const verified = await verify(kind, 'acme', compact, expected)
  return verified.ok ? 'ok' : verified.failure
}

const sign = (
  kind: TokenKind,
  changes: object = {},
  header: Record<string, unknown> = {},
): Promise<string> => signers[kind].sign({ ...claims[kind], ...changes }, header)

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
  id_token: async () => ['access_token', await sign('access_token', { nonce: 'n' })],
  subject_is_pep: async () => [
    'access_token',
    await sign('access_token', { sub: 'gateway', client_id: 'gateway' }),
  ],
  pop_missing: async () => ['access_token', await sign('access_token', { cnf: { jkt: 'x' } })],
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
      'claim_mismatch',
      'server_unknown',
    ])
  })
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

describe('any change of one byte is refused', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n?'
  it.each(kinds)('%s', async (kind) => {
    const compact = await sign(kind)
    expect(await outcome(kind, compact)).toBe('ok')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(compact.length - 1),
        fc.constantFrom(...alphabet.split('')),
        async (at, byte) => {
          fc.pre(compact[at] !== byte)
          expect(await outcome(kind, compact.slice(0, at) + byte + compact.slice(at + 1))).not.toBe(
            'ok',
          )
        },
      ),
      { numRuns: 400 },
    )
  })
  it('one byte more or less, anywhere', async () => {
    const compact = await sign('jwt_svid')
    for (let at = 0; at <= compact.length; at += 1) {
      expect(await outcome('jwt_svid', `${compact.slice(0, at)}A${compact.slice(at)}`)).not.toBe(
        'ok',
      )
      if (at < compact.length)
        expect(await outcome('jwt_svid', compact.slice(0, at) + compact.slice(at + 1))).not.toBe(
          'ok',
        )
    }
  })
})

it('what we accept, jose accepts; what jose refuses, we refuse', async () => {
  const { jwk } = signers.access_token
  const key = await importJWK(jwk, 'ES256')
  const compact = await sign('access_token')
  await fc.assert(
    fc.asyncProperty(
      fc.nat(compact.length - 1),
      fc.constantFrom('A', 'Q', 'g', 'w', '_', '-', '.'),
      async (at, byte) => {
        const mutant = compact.slice(0, at) + byte + compact.slice(at + 1)
        const theirs = await compactVerify(mutant, key, { algorithms: ['ES256'] }).then(
          () => true,
          () => false,
        )
        if (!theirs) expect(await outcome('access_token', mutant)).not.toBe('ok')
        if ((await outcome('access_token', mutant)) === 'ok') expect(theirs).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

it('we accept no claims that jose, told all that we demand, refuses', async () => {
  const key = await importJWK(signers.access_token.jwk, 'ES256')
  const instant = fc.integer({ min: -100, max: 100 }).map((seconds) => moment + seconds)
  const odd = fc.constantFrom<unknown>('1', null, 1.5, -1, [], {})
  const changes = fc.record(
    {
      exp: fc.oneof({ weight: 9, arbitrary: instant }, odd),
      iat: fc.oneof({ weight: 9, arbitrary: instant }, odd),
      nbf: fc.oneof({ weight: 9, arbitrary: instant }, odd),
      aud: fc.constantFrom<unknown>(resource, [resource], ['x', resource], [resource], 'x', 5),
      sub: fc.constantFrom<unknown>('alice', 'bob', 'carol', '', undefined),
    },
    { requiredKeys: [] },
  )
  let [accepted, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const compact = await sign('access_token', changed)
      const ours = (await outcome('access_token', compact)) === 'ok'
      const theirs = await jwtVerify(compact, key, {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        audience: resource,
        issuer: idp,
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
        clockTolerance: 30,
        currentDate: new Date(moment * 1000),
      }).then(
        () => true,
        () => false,
      )
      if (ours) expect(theirs).toBe(true)
      if (ours) accepted += 1
      else refused += 1
    }),
    { numRuns: 300 },
  )
  expect(Math.min(accepted, refused)).toBeGreaterThan(0)
})

describe.each(['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])(
  '%s, signed by jose',
  (alg) => {
    it('verifies as a JWT-SVID, and not when it is touched', async () => {
      const signer = await createTestIssuer(alg, 'k', null)
      const trust_domains = [
        { name: 'example.org', bundle: { inline: { keys: [{ ...signer.jwk, use: 'jwt-svid' }] } } },
      ]
      const sets = await createKeySets([{ id: 'acme', issuers: [], trust_domains }], {
        clock: { now: () => 0, uuid: () => '' },
      })
      const check = createVerifyToken(sets)
      const compact = await signer.sign(svidClaims)
      expect(await check('jwt_svid', 'acme', compact, expectations().jwt_svid)).toMatchObject({
        ok: true,
      })
      const dot = compact.lastIndexOf('.') + 1
      const touched =
        compact.slice(0, dot) + (compact[dot] === 'A' ? 'B' : 'A') + compact.slice(dot + 1)
      expect(await check('jwt_svid', 'acme', touched, expectations().jwt_svid)).toMatchObject({
        failure: 'bad_signature',
      })
      const signature = Buffer.from(compact.slice(dot), 'base64url')
      for (const other of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]) {
        const cut = compact.slice(0, dot) + other.toString('base64url')
        expect(await check('jwt_svid', 'acme', cut, expectations().jwt_svid)).toMatchObject({
          failure: 'bad_signature',
        })
      }
      await sets.close()
    })
  },
)
