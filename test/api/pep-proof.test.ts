/** Gateways that prove themselves for each request, at a real service behind a proxy: shown once, whatever happens. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import { scopes } from '../../service/contract/scope.ts'
import type { Query } from '../../service/contract/query.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken, mintWit } from '../../service/adapter/development/mint.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { dpopHeaders, workloadHeaders, type Sent } from '../support/gateway.ts'
import { createHolder, type Changes } from '../support/workload.ts'

const publicUrl = 'https://pdp.example'
const gatewayId = `spiffe://${development.trustDomain}/gateway`
const registered = (
  name: string,
  proof: NonNullable<PepRegistration['proof']>,
  issuer: string = development.identityIssuer,
): PepRegistration => ({
  ...{ client_id: name, issuer, proof, scopes: [...scopes], project: 'p', environment: 'e' },
  ...{ servers: [], owner: 'o', review_by: development.reviewBy },
})
const peps = [
  registered('by-dpop', { dpop: {} }),
  registered('by-nonce', { dpop: { nonce: true } }),
  registered('by-wit', { wit: { id: gatewayId } }, `spiffe://${development.trustDomain}`),
]
const holder = await createHolder(() => Math.floor(Date.now() / 1000))

let service: DevelopmentService
let permitted: Query
let wit: string

beforeAll(async () => {
  service = await startDevelopmentService({ peps, publicUrl })
  permitted = (await queriesByEffect(service.keys)).permit
  wit = await mintWit(service.keys, gatewayId, holder.key.jwk)
})
afterAll(async () => {
  await service.stop()
})

type Headers = Record<string, string>
type Way = (sent: Sent, changes?: Changes) => Promise<Headers>

const tokenOf = (client: string, scope = scopes.join(' ')): Promise<string> =>
  mintPepToken(service.keys, scope, {
    ...{ sub: client, client_id: client, cnf: { jkt: holder.thumbprint } },
  })
const ways: Readonly<Record<string, Way>> = {
  dpop: async (sent, changes) => dpopHeaders(holder, await tokenOf('by-dpop'), sent, changes),
  wit: (sent, changes) => workloadHeaders(holder, wit, development.audience, sent, changes),
}
const named = Object.entries(ways)

type Request = { readonly path: string; readonly method: string; readonly body?: unknown }

async function prepare(
  { path, method, body }: Request,
  way: Way,
  changes?: Changes,
): Promise<() => Promise<Response>> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = await way({ method, url: `${publicUrl}${path}`, body: text }, changes)
  return send(path, method, text, headers)
}

function send(path: string, method: string, text: string, headers: Headers) {
  const init = method === 'GET' ? {} : { body: text }
  const type = { 'content-type': 'application/json' }
  return () => fetch(`${service.url}${path}`, { ...init, method, headers: { ...type, ...headers } })
}

const asking = (): Request => ({ path: '/v1/decisions', method: 'POST', body: permitted })

describe.each(named)('a gateway by %s', (_name, way) => {
  it('is answered once for one proof, at once and after a restart', async () => {
    const ask = await prepare(asking(), way)
    const first = await ask()
    expect([first.status, ((await first.json()) as DecisionAnswer).effect]).toEqual([200, 'permit'])
    expect((await ask()).status).toBe(401)
    service = await service.restart()
    expect((await ask()).status).toBe(401)
    expect((await (await prepare(asking(), way))()).status).toBe(200)
  })

  it('is answered once when it asks a hundred times at once', async () => {
    const ask = await prepare(asking(), way)
    const replies = await Promise.all(Array.from({ length: 100 }, ask))
    const statuses = replies.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array.from({ length: 99 }, () => 401)])
  })

  it('uses up its proof by whatever else it asks, through a restart', async () => {
    const requests: readonly Request[] = [
      { path: '/v1/stops', method: 'GET' },
      { path: '/v1/policy', method: 'GET' },
      { path: '/v1/nonces', method: 'POST', body: {} },
      { path: '/v1/decisions/none', method: 'GET' },
      { path: '/v1/decisions/batch', method: 'POST', body: { queries: [] } },
    ]
    const asks = await Promise.all(requests.map((request) => prepare(request, way)))
    const statuses = () => Promise.all(asks.map(async (ask) => (await ask()).status))
    expect(await statuses()).toEqual([200, 200, 200, 404, 400])
    expect(await statuses()).toEqual([401, 401, 401, 401, 401])
    service = await service.restart()
    expect(await statuses()).toEqual([401, 401, 401, 401, 401])
  })

  it.each<readonly [string, () => Request]>([
    ['that is no query', () => ({ ...asking(), body: { nothing: 1 } })],
    ['whose request_id stands for another', () => ({ ...asking(), body: reused() })],
  ])('uses up its proof by a question %s', async (_question, request) => {
    const first = await prepare({ ...asking(), body: { ...reused(), phase: 'request' } }, way)
    await first()
    const ask = await prepare(request(), way)
    const { status } = await ask()
    expect([200, 400, 409]).toContain(status)
    expect((await ask()).status).toBe(401)
  })

  it('gets a retry from the record with a fresh proof, and not with the old one', async () => {
    const request = { ...asking(), body: { ...permitted, request_id: `retry ${_name}` } }
    const ask = await prepare(request, way)
    const { token } = (await (await ask()).json()) as DecisionAnswer
    expect((await ask()).status).toBe(401)
    const again = await prepare(request, way)
    expect(((await (await again()).json()) as DecisionAnswer).token).toBe(token)
    expect((await again()).status).toBe(401)
  })

  it('has each question of a batch decided by one proof', async () => {
    const queries = [permitted, permitted]
    const ask = await prepare(
      { path: '/v1/decisions/batch', method: 'POST', body: { queries } },
      way,
    )
    const { decisions } = (await (await ask()).json()) as { decisions: DecisionAnswer[] }
    expect(decisions.map(({ effect }) => effect)).toEqual(['permit', 'permit'])
  })

  it('is not known when its proof is sent to another route or with another method', async () => {
    const headers = await way({ method: 'GET', url: `${publicUrl}/v1/policy`, body: '' })
    expect((await send('/v1/policy/history', 'GET', '', headers)()).status).toBe(401)
    expect((await send('/v1/policy', 'GET', '', headers)()).status).toBe(200)
  })

  it('is not known by a proof for the address behind the proxy, whatever headers say', async () => {
    const headers = await way({ method: 'GET', url: `${service.url}/v1/policy`, body: '' })
    const { host } = new URL(service.url)
    const forwarded = { ...headers, 'x-forwarded-host': host, 'x-forwarded-proto': 'http' }
    expect((await send('/v1/policy', 'GET', '', forwarded)()).status).toBe(401)
  })
})

function reused(): object {
  const { capability } = permitted
  return { ...permitted, request_id: 'reused', capability: { ...capability, arguments: { n: 1 } } }
}

describe('a gateway by wit', () => {
  it('is not known when the body is another than it signed', async () => {
    const text = JSON.stringify(permitted)
    const sent = { method: 'POST', url: `${publicUrl}/v1/decisions`, body: text }
    const headers = await workloadHeaders(holder, wit, development.audience, sent)
    expect((await send('/v1/decisions', 'POST', `${text} `, headers)()).status).toBe(401)
    expect((await send('/v1/decisions', 'POST', text, headers)()).status).toBe(200)
  })

  it('is nobody as an initiator', async () => {
    const resource = audienceOf(permitted.initiator?.access_token ?? '')
    const wpt = await holder.wpt(wit, resource)
    const ask = await prepare(
      { ...asking(), body: { ...permitted, initiator: { wit, wpt } } },
      ways['wit']!,
    )
    const { reasons } = (await (await ask()).json()) as DecisionAnswer
    expect(reasons.map(({ code }) => code)).toContain('initiator.subject_is_pep')
  })
})

describe('a gateway that needs a nonce', () => {
  it('is given one with the refusal, and may use it for a minute', async () => {
    const token = await tokenOf('by-nonce')
    const way =
      (nonce?: string): Way =>
      (sent) =>
        dpopHeaders(holder, token, sent, { claims: { nonce } })
    const refused = await (await prepare(asking(), way()))()
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP .*error="use_dpop_nonce"/u)
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    const again = await Promise.all([1, 2].map(() => prepare(asking(), way(nonce))))
    expect(await Promise.all(again.map(async (ask) => (await ask()).status))).toEqual([200, 200])
  })
})

describe('credentials that are several, or half of one', () => {
  it.each<readonly [string, (headers: Headers, own: Headers) => Headers]>([
    ['a WIT beside a token', (dpop, own) => ({ ...dpop, ...own })],
    ['a WIT beside the development key', (_, own) => ({ ...own, authorization: 'Bearer x' })],
    [
      'a WIT without its proof',
      (_, { 'workload-identity-token': w = '' }) => ({ 'workload-identity-token': w }),
    ],
    [
      'a proof without its WIT',
      (_, { 'workload-proof-token': p = '' }) => ({ 'workload-proof-token': p }),
    ],
    [
      'a bound token as a bearer',
      ({ authorization = '' }) => ({ authorization: authorization.replace('DPoP', 'Bearer') }),
    ],
    [
      'a bearer token with a proof',
      ({ authorization = '', dpop = '' }) => ({
        authorization: authorization.replace('DPoP', 'Bearer'),
        dpop,
      }),
    ],
    ['the scheme of DPoP without a proof', ({ authorization = '' }) => ({ authorization })],
    ['a proof alone', ({ dpop = '' }) => ({ dpop })],
  ])('%s: nobody is known', async (_name, mix) => {
    const sent = { method: 'GET', url: `${publicUrl}/v1/policy`, body: '' }
    const headers = mix(await ways['dpop']!(sent), await ways['wit']!(sent))
    const reply = await send('/v1/policy', 'GET', '', headers)()
    expect(reply.status).toBe(401)
    expect(await reply.json()).toMatchObject({ code: 'unauthenticated' })
  })

  it('are counted by their reason, and the caller reads none', async () => {
    const reply = await send('/v1/policy', 'GET', '', { authorization: 'Bearer x' })()
    expect(await reply.text()).not.toContain('tenant_unknown')
    const { text } = (await service.get('/metrics')).body as { text: string }
    for (const labels of [
      'tenant="",reason="tenant_unknown"',
      'tenant="",reason="credential_many"',
    ])
      expect(text).toContain(`countersign_callers_refused_total{${labels}}`)
  })
})

function audienceOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url')
  return (JSON.parse(payload.toString()) as { aud: string }).aud
}
