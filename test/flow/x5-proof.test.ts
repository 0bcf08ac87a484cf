/** A server's X.509-SVID and the proof by its key, carried by a gateway: for this question, once, by that certificate. */
import { expect, describe, it, afterAll } from '@jest/globals'
import type { Asked, ProofPorts } from '../../service/flow/proof-ports.ts'
import { proveServer } from '../../service/flow/prove-server.ts'
import { nonceClaim, requestDigestClaim } from '../../service/identity/wpt.ts'
import { certify, createRoot, valid } from '../support/certificates.ts'
import { idp, moment, resource, tenantAudience } from '../support/issuer.ts'
import { startTokens } from '../support/tokens.ts'
import { createHolder, type Changes } from '../support/workload.ts'

const tokens = await startTokens()
afterAll(tokens.close)
const now = valid(moment - 100, moment + 100)
const id = 'spiffe://example.org/ns/ops/sa/mcp'
const root = createRoot('root', now)
const holder = await createHolder(() => moment)
const stranger = await createHolder(() => moment)
const svid = certify(root, holder.key.jwk, id, now)
const x5c = [svid.toString('base64')]
const ports: ProofPorts = {
  verify: tokens.verify,
  keySets: {
    ...tokens.keySets,
    authorities: () => Promise.resolve({ ok: true, authorities: [root.der] }),
  },
  tenant: {
    ...{ id: 'acme', audience: tenantAudience, initiatorIssuers: [idp] },
    agentDocument: () => null,
    platformDemands: () => null,
  },
}
const asked: Asked = {
  ...{ now: moment, resource, tlsPin: null, accessToken: null, isRevoked: () => false },
  pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade: 'pop' },
  isRequest: (digest) => digest === 'this',
  isNonce: (nonce) => nonce === 'ours',
  session: () => ({ ok: false, failure: 'session_unknown' }),
}
const prove = async (changes: Changes = {}, by = holder, chain = x5c) =>
  await proveServer(
    { x5c: chain, x5_proof: await by.x5Proof(svid, tenantAudience, changes) },
    asked,
    ports,
  )

describe('a server is proved', () => {
  it.each([
    ['for this question, by its digest', { [requestDigestClaim]: 'this' }, 'pop'],
    ['for this question, by a nonce of ours', { [nonceClaim]: 'ours' }, 'pop'],
    ['for one question of the moment, without either', {}, 'bearer'],
  ])('%s', async (_how, claims, grade) => {
    const proved = await prove({ claims })
    expect(proved).toMatchObject({
      ok: true,
      facts: { grade, spiffe_id: id, trust_domain: 'example.org', expires_at: moment + 90 },
    })
  })

  it('once: what is used up is the proof, and the nonce', async () => {
    const proved = await prove({ claims: { [nonceClaim]: 'ours', jti: 'one' } })
    expect(proved).toMatchObject({ replayKeys: [{ slot: 'server' }, { slot: 'server' }] })
    const again = await prove({ claims: { [nonceClaim]: 'ours', jti: 'one' } })
    expect(again?.ok === true && again.replayKeys).toEqual(proved?.ok === true && proved.replayKeys)
  })
})

describe('a server is not proved', () => {
  const soon = certify(root, holder.key.jwk, id, valid(moment + 1, moment + 50))
  const other = certify(root, holder.key.jwk, 'spiffe://example.org/other', now)
  const unknown = certify(createRoot('root', now), holder.key.jwk, id, now)
  const wrong: readonly (readonly [string, Changes, string])[] = [
    ['for another audience', { claims: { aud: resource } }, 'audience'],
    ['by a proof that has ended', { claims: { exp: moment - 30 } }, 'expired'],
    ['by a proof that ends late', { claims: { exp: moment + 121 } }, 'lifetime'],
    ['by a proof without jti', { claims: { jti: undefined } }, 'bad_claim'],
    ['by a proof that names no certificate', { claims: { 'x5t#S256': undefined } }, 'bad_claim'],
    ['by a proof for another certificate', { claims: { 'x5t#S256': 'x' } }, 'certificate_mismatch'],
    ['for another question', { claims: { [requestDigestClaim]: 'that' } }, 'request_digest'],
    ['by a nonce of somebody', { claims: { [nonceClaim]: 'theirs' } }, 'nonce'],
    ['by a proof of another type', { header: { typ: 'wpt+jwt' } }, 'wrong_type'],
    ['by a proof that brings certificates', { header: { x5c } }, 'header_refused'],
    ['by a proof that brings a key', { header: { jwk: holder.key.jwk } }, 'header_refused'],
  ]
  it.each(wrong)('%s', async (_how, changes, failure) => {
    expect(await prove(changes)).toEqual({ ok: false, failure })
  })

  it('by the key of another certificate', async () => {
    expect(await prove({}, stranger)).toEqual({ ok: false, failure: 'bad_signature' })
  })

  it('by the same key under another certificate of it', async () => {
    const chain = [other.toString('base64')]
    expect(await prove({}, holder, chain)).toEqual({ ok: false, failure: 'certificate_mismatch' })
  })

  it.each([
    ['that is not valid yet', [soon.toString('base64')], 'not_yet_valid'],
    ['of a root of nobody', [unknown.toString('base64')], 'untrusted_domain_key'],
    ['that is none', ['AAAA'], 'malformed'],
    ['in another spelling', [x5c[0]!.replace(/=+$/u, '')], 'malformed'],
    ['with something behind it', [...x5c, 'AAAA'], 'malformed'],
  ])('by a certificate %s', async (_what, chain, failure) => {
    expect(await prove({}, holder, chain)).toEqual({ ok: false, failure })
  })

  it('by a certificate alone, which is public, nor by a proof alone', async () => {
    expect(await proveServer({ x5c }, asked, ports)).toEqual({ ok: false, failure: 'pop_missing' })
    const proof = await holder.x5Proof(svid, tenantAudience)
    expect(await proveServer({ x5_proof: proof }, asked, ports)).toEqual({
      ok: false,
      failure: 'malformed',
    })
  })

  it('by a key of another kind than its algorithm', async () => {
    const ed = await createHolder(() => moment, 'Ed25519')
    expect(await prove({}, ed)).toEqual({ ok: false, failure: 'alg_mismatch' })
  })
})
