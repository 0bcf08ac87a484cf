/**
 * Proof sessions at a real service with two tenants: opened by the server's own proof, quoted by one gateway for one
 * server, over for the next question once ended, through restarts, and never more of them than there may be.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import winston from 'winston'
import { limits } from '../../service/contract/limits.ts'
import type { ProofSessionRequest } from '../../service/contract/proof-session.ts'
import type { StopScope } from '../../service/contract/stop.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { certify, createRoot, valid } from '../support/certificates.ts'
import { names, type Party } from '../support/party.ts'
import { claimOf, openingBy, type Terms } from '../support/proof-session.ts'
import { startStage, type Stage } from '../support/stage.ts'

const started = Math.floor(Date.now() / 1000)
const root = createRoot('root', valid(started - 100, started + 100_000))
let stage: Stage
const told: string[] = []

beforeAll(async () => {
  const lines = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      told.push(String(chunk))
      done()
    },
  })
  stage = await startStage({
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types name the stream class of another declaration
    log: winston.createLogger({ transports: [new winston.transports.Stream({ stream: lines })] }),
    configure: (tenant) => ({
      ...tenant,
      peps: [
        ...tenant.peps,
        ...tenant.peps.slice(0, 1).map((pep) => ({ ...pep, client_id: 'second' })),
      ],
      trust_domains: tenant.trust_domains.map((domain) => {
        const { bundle } = domain
        if (domain.name !== development.trustDomain || !('inline' in bundle)) return domain
        const x509 = {
          ...root.pair.publicKey.export({ format: 'jwk' }),
          use: 'x509-svid',
          x5c: [root.der.toString('base64')],
        }
        const keys = [...(bundle.inline['keys'] as unknown[]), x509]
        return { ...domain, bundle: { inline: { ...bundle.inline, keys } } }
      }),
    }),
  })
})
afterAll(async () => {
  await stage.stop()
})

const gateway: Terms['gateway'] = {
  issuer: development.identityIssuer,
  client_id: development.pep,
}
type Changes = { id?: string; gateway?: Terms['gateway']; seconds?: number }
type Reply = { status: number; body: Record<string, unknown> }

async function call(method: string, path: string, body?: unknown, token?: string): Promise<Reply> {
  const reply = await fetch(`${stage.url()}${path}`, {
    ...{
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
}

const post = (body: unknown): Promise<Reply> => call('POST', '/v1/proof-sessions', body)

/** What a server sends that asks for these terms; `said` is what its proof is for, if that is something else. */
async function opening(
  party: Party,
  terms: Changes = {},
  said: Changes = terms,
  wit?: string,
): Promise<ProofSessionRequest> {
  const own = wit ?? (await party.wit())
  return await openingBy(party.holder, own, party.audience, termsOf(terms), termsOf(said))
}

function termsOf({ id = 'ops', gateway: of = gateway, seconds }: Changes) {
  return { server: { id }, gateway: of, ...(seconds === undefined ? {} : { seconds }) }
}

type Opened = { id: string; handle: string; until: number }

async function open(party = stage.a, terms: Changes = {}): Promise<Opened> {
  const { status, body } = await post(await opening(party, terms))
  expect([status, body['code']]).toEqual([201, undefined])
  return {
    ...{ id: String(body['id']), handle: String(body['handle']) },
    until: Date.parse(String(body['expires_at'])) / 1000,
  }
}

async function quote(session: string, party = stage.a, id = 'ops', credential?: string) {
  const query = await party.query()
  return await party.ask({ ...query, server: { id, proof: { session } } }, credential)
}

const end = async (id: string, party = stage.a): Promise<Reply> =>
  call('DELETE', `/v1/proof-sessions/${id}`, undefined, await party.credential())

const asSecond = () => stage.a.credential({ sub: 'second', client_id: 'second' })

async function stopped(scope: StopScope, during: () => Promise<void>): Promise<void> {
  // The gateway that sets it may be the one that it stops.
  const set = await call('POST', '/v1/stops', { scope, reason: 'x' }, await asSecond())
  expect(set.status).toBe(200)
  await during()
  const lifted = await call(
    ...(['POST', `/v1/stops/${String(set.body['id'])}/lift`, { reason: 'x' }] as const),
    await asSecond(),
  )
  expect(lifted.status).toBe(200)
}

describe('a session that is opened', () => {
  it('by WIT and WPT proves the server for its gateway, again and again, through a restart', async () => {
    const { handle, until } = await open()
    expect(until).toBe(stage.now() + limits.sessionSeconds)
    expect(await quote(handle)).toEqual(['permit'])
    await stage.restart()
    expect([await quote(handle), await quote(handle)]).toEqual([['permit'], ['permit']])
  })

  it('grades as a bearer: whoever has the handle and is that gateway could ask anything', async () => {
    const { handle, until } = await open()
    const query = { ...(await stage.a.query()), server: { id: 'ops', proof: { session: handle } } }
    const { body } = await stage.a.call('/v1/decisions', query)
    const input = await stage.a.call(`/v1/decisions/${String(body['decision_id'])}/input`)
    expect(input.body).toMatchObject({
      input: {
        verified: { server: { grade: 'bearer', spiffe_id: names.spiffeId, expires_at: until } },
      },
    })
  })

  it('by an X.509-SVID and the proof of its key', async () => {
    const { holder, audience } = stage.a
    const svid = certify(
      root,
      holder.key.jwk,
      names.spiffeId,
      valid(started - 10, stage.now() + 50),
    )
    const claims = claimOf(termsOf({}), audience)
    const proof = {
      x5c: [svid.toString('base64')],
      x5_proof: await holder.x5Proof(svid, audience, { claims }),
    }
    const { status, body } = await post({ gateway, server: { id: 'ops', proof } })
    expect(status).toBe(201)
    expect(Date.parse(String(body['expires_at'])) / 1000).toBe(stage.now() + 50)
    expect(await quote(String(body['handle']))).toEqual(['permit'])
  })

  it('ends when it was asked to, and no later than the token that proved the server', async () => {
    expect((await open(stage.a, { seconds: 20 })).until).toBe(stage.now() + 20)
    const wit = await stage.a.wit({ exp: stage.now() + 40 })
    const { body } = await post(await opening(stage.a, {}, {}, wit))
    expect(Date.parse(String(body['expires_at'])) / 1000).toBe(stage.now() + 40)
  })

  it('leaves no handle in the log, in its files, in the list or in a problem', async () => {
    const { handle, id } = await open()
    expect(await quote(handle)).toEqual(['permit'])
    const list = await call('GET', '/v1/proof-sessions', undefined, await stage.a.credential())
    expect(list.body['sessions']).toContainEqual(
      expect.objectContaining({ id, server: 'ops', gateway }),
    )
    const bad = await post({ gateway, server: { id: 'ops', proof: { session: handle } } })
    expect(bad.status).toBe(400)
    const metrics = await (await fetch(`${stage.url()}/metrics`)).text()
    const files = readdirSync(stage.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    expect(files.length).toBeGreaterThan(3)
    const secret = handle.slice(4)
    const said = [JSON.stringify(list.body), JSON.stringify(bad.body), metrics, ...files, ...told]
    expect(said.filter((text) => text.includes(secret))).toEqual([])
  })
})

describe('a handle is denied', () => {
  it.each([
    ['that nobody opened', () => quote(`ses_${'A'.repeat(43)}`), 'server.session_unknown'],
    [
      'of the other tenant',
      async () => quote((await open(stage.b)).handle),
      'server.session_unknown',
    ],
    [
      'of another gateway',
      async () => quote((await open()).handle, stage.a, 'ops', await asSecond()),
      'server.session_unknown',
    ],
    [
      'that was ended',
      async () => {
        const { handle, id } = await open()
        expect((await end(id)).status).toBe(200)
        const endings = await quote(handle)
        await stage.restart()
        expect(await quote(handle)).toEqual(endings)
        return endings
      },
      'server.session_ended',
    ],
    [
      'that has expired',
      async () => {
        const { handle } = await open(stage.a, { seconds: 5 })
        stage.advance(5)
        return await quote(handle)
      },
      'server.expired',
    ],
  ])('%s', async (_which, ask, code) => {
    expect(await ask()).toEqual(['deny', code])
  })

  it('of another server, which is not even registered', async () => {
    const endings = await quote((await open()).handle, stage.a, 'crm')
    expect(endings).toEqual(['deny', 'initiator.server_unknown', 'server.session_unknown'])
  })

  it('beside another proof', async () => {
    const { handle } = await open()
    const proof = { session: handle, jwt_svid: await stage.a.svid() }
    const query = { ...(await stage.a.query()), server: { id: 'ops', proof } }
    expect(await stage.a.ask(query)).toEqual(['400', 'invalid_request'])
  })

  it.each<StopScope>([
    { kind: 'tenant' },
    { kind: 'server', server: 'ops' },
    { kind: 'pep', client_id: development.pep },
  ])('after the stop %j, when that is lifted too; and none is opened meanwhile', async (scope) => {
    const { handle } = await open()
    await stopped(scope, async () => {
      const { status, body } = await post(await opening(stage.a))
      expect([status, body['code']]).toEqual([403, 'stopped'])
    })
    expect(await quote(handle)).toEqual(['deny', 'server.session_ended'])
    await stage.restart()
    expect(await quote(handle)).toEqual(['deny', 'server.session_ended'])
  })

  it('in a retry of what was permitted before it was ended', async () => {
    const { handle, id } = await open()
    const proof = { session: handle }
    const retried = { ...(await stage.a.query()), server: { id: 'ops', proof }, request_id: 'r1' }
    expect(await stage.a.ask(retried)).toEqual(['permit'])
    await end(id)
    expect(await stage.a.ask(retried)).not.toEqual(['permit'])
  })
})

describe('no session is opened', () => {
  const said = { id: 'crm' }
  it.each<[string, () => Promise<unknown>, number, string]>([
    ['by a proof for another server', () => opening(stage.a, {}, said), 401, 'unauthenticated'],
    [
      'by a proof for another gateway',
      () => opening(stage.a, {}, { gateway: { ...gateway, client_id: 'second' } }),
      401,
      'unauthenticated',
    ],
    [
      'by a proof for another lifetime',
      () => opening(stage.a, {}, { seconds: 5 }),
      401,
      'unauthenticated',
    ],
    [
      'by a proof for no request in particular',
      async () => {
        const wit = await stage.a.wit()
        const wpt = await stage.a.holder.wpt(wit, stage.a.audience)
        return { gateway, server: { id: 'ops', proof: { wit, wpt } } }
      },
      401,
      'unauthenticated',
    ],
    [
      'by a WIT alone',
      async () => ({ gateway, server: { id: 'ops', proof: { wit: await stage.a.wit() } } }),
      401,
      'unauthenticated',
    ],
    [
      'without a proof',
      () => Promise.resolve({ gateway, server: { id: 'ops', proof: {} } }),
      401,
      'unauthenticated',
    ],
    [
      'on a connection without a certificate',
      () => Promise.resolve({ gateway, server: { id: 'ops', proof: { mtls: true } } }),
      401,
      'unauthenticated',
    ],
    [
      'by two proofs',
      async () => {
        const asked = await opening(stage.a)
        return { ...asked, server: { id: 'ops', proof: { ...asked.server.proof, mtls: true } } }
      },
      401,
      'unauthenticated',
    ],
    [
      'by the other tenant’s keys',
      async () => {
        const asked = await opening(stage.b)
        const wpt = await stage.b.holder.wpt(String(asked.server.proof.wit), stage.a.audience, {
          claims: claimOf(termsOf({}), stage.a.audience),
        })
        return { ...asked, server: { id: 'ops', proof: { ...asked.server.proof, wpt } } }
      },
      401,
      'unauthenticated',
    ],
    [
      'for a server that nobody registered',
      () => opening(stage.a, { id: 'nobody' }),
      404,
      'not_found',
    ],
    [
      'for a gateway that nobody registered',
      () => opening(stage.a, { gateway: { ...gateway, client_id: 'x' } }),
      404,
      'not_found',
    ],
    [
      'for a gateway of another server',
      () => opening(stage.a, { gateway: { ...gateway, client_id: names.outsider } }),
      404,
      'not_found',
    ],
    [
      'by a workload that is another server',
      async () =>
        opening(
          stage.a,
          {},
          {},
          await stage.a.wit({ sub: `spiffe://${development.trustDomain}/mcp/other` }),
        ),
      404,
      'not_found',
    ],
    ['that is to stand too long', () => opening(stage.a, { seconds: 301 }), 400, 'invalid_request'],
  ])('%s', async (_how, make, status, code) => {
    const reply = await post(await make())
    expect([reply.status, reply.body['code']]).toEqual([status, code])
  })

  it('tells a server that is unknown no otherwise than one that is somebody else’s', async () => {
    const other = await stage.a.wit({ sub: `spiffe://${development.trustDomain}/mcp/other` })
    const [unknown, theirs] = [
      await post(await opening(stage.a, { id: 'nobody' }, { id: 'nobody' }, other)),
      await post(await opening(stage.a, {}, {}, other)),
    ]
    expect(unknown.status).toBe(404)
    expect(unknown).toEqual(theirs)
  })

  it('twice by one proof, whether it was opened or refused, through a restart', async () => {
    const [good, bad] = [await opening(stage.a), await opening(stage.a, { id: 'nobody' })]
    expect([(await post(good)).status, (await post(bad)).status]).toEqual([201, 404])
    await stage.restart()
    expect([(await post(good)).status, (await post(bad)).status]).toEqual([401, 401])
  })
})

describe('ending', () => {
  it('is for who may stop, of the tenant whose session it is, once', async () => {
    const { id, handle } = await open()
    const evaluates = await stage.a.credential({ scope: 'pdp.evaluate' })
    expect((await call('DELETE', `/v1/proof-sessions/${id}`, undefined, evaluates)).status).toBe(
      403,
    )
    const [theirs, unknown] = [await end(id, stage.b), await end('evt_unknown', stage.b)]
    expect([theirs.status, theirs.body]).toEqual([404, unknown.body])
    expect(await quote(handle)).toEqual(['permit'])
    expect([(await end(id)).status, (await end(id)).status]).toEqual([200, 404])
  })
})

describe('whoever has the handle', () => {
  const endBy = (id: string, handle: string): Promise<Reply> =>
    call('DELETE', `/v1/proof-sessions/${id}`, undefined, handle)

  it('ends that session alone, once, through a restart, and sees no other', async () => {
    const [one, other] = [await open(), await open()]
    const { status, body } = await endBy(one.id, one.handle)
    expect([status, body]).toEqual([200, { tenant: 'a', sessions: [] }])
    expect(await quote(one.handle)).toEqual(['deny', 'server.session_ended'])
    expect((await endBy(one.id, one.handle)).status).toBe(401)
    await stage.restart()
    expect(await quote(one.handle)).toEqual(['deny', 'server.session_ended'])
    expect(await quote(other.handle)).toEqual(['permit'])
  })

  it('ends no other: of the same server, of another tenant, and none that is over', async () => {
    const [own, other, theirs] = [await open(), await open(), await open(stage.b)]
    for (const { id } of [other, theirs]) {
      const { status, body } = await endBy(id, own.handle)
      expect([status, body['code']]).toEqual([404, 'not_found'])
    }
    const unknown = await endBy(own.id, `ses_${'A'.repeat(43)}`)
    expect([unknown.status, unknown.body['code']]).toEqual([401, 'unauthenticated'])
    const brief = await open(stage.a, { seconds: 5 })
    stage.advance(5)
    expect((await endBy(brief.id, brief.handle)).body).toEqual(unknown.body)
    expect(await quote(own.handle)).toEqual(['permit'])
    expect(await quote(theirs.handle, stage.b)).toEqual(['permit'])
  })

  it('may do nothing else by it', async () => {
    const { handle } = await open()
    const list = await call('GET', '/v1/proof-sessions', undefined, handle)
    const asked = await call('POST', '/v1/decisions', await stage.a.query(), handle)
    expect([list.status, asked.status]).toEqual([401, 401])
  })
})

it('of 100 that are opened at once no more stand than may, also after a restart', async () => {
  stage.advance(limits.sessionSeconds)
  const asked = await Promise.all(Array.from({ length: 100 }, () => opening(stage.a)))
  const replies = await Promise.all(asked.map(post))
  const opened = replies.filter(({ status }) => status === 201)
  expect(opened.length).toBe(limits.sessionsPerServer)
  expect(new Set(opened.map(({ body }) => body['handle'])).size).toBe(limits.sessionsPerServer)
  const refused = replies.filter(({ status }) => status !== 201)
  expect(
    new Set(refused.map(({ status, body }) => `${String(status)} ${String(body['code'])}`)),
  ).toEqual(new Set(['429 too_many_sessions']))
  await stage.restart()
  expect((await post(await opening(stage.a))).status).toBe(429)
  await end(String(opened[0]?.body['id']))
  expect((await post(await opening(stage.a))).status).toBe(201)
})
