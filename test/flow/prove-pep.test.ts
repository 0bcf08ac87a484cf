/** A gateway by each way of proof, and each way in which it is not authenticated, by its reason. */
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { CallerFailure } from '../../service/contract/caller-failure.ts'
import type { PepProof, PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Scope } from '../../service/contract/scope.ts'
import { Stops } from '../../service/audit/stops.ts'
import { issueNonce } from '../../service/flow/nonce.ts'
import { provePep, type PepCredential } from '../../service/flow/prove-pep.ts'
import type { Tenant } from '../../service/flow/tenant.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { nonceClaim, requestDigestClaim } from '../../service/identity/wpt.ts'
import { pseudonymOf, tokenHash } from '../../service/statement/digest.ts'
import type { EventLeaf } from '../../service/contract/leaf.ts'
import { createRoot, valid } from '../support/certificates.ts'
import { idp, moment, pepClaims, tenantAudience } from '../support/issuer.ts'
import { startTokens } from '../support/tokens.ts'
import { createHolder, type Changes } from '../support/workload.ts'

const { keySets, sign, verify, close } = await startTokens()
afterAll(close)
const holder = await createHolder(() => moment)
const stranger = await createHolder(() => moment)
const spiffeId = 'spiffe://example.org/ns/ops/sa/mcp'
const pseudonymKey = new Uint8Array(32)
const url = 'https://pdp.example/v1/decisions'
const digest = `sha256:${'d'.repeat(64)}`
const clock = { now: () => moment * 1000, uuid: () => 'serial' }

const registered = (proof?: PepProof, scopes?: Scope[]): PepRegistration => ({
  client_id: 'gateway',
  issuer: proof !== undefined && 'wit' in proof ? 'spiffe://example.org' : idp,
  ...(proof === undefined ? {} : { proof }),
  ...(scopes === undefined ? {} : { scopes }),
  project: 'p',
  environment: 'e',
  servers: [],
  owner: 'o',
  review_by: moment + 1000,
})

type Case = {
  readonly registration?: PepRegistration | null
  readonly stops?: Stops
  readonly sets?: KeySets
}

async function prove(
  credential: PepCredential,
  { registration = registered(), stops = new Stops(), sets = keySets }: Case = {},
  method = 'POST',
) {
  const tenant = {
    tenant: { id: 'acme', audience: tenantAudience },
    ...{ verify, keySets: sets, clock, pseudonymKey, audit: { stops } },
    findPep: (issuer: string, id: string) =>
      registration?.issuer === issuer && registration.client_id === id ? registration : null,
    findPepWorkload: (id: string) =>
      [{ wit: { id } }, { mtls: { id } }].some((proof) =>
        isDeepStrictEqual(registration?.proof, proof),
      )
        ? registration
        : null,
  } as unknown as Tenant
  return await provePep(
    credential,
    { method, url, peer: null, digest: () => digest },
    tenant,
    moment,
  )
}

const failing = (failure: CallerFailure) => ({ ok: false, failure })
const bound = { cnf: { jkt: holder.thumbprint } }
const token = await sign('pep_token', bound)
const plain = await sign('pep_token')
const withProof = async (
  changes: Changes = {},
  of = token,
  by = holder,
): Promise<PepCredential> => ({
  kind: 'dpop',
  token: of,
  proof: await by.dpop(of, url, changes),
})
const wit = await sign('wit', { cnf: { jwk: holder.key.jwk } })
const bearers = { registration: registered({ bearer: {} }) }
const revoking = (event: object, kind: EventLeaf['kind']): Stops => {
  const stops = new Stops()
  stops.follow({
    v: 1,
    iss: '',
    index: 0,
    iat: moment,
    jti: 'evt_1',
    tenant: 'acme',
    kind,
    event,
  } as EventLeaf)
  return stops
}

describe('a gateway by DPoP', () => {
  it('is known by its key, with what its token and its registration both allow', async () => {
    const registration = registered({ dpop: { keys: [holder.thumbprint] } }, [
      'pdp.evaluate',
      'pdp.stop',
    ])
    expect(await prove(await withProof(), { registration })).toMatchObject({
      ok: true,
      value: {
        grade: 'pop',
        scopes: ['pdp.evaluate'],
        workload: null,
        proofs: [{ until: moment + 61 }],
      },
    })
  })

  it('may ask, and nothing else, when its registration says nothing of scopes', async () => {
    expect(await prove(await withProof())).toMatchObject({ value: { scopes: ['pdp.evaluate'] } })
  })

  const wrong: readonly (readonly [string, Changes, CallerFailure])[] = [
    ['another method', { claims: { htm: 'GET' } }, 'pop_target'],
    ['another route', { claims: { htu: 'https://pdp.example/v1/stops' } }, 'pop_target'],
    ['another host', { claims: { htu: 'https://evil.example/v1/decisions' } }, 'pop_target'],
    [
      'the address behind the proxy',
      { claims: { htu: 'http://127.0.0.1:8181/v1/decisions' } },
      'pop_target',
    ],
    ['no address', { claims: { htu: undefined } }, 'pop_target'],
    ['another token', { claims: { ath: tokenHash('other') } }, 'ath'],
    ['no token', { claims: { ath: undefined } }, 'ath'],
    ['a time that is past', { claims: { iat: moment - 61 } }, 'expired'],
    ['a time to come', { claims: { iat: moment + 31 } }, 'not_yet_valid'],
    ['no time', { claims: { iat: undefined } }, 'bad_claim'],
    ['no jti', { claims: { jti: undefined } }, 'bad_claim'],
    ['an audience', { claims: { aud: tenantAudience } }, 'wrong_type'],
    ['the type of a WPT', { header: { typ: 'wpt+jwt' } }, 'wrong_type'],
    ['the type of an access token', { header: { typ: 'at+jwt' } }, 'wrong_type'],
    ['no key', { header: { jwk: undefined } }, 'bad_cnf'],
    ['a private key', { header: { jwk: { ...holder.key.jwk, d: 'AAAA' } } }, 'bad_cnf'],
    ['a secret', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'bad_cnf'],
    ['the key of another', { header: { jwk: stranger.key.jwk } }, 'bad_signature'],
    ['a kid', { header: { kid: 'x' } }, 'header_refused'],
  ]
  it.each(wrong)('whose proof names %s is not known', async (_name, changes, failure) => {
    expect(await prove(await withProof(changes))).toEqual(failing(failure))
  })

  it.each([
    ['query and fragment', `${url}?x=1#y`],
    ['a default port', 'https://pdp.example:443/v1/decisions'],
    ['upper case in scheme and host', 'HTTPS://PDP.example/v1/decisions'],
  ])('may write the address with %s (RFC 9449 section 4.3)', async (_name, htu) => {
    expect(await prove(await withProof({ claims: { htu } }))).toMatchObject({ ok: true })
  })

  it('is not known by the proof of another key, nor by a key that it is not pinned to', async () => {
    expect(await prove(await withProof({}, token, stranger))).toEqual(failing('pop_key'))
    const registration = registered({ dpop: { keys: [stranger.thumbprint] } })
    expect(await prove(await withProof(), { registration })).toEqual(failing('pop_key'))
  })

  it('is not known by its token alone, wherever bearers are allowed, nor by a proof with an unbound one', async () => {
    expect(await prove({ kind: 'bearer', token })).toEqual(failing('pop_missing'))
    expect(await prove({ kind: 'bearer', token }, bearers)).toEqual(failing('pop_missing'))
    expect(await prove(await withProof({}, plain))).toEqual(failing('pop_unexpected'))
  })

  it('is not known by DPoP when its token is bound to a certificate', async () => {
    const certified = await sign('pep_token', { cnf: { 'x5t#S256': 'x'.repeat(43) } })
    expect(await prove(await withProof({}, certified))).toEqual(failing('certificate_missing'))
    expect(await prove({ kind: 'bearer', token: certified }, bearers)).toEqual(
      failing('certificate_missing'),
    )
  })
})

describe('a nonce, where the registration demands one', () => {
  const registration = registered({ dpop: { nonce: true } })
  const asker = { tenant: 'acme', issuer: idp, id: 'gateway' }
  const { nonce } = issueNonce(asker, { clock, pseudonymKey })

  it('must be in the proof, ours and for this gateway', async () => {
    expect(await prove(await withProof({ claims: { nonce } }), { registration })).toMatchObject({
      ok: true,
    })
    const theirs = issueNonce({ ...asker, id: 'another' }, { clock, pseudonymKey }).nonce
    for (const wrong of [undefined, 'x', theirs, [nonce]]) {
      const proof = await withProof({ claims: { nonce: wrong } })
      expect(await prove(proof, { registration })).toEqual({
        ...{ ok: false, failure: 'nonce' },
        lacksNonce: registration,
      })
    }
  })

  it('is offered only to whom all else is right for', async () => {
    const stolen = await withProof({ header: { jwk: stranger.key.jwk } })
    expect(await prove(stolen, { registration })).toEqual(failing('bad_signature'))
    const other = await withProof({ claims: { htm: 'GET' } })
    expect(await prove(other, { registration })).toEqual(failing('pop_target'))
  })
})

describe('a gateway by a bearer token', () => {
  it('is known only where its registration says so', async () => {
    expect(await prove({ kind: 'bearer', token: plain }, bearers)).toMatchObject({
      ok: true,
      value: { grade: 'bearer', proofs: [] },
    })
    for (const proof of [undefined, { dpop: {} }] as const)
      expect(
        await prove({ kind: 'bearer', token: plain }, { registration: registered(proof) }),
      ).toEqual(failing('pop_missing'))
  })

  it('may come with a better one', async () => {
    expect(await prove(await withProof(), bearers)).toMatchObject({
      ok: true,
      value: { grade: 'pop' },
    })
  })

  it.each<readonly [string, object, CallerFailure]>([
    ['of a person who came in through its client', { sub: 'alice' }, 'pep_subject'],
    ['of a client that nobody registered', { sub: 'other', client_id: 'other' }, 'pep_unknown'],
    ['of another issuer', { iss: 'https://other.example' }, 'issuer_unknown'],
    ['for another tenant', { aud: 'https://pdp.example/beta' }, 'audience'],
    ['of an actor', { act: { iss: idp, sub: 'x' } }, 'bad_claim'],
    ['that is an ID token', { nonce: 'n' }, 'id_token'],
    ['that has expired', { exp: moment - 31, iat: moment - 90 }, 'expired'],
  ])('%s is not known', async (_name, changes, failure) => {
    const other = await sign('pep_token', changes)
    expect(await prove({ kind: 'bearer', token: other }, bearers)).toMatchObject(failing(failure))
  })
})

describe('a gateway by WIT and WPT', () => {
  const registration = registered({ wit: { id: spiffeId } }, ['pdp.evaluate', 'pdp.audit.read'])
  const forRequest = { [requestDigestClaim]: digest }
  const present = async (
    changes: Changes = { claims: forRequest },
    by = holder,
  ): Promise<PepCredential> => ({
    ...{ kind: 'wit', wit },
    wpt: await by.wpt(wit, tenantAudience, changes),
  })

  it('is known by its workload and key, with the scopes of its registration', async () => {
    expect(await prove(await present(), { registration })).toMatchObject({
      ok: true,
      value: {
        grade: 'pop',
        workload: spiffeId,
        scopes: ['pdp.evaluate', 'pdp.audit.read'],
        proofs: [{ until: moment + 90 }],
      },
    })
  })

  it.each<readonly [string, Record<string, unknown>, CallerFailure]>([
    ['names no request', { [requestDigestClaim]: undefined }, 'request_digest'],
    [
      'names another request',
      { [requestDigestClaim]: `sha256:${'e'.repeat(64)}` },
      'request_digest',
    ],
    [
      'names a nonce instead of a request',
      { [requestDigestClaim]: undefined, [nonceClaim]: 'n' },
      'nonce',
    ],
    ['is for another tenant', { aud: 'https://pdp.example/beta' }, 'audience'],
    ['is for the route instead of the tenant', { aud: url }, 'audience'],
    ['is for another WIT', { wth: tokenHash('other') }, 'wth'],
    ['covers a token that did not come', { ath: tokenHash('x') }, 'ath'],
    ['covers a transaction token', { tth: tokenHash('x') }, 'tth'],
    ['covers what did not come', { oth: { 'x-token': 'x' } }, 'oth'],
    ['has ended', { exp: moment - 31 }, 'expired'],
    ['lives too long', { exp: moment + 121 }, 'lifetime'],
  ])('whose proof %s is not known', async (_name, claims, failure) => {
    const credential = await present({ claims: { ...forRequest, ...claims } })
    expect(await prove(credential, { registration })).toEqual(failing(failure))
  })

  it('is not known by the proof of another key, or as a workload that nobody registered', async () => {
    expect(await prove(await present(undefined, stranger), { registration })).toEqual(
      failing('bad_signature'),
    )
    const other = registered({ wit: { id: 'spiffe://example.org/gateway' } })
    expect(await prove(await present(), { registration: other })).toEqual(failing('pep_unknown'))
    expect(await prove(await present(), { registration: null })).toEqual(failing('pep_unknown'))
  })

  it('is not known by an access token, and no other gateway by a WIT', async () => {
    const asToken = { ...registration, issuer: idp }
    for (const credential of [await withProof(), { kind: 'bearer', token: plain } as const])
      expect(await prove(credential, { registration: asToken })).toEqual(failing('pep_way'))
    expect(await prove(await present())).toEqual(failing('pep_unknown'))
  })

  it('is not known by a token of another kind in the place of the WIT', async () => {
    for (const other of [token, await sign('jwt_svid'), await sign('platform_token')]) {
      const credential = { ...(await present()), wit: other } as PepCredential
      expect(await prove(credential, { registration })).toMatchObject({
        ok: false,
        failure: 'wrong_type',
      })
    }
  })
})

describe('a gateway that was revoked', () => {
  const stops = revoking({ scope: { kind: 'pep', client_id: 'gateway' } }, 'kill_switch')

  it('is not known by any way of proof, and others are', async () => {
    expect(await prove(await withProof(), { stops })).toEqual(failing('pep_revoked'))
    expect(await prove({ kind: 'bearer', token: plain }, { ...bearers, stops })).toEqual(
      failing('pep_revoked'),
    )
    const others = revoking({ scope: { kind: 'pep', client_id: 'another' } }, 'kill_switch')
    expect(await prove(await withProof(), { stops: others })).toMatchObject({ ok: true })
  })

  it('by its issuer has no token left that was issued before', async () => {
    const subject = pseudonymOf(pseudonymKey, idp, pepClaims.sub)
    const revoked = revoking({ subject, at: moment - 30 }, 'revocation')
    expect(await prove(await withProof(), { stops: revoked })).toEqual(failing('revoked'))
    const fresh = await sign('pep_token', { ...bound, iat: moment - 10 })
    expect(await prove(await withProof({}, fresh), { stops: revoked })).toMatchObject({ ok: true })
  })

  it('as a workload has no WIT left that was issued before, or does not say when', async () => {
    const registration = registered({ wit: { id: spiffeId } })
    const byWit = async (times: object): Promise<PepCredential> => {
      const own = await sign('wit', { cnf: { jwk: holder.key.jwk }, ...times })
      const claims = { [requestDigestClaim]: digest }
      return { kind: 'wit', wit: own, wpt: await holder.wpt(own, tenantAudience, { claims }) }
    }
    const subject = pseudonymOf(pseudonymKey, 'spiffe://example.org', spiffeId)
    const revoked = revoking({ subject, at: moment - 30 }, 'revocation')
    const how = { registration, stops: revoked }
    expect(await prove(await byWit({ iat: moment - 60 }), how)).toEqual(failing('revoked'))
    expect(await prove(await byWit({ iat: undefined }), how)).toEqual(failing('revoked'))
    expect(await prove(await byWit({ iat: moment - 10 }), how)).toMatchObject({ ok: true })
    const another = pseudonymOf(pseudonymKey, 'spiffe://example.org', `${spiffeId}x`)
    const others = revoking({ subject: another, at: moment }, 'revocation')
    expect(await prove(await byWit({}), { registration, stops: others })).toMatchObject({
      ok: true,
    })
  })

  it('as a workload has no certificate left that was valid before', async () => {
    const root = createRoot('root', valid(moment - 1000, moment + 1000))
    const registration = registered({ mtls: { id: spiffeId } })
    const sets: KeySets = {
      ...keySets,
      authorities: () => Promise.resolve({ ok: true, authorities: [root.der] }),
    }
    const byPeer = (from: number): PepCredential => {
      const { chain } = root.svid(spiffeId, valid(from, moment + 100))
      return { kind: 'mtls', peer: { thumbprint: 'x', chain } }
    }
    const subject = pseudonymOf(pseudonymKey, 'spiffe://example.org', spiffeId)
    const stops = revoking({ subject, at: moment - 30 }, 'revocation')
    const how = { registration, stops, sets }
    expect(await prove(byPeer(moment - 60), { registration, sets })).toMatchObject({ ok: true })
    expect(await prove(byPeer(moment - 60), how)).toEqual(failing('revoked'))
    expect(await prove(byPeer(moment - 10), how)).toMatchObject({ ok: true })
  })
})
