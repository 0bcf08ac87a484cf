/** Proofs of possession at a real service: shown once, whoever asks, at once or after a restart. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import { mintAccessToken, mintWit } from '../../service/adapter/development/mint.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { requestDigestOf } from '../../service/decision/request-digest.ts'
import { nonceClaim, requestDigestClaim } from '../../service/identity/wpt.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { createHolder, type Changes } from '../support/workload.ts'

const spiffeId = 'spiffe://dev.countersign.test/mcp/ops'
const holder = await createHolder(() => Math.floor(Date.now() / 1000))
let service: DevelopmentService
let permitted: Query
let wit: string

beforeAll(async () => {
  service = await startDevelopmentService()
  permitted = (await queriesByEffect(service.keys)).permit
  wit = await mintWit(service.keys, spiffeId, holder.key.jwk)
})
afterAll(async () => {
  await service.stop()
})

/** The permitted query, by a server that proves itself for it. */
async function proved(changes: Changes = bound()): Promise<Query> {
  const wpt = await holder.wpt(wit, development.audience, changes)
  return { ...permitted, server: { id: 'ops', proof: { wit, wpt } } }
}

function bound(): Changes {
  return { claims: { [requestDigestClaim]: requestDigestOf(permitted, development.audience) } }
}

function codes({ effect, reasons }: DecisionAnswer): readonly string[] {
  return [effect, ...reasons.map(({ code }) => code)]
}

describe('a proof of possession', () => {
  it('is good once', async () => {
    const query = await proved()
    expect(codes(await service.ask(query))).toEqual(['permit'])
    const again = await service.ask(query)
    expect(codes(again)).toEqual(['deny', 'server.replay'])
    expect(again.verdict_source).toBe('gap')
  })

  it('is spent by a denial too', async () => {
    const query = await proved()
    const { purpose: _none, ...aimless } = query
    expect(codes(await service.ask(aimless))).toEqual(['deny', 'purpose.missing'])
    expect(codes(await service.ask(query))).toEqual(['deny', 'server.replay'])
  })

  it('is for the request that it names', async () => {
    const query = await proved()
    const other = { ...query.capability, arguments: { service: 'db' } }
    expect(codes(await service.ask({ ...query, capability: other }))).toEqual([
      'deny',
      'server.request_digest',
    ])
  })

  it('shown a hundred times at once is good for exactly one', async () => {
    const query = await proved()
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.ask(query)))
    expect(answers.filter(({ effect }) => effect === 'permit')).toHaveLength(1)
    expect(new Set(answers.flatMap((answer) => codes(answer).slice(1)))).toEqual(
      new Set(['server.replay']),
    )
  })

  it('of one batch is good for one of its questions', async () => {
    const query = await proved()
    const { body } = await service.post('/v1/decisions/batch', { queries: [query, query, query] })
    const { decisions } = body as { decisions: DecisionAnswer[] }
    expect(decisions.map(({ effect }) => effect).sort()).toEqual(['deny', 'deny', 'permit'])
  })

  it('a retry of the same request is answered from the record, and another request is not', async () => {
    const query = { ...(await proved()), request_id: 'once' }
    const first = await service.ask(query)
    expect((await service.ask(query)).token).toBe(first.token)
    expect(codes(await service.ask({ ...query, request_id: 'twice' }))).toEqual([
      'deny',
      'server.replay',
    ])
  })

  it('with the jti of another key is another proof', async () => {
    const jti = 'the same'
    const other = await createHolder(() => Math.floor(Date.now() / 1000))
    const theirs = await mintWit(service.keys, spiffeId, other.key.jwk)
    const wpt = await other.wpt(theirs, development.audience, { claims: { jti } })
    const ours = await proved({ claims: { jti } })
    expect(codes(await service.ask(ours))).toEqual(['permit'])
    const query = { ...permitted, server: { id: 'ops', proof: { wit: theirs, wpt } } }
    expect(codes(await service.ask(query))).toEqual(['permit'])
  })

  it('is remembered through a restart', async () => {
    const query = await proved()
    expect(codes(await service.ask(query))).toEqual(['permit'])
    service = await service.restart()
    expect(codes(await service.ask(query))).toEqual(['deny', 'server.replay'])
  })

  it('of a DPoP-bound token is good once', async () => {
    const person = {
      sub: 'alice',
      groups: ['staff', 'sre'],
      client: 'https://agent.dev.countersign.test/client.json',
    }
    const resource = audienceOf(permitted.initiator?.access_token ?? '')
    const cnf = { jkt: holder.thumbprint }
    const token = await mintAccessToken(service.keys, person, resource, { cnf })
    const query = {
      ...permitted,
      initiator: { access_token: token, dpop: await holder.dpop(token, resource) },
    }
    expect(codes(await service.ask(query))).toEqual(['permit'])
    expect(codes(await service.ask(query))).toEqual(['deny', 'initiator.replay'])
  })
})

describe('a nonce', () => {
  const fresh = async (): Promise<string> =>
    String((await service.post('/v1/nonces', {})).body['nonce'])

  it('binds a proof to the moment, and is spent with the first one', async () => {
    const nonce = await fresh()
    expect(codes(await service.ask(await proved({ claims: { [nonceClaim]: nonce } })))).toEqual([
      'permit',
    ])
    expect(codes(await service.ask(await proved({ claims: { [nonceClaim]: nonce } })))).toEqual([
      'deny',
      'server.replay',
    ])
  })

  it.each([
    ['changed in its end', (nonce: string) => nonce.replace(/^\d/u, '9')],
    ['cut', (nonce: string) => nonce.slice(0, -1)],
    ['made up', () => `${String(Math.floor(Date.now() / 1000) + 30)}.x.y`],
    ['with more behind it', (nonce: string) => `${nonce}.x`],
  ])('%s is not ours', async (_name, change) => {
    const query = await proved({ claims: { [nonceClaim]: change(await fresh()) } })
    expect(codes(await service.ask(query))).toEqual(['deny', 'server.nonce'])
  })

  it('needs a credential', async () => {
    const { status } = await service.post('/v1/nonces', {}, { authorization: 'Bearer x' })
    expect(status).toBe(401)
  })
})

function audienceOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return (JSON.parse(payload) as { aud: string }).aud
}
