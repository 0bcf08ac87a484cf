/** Proofs of possession: WIT with WPT, access token with DPoP; what each covers, and each way that it can be wrong. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import type { InitiatorEvidence, ServerProof } from '../../service/contract/query.ts'
import type { EvidenceFailure } from '../../service/contract/reason-code.ts'
import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { proveServer } from '../../service/flow/prove-server.ts'
import type { Asked, ProofPorts } from '../../service/flow/proof-ports.ts'
import { proveWorkload } from '../../service/flow/prove-workload.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import { nonceClaim, requestDigestClaim } from '../../service/identity/wpt.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import { createTestIssuer, idp, moment, resource, tenantAudience } from '../support/issuer.ts'
import { startTokens } from '../support/tokens.ts'
import { createHolder, type Changes } from '../support/workload.ts'

const { keySets, sign, verify, close } = await startTokens()
const holder = await createHolder(() => moment)
const stranger = await createHolder(() => moment)
afterAll(close)

const digest = `sha256:${'d'.repeat(64)}`
const ports: ProofPorts = {
  tenant: {
    id: 'acme',
    audience: tenantAudience,
    initiatorIssuers: [idp],
    agentDocument: () => null,
    platformDemands: () => null,
  },
  verify,
  keySets,
}
const asked: Asked = {
  now: moment,
  pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade: 'pop' },
  resource,
  tlsPin: null,
  accessToken: null,
  isRequest: (said) => said === digest,
  isRevoked: () => false,
  session: () => ({ ok: false, failure: 'session_unknown' }),
  isNonce: (nonce) => nonce === 'ours',
}
const boundTo = (key: unknown) => ({ cnf: { jwk: key } })
const wit = await sign('wit', boundTo(holder.key.jwk))
const bound = { claims: { [requestDigestClaim]: digest } }

const server = async (proof: ServerProof, of: Partial<Asked> = {}): Promise<unknown> =>
  proveServer(proof, { ...asked, ...of }, ports)
const failing = (failure: EvidenceFailure) => ({ ok: false, failure })

describe('a server by WIT and WPT', () => {
  it.each([
    ['the digest of the request', bound, 'pop'],
    ['a nonce of ours', { claims: { [nonceClaim]: 'ours' } }, 'pop'],
    ['nothing of the request', {}, 'bearer'],
  ] as const)('bound to %s is of its grade', async (_name, changes, grade) => {
    const wpt = await holder.wpt(wit, tenantAudience, changes)
    expect(await server({ wit, wpt })).toMatchObject({
      ok: true,
      facts: {
        grade,
        spiffe_id: 'spiffe://example.org/ns/ops/sa/mcp',
        trust_domain: 'example.org',
      },
    })
  })

  it('may be shown once: the proof and the nonce are both named as used up', async () => {
    const wpt = await holder.wpt(wit, tenantAudience, { claims: { [nonceClaim]: 'ours' } })
    const proved = await proveServer({ wit, wpt }, asked, ports)
    const keys = proved?.ok === true ? proved.replayKeys : []
    expect(new Set(keys.map((key) => key.digest)).size).toBe(2)
    expect(keys.every(({ until, slot }) => until === moment + 90 && slot === 'server')).toBe(true)
  })

  const wrong: readonly (readonly [string, Changes, EvidenceFailure])[] = [
    ['another audience', { claims: { aud: 'https://pdp.example/other' } }, 'audience'],
    ['two audiences', { claims: { aud: [tenantAudience, 'https://other.example'] } }, 'audience'],
    ['no audience', { claims: { aud: undefined } }, 'audience'],
    ['another WIT', { claims: { wth: tokenHash('another') } }, 'wth'],
    ['no hash of the WIT', { claims: { wth: undefined } }, 'wth'],
    ['an access token that did not come', { claims: { ath: tokenHash('x') } }, 'ath'],
    ['a transaction token', { claims: { tth: tokenHash('x') } }, 'tth'],
    ['another token', { claims: { oth: { 'x-token': tokenHash('x') } } }, 'oth'],
    ['other tokens as a list', { claims: { oth: [] } }, 'oth'],
    ['another request', { claims: { [requestDigestClaim]: `${digest}0` } }, 'request_digest'],
    ['a request that is no text', { claims: { [requestDigestClaim]: 1 } }, 'request_digest'],
    ['a nonce that is not ours', { claims: { [nonceClaim]: 'theirs' } }, 'nonce'],
    ['a nonce that is no text', { claims: { [nonceClaim]: ['ours'] } }, 'nonce'],
    ['an end that is past', { claims: { exp: moment - 30 } }, 'expired'],
    ['an end too far away', { claims: { exp: moment + 121 } }, 'lifetime'],
    ['an end without end', { claims: { exp: 1e300 } }, 'bad_claim'],
    ['no end', { claims: { exp: undefined } }, 'bad_claim'],
    ['no jti', { claims: { jti: undefined } }, 'bad_claim'],
    ['an endless jti', { claims: { jti: 'j'.repeat(257) } }, 'bad_claim'],
    ['the type of a JWT', { header: { typ: 'JWT' } }, 'wrong_type'],
    ['the type of a WIT', { header: { typ: 'wit+jwt' } }, 'wrong_type'],
    ['a key in its header', { header: { jwk: holder.key.jwk } }, 'header_refused'],
    ['a kid', { header: { kid: 'holder' } }, 'header_refused'],
  ]
  it.each(wrong)('whose proof names %s is refused', async (_name, changes, failure) => {
    const wpt = await holder.wpt(wit, tenantAudience, changes)
    expect(await server({ wit, wpt })).toMatchObject(failing(failure))
  })

  it('is refused with the proof of another key, and with the WIT of another workload', async () => {
    const theirs = await stranger.wpt(wit, tenantAudience, bound)
    expect(await server({ wit, wpt: theirs })).toMatchObject(failing('bad_signature'))
    const other = await sign('wit', {
      ...boundTo(holder.key.jwk),
      sub: 'spiffe://example.org/other',
    })
    const wpt = await holder.wpt(wit, tenantAudience, bound)
    expect(await server({ wit: other, wpt })).toMatchObject(failing('wth'))
  })

  it('gets nowhere with a WIT that a stranger signed for the key of the attacker', async () => {
    const evil = await createTestIssuer('ES256', 'wit', 'wit+jwt')
    const forged = await evil.sign({
      ...{ sub: 'spiffe://example.org/ns/ops/sa/mcp', exp: moment + 60 },
      ...boundTo(stranger.key.jwk),
    })
    const wpt = await stranger.wpt(forged, tenantAudience, bound)
    expect(await server({ wit: forged, wpt })).toMatchObject(failing('bad_signature'))
  })

  it.each([
    ['a secret', { kty: 'oct', k: 'AAAA', alg: 'HS256' }],
    ['a private key', { ...holder.key.jwk, d: 'AAAA' }],
    ['a key without its algorithm', { ...holder.key.jwk, alg: undefined }],
    ['a key for no signature', { ...holder.key.jwk, alg: 'ECDH-ES' }],
    ['a text', 'key'],
  ])('whose WIT is bound to %s is refused', async (_name, jwk) => {
    const broken = await sign('wit', boundTo(jwk))
    const wpt = await holder.wpt(broken, tenantAudience, bound)
    expect(await server({ wit: broken, wpt })).toMatchObject(failing('bad_cnf'))
  })

  it('has the algorithm of its key by its very name', async () => {
    const edwards = await createHolder(() => moment, 'Ed25519')
    const named = await sign('wit', boundTo({ ...edwards.key.jwk, alg: 'ES384' }))
    const wpt = await edwards.wpt(named, tenantAudience, bound)
    expect(await server({ wit: named, wpt })).toMatchObject(failing('alg_mismatch'))
    // A SPIFFE key signs with none of RFC 8037.
    const svid = await sign('wit', boundTo(edwards.key.jwk))
    expect(await server({ wit: svid, wpt })).toMatchObject(failing('bad_cnf'))
  })

  it.each([
    ['a WIT alone', { wit }, 'pop_missing'],
    ['a proof alone', { wpt: 'a.b.c' }, 'malformed'],
    ['a JWT-SVID beside it', { wit, wpt: 'a.b.c', jwt_svid: 'a.b.c' }, 'proof_many'],
    ['a JWT-SVID beside a proof', { wpt: 'a.b.c', jwt_svid: 'a.b.c' }, 'proof_many'],
  ] as const)('%s is refused', async (_name, proof, failure) => {
    expect(await server(proof)).toMatchObject(failing(failure))
  })

  it('without any proof proves nothing, and that is no failure', async () => {
    expect(await server({})).toBeNull()
  })

  it('a WIT is no JWT-SVID, and a JWT-SVID no WIT', async () => {
    expect(await server({ jwt_svid: wit })).toEqual({
      ...failing('wrong_type'),
      digest: expect.any(String),
    })
    const svid = await sign('jwt_svid')
    expect(await server({ wit: svid, wpt: 'a.b.c' })).toMatchObject(failing('wrong_type'))
  })
})

const initiator = async (given: InitiatorEvidence, of: Partial<Asked> = {}): Promise<unknown> =>
  proveInitiator(given, { ...asked, accessToken: given.access_token ?? null, ...of }, ports)

const token = await sign('access_token', { cnf: { jkt: holder.thumbprint } })

describe('an access token that is bound to a key', () => {
  it('with the proof of that key is proof of possession', async () => {
    const dpop = await holder.dpop(token, resource)
    expect(await initiator({ access_token: token, dpop })).toMatchObject({
      ok: true,
      facts: { grade: 'pop', sub: 'alice' },
      replayKeys: [{ slot: 'initiator', until: moment + 61 }],
    })
  })

  it.each([
    ['query and fragment do not count', `${resource}?a=b#c`],
    ['nor the spelling of scheme, host and port', 'HTTPS://MCP.example:443/ops'],
    ['nor a dot segment', 'https://mcp.example/x/../ops'],
  ])('its target is compared after normalisation: %s', async (_name, htu) => {
    const dpop = await holder.dpop(token, htu)
    expect(await initiator({ access_token: token, dpop })).toMatchObject({ ok: true })
  })

  it('names the method of the request', async () => {
    const dpop = await holder.dpop(token, resource, { claims: { htm: 'GET' } })
    expect(await initiator({ access_token: token, dpop })).toMatchObject(failing('pop_target'))
    const http = { method: 'GET' } as const
    expect(await initiator({ access_token: token, dpop, http })).toMatchObject({ ok: true })
  })

  const wrong: readonly (readonly [string, Changes, EvidenceFailure])[] = [
    ['another resource', { claims: { htu: 'https://mcp.example/other' } }, 'pop_target'],
    ['a resource that is no URL', { claims: { htu: 'ops' } }, 'pop_target'],
    ['no resource', { claims: { htu: undefined } }, 'pop_target'],
    ['a method in lower case', { claims: { htm: 'post' } }, 'pop_target'],
    ['another token', { claims: { ath: tokenHash('x') } }, 'ath'],
    ['no token', { claims: { ath: undefined } }, 'ath'],
    ['an audience', { claims: { aud: tenantAudience } }, 'wrong_type'],
    ['a time that is past', { claims: { iat: moment - 61 } }, 'expired'],
    ['a time to come', { claims: { iat: moment + 31 } }, 'not_yet_valid'],
    ['a time as text', { claims: { iat: String(moment) } }, 'bad_claim'],
    ['no jti', { claims: { jti: undefined } }, 'bad_claim'],
    ['no key', { header: { jwk: undefined } }, 'bad_cnf'],
    ['a private key', { header: { jwk: { ...holder.key.jwk, d: 'AA' } } }, 'bad_cnf'],
    ['a secret', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'bad_cnf'],
    [
      'a key for another algorithm',
      { header: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } } },
      'bad_cnf',
    ],
    ['the type of an access token', { header: { typ: 'at+jwt' } }, 'wrong_type'],
    ['where to find its key', { header: { jku: 'https://evil.example' } }, 'header_refused'],
  ]
  it.each(wrong)('whose proof names %s is refused', async (_name, changes, failure) => {
    const dpop = await holder.dpop(token, resource, changes)
    expect(await initiator({ access_token: token, dpop })).toMatchObject(failing(failure))
  })

  it('is refused without a proof, with that of another key, and a proof without need too', async () => {
    expect(await initiator({ access_token: token })).toMatchObject(failing('pop_missing'))
    const theirs = await stranger.dpop(token, resource)
    expect(await initiator({ access_token: token, dpop: theirs })).toMatchObject(failing('pop_key'))
    const unbound = await sign('access_token')
    const dpop = await holder.dpop(unbound, resource)
    expect(await initiator({ access_token: unbound, dpop })).toMatchObject(
      failing('pop_unexpected'),
    )
  })

  it.each([
    ['to nothing known', { unknown: 'x' }],
    ['to two keys', { jkt: holder.thumbprint, 'x5t#S256': holder.thumbprint }],
    ['to a key as text', 'key'],
    ['to a digest of another length', { jkt: 'short' }],
  ])('bound %s is refused', async (_name, cnf) => {
    expect(await initiator({ access_token: await sign('access_token', { cnf }) })).toMatchObject(
      failing('bad_cnf'),
    )
  })

  it('bound to a certificate is refused with a DPoP proof of the same digest', async () => {
    const mtls = await sign('access_token', { cnf: { 'x5t#S256': holder.thumbprint } })
    const dpop = await holder.dpop(mtls, resource)
    expect(await initiator({ access_token: mtls, dpop })).toMatchObject(
      failing('certificate_missing'),
    )
    const peer = { thumbprint: holder.thumbprint, chain: [] }
    const shown = { pep: { ...asked.pep, peer } }
    expect(await initiator({ access_token: mtls, dpop }, shown)).toMatchObject(
      failing('pop_unexpected'),
    )
    expect(await initiator({ access_token: mtls }, shown)).toMatchObject({
      ok: true,
      facts: { grade: 'pop' },
    })
    const other = { pep: { ...asked.pep, peer: { ...peer, thumbprint: 'x' } } }
    expect(await initiator({ access_token: mtls }, other)).toMatchObject(
      failing('certificate_mismatch'),
    )
  })

  it('a gateway proves itself to nobody by a bound token without its proof', async () => {
    const pep = await sign('pep_token', { cnf: { jkt: holder.thumbprint } })
    expect(
      await verify('pep_token', 'acme', pep, { now: moment, audience: tenantAudience }),
    ).toMatchObject(failing('pop_missing'))
  })
})

describe('an agent that acts for itself', () => {
  it('proves itself to the MCP server that it asks', async () => {
    const wpt = await holder.wpt(wit, resource, bound)
    expect(await initiator({ wit, wpt })).toMatchObject({
      ok: true,
      facts: {
        ...{ grade: 'pop', kind: 'workload', iss: 'spiffe://example.org', groups: [] },
        sub: 'spiffe://example.org/ns/ops/sa/mcp',
        client_id: 'spiffe://example.org/ns/ops/sa/mcp',
      },
    })
  })

  it.each([
    [
      'a proof for the tenant',
      async () => ({ wit, wpt: await holder.wpt(wit, tenantAudience) }),
      'audience',
    ],
    [
      'an access token of somebody',
      async () => ({ wit, access_token: await sign('access_token') }),
      'proof_many',
    ],
    [
      'a DPoP proof',
      async () => ({ wit, dpop: await holder.dpop(wit, resource) }),
      'pop_unexpected',
    ],
    ['only a proof', async () => ({ wpt: await holder.wpt(wit, resource) }), 'malformed'],
  ] as const)('and not with %s', async (_name, evidence, failure) => {
    expect(await initiator(await evidence())).toMatchObject(failing(failure))
  })

  it('asks a server that nobody registered: there is nothing to hold its proof to', async () => {
    const wpt = await holder.wpt(wit, resource)
    expect(await initiator({ wit, wpt }, { resource: null })).toMatchObject(
      failing('server_unknown'),
    )
  })
})

describe('the examples of the drafts', () => {
  const fixture = (name: string): string =>
    readFileSync(join(import.meta.dirname, '../fixtures/wimse', name), 'utf8').trim()
  const contextToken = '16_mAd0GiwaZokU26_0902100'
  const now = 1_745_509_990
  const of = { ...asked, now, accessToken: contextToken }
  const example = { wit: fixture('wit.txt'), wpt: fixture('wpt.txt') }
  const target = {
    audience: 'https://workload.example.com/path',
    mustCoverAccessToken: true,
  }

  const started = async (name: string): Promise<ProofPorts> => {
    const keys = await createKeySets(
      [
        {
          id: 'acme',
          issuers: [],
          trust_domains: [
            {
              name,
              bundle: { inline: { keys: [JSON.parse(fixture('identity-server.jwk.json'))] } },
            },
          ],
        },
      ],
      { clock: { now: () => now * 1000, uuid: () => '' } },
    )
    return { ...ports, verify: createVerifyToken(keys), keySets: keys }
  }

  it('verify end to end', async () => {
    const theirs = await started('wimse://example.com')
    expect(await proveWorkload(example, target, of, theirs)).toMatchObject({
      ok: true,
      value: { workload: { id: 'wimse://example.com/specific-workload' }, isBound: false },
    })
    expect(await proveWorkload(example, target, { ...of, accessToken: 'other' }, theirs)).toEqual(
      failing('ath'),
    )
    await theirs.keySets.close()
  })

  it('a trust domain of the same name under SPIFFE is another origin', async () => {
    const theirs = await started('example.com')
    expect(await proveWorkload(example, target, of, theirs)).toMatchObject(
      failing('untrusted_domain'),
    )
    await theirs.keySets.close()
  })
})
