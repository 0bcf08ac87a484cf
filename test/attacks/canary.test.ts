/**
 * What a token, a body or a definition names as a place to look is never looked at: a real server that listens there
 * sees no connection, whoever signed it.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Query } from '../../service/contract/query.ts'
import { startListener, type Listener } from '../support/listener.ts'
import { startStage, type Stage } from '../support/stage.ts'
import { grant, initiator, server, workload } from './attack.ts'

let stage: Stage
let canary: Listener

beforeAll(async () => {
  canary = await startListener((_request, response) => response.end('{"keys":[]}'))
  stage = await startStage()
})
afterAll(async () => {
  await stage.stop()
  await canary.stop()
})

type Named = Readonly<
  Record<
    string,
    (url: string) => readonly [claims: object, header: Readonly<Record<string, unknown>>]
  >
>
/** Where a token can name a place: RFC 7515, OpenID Connect, RFC 8693, the token status list. */
const places: Named = {
  jku: (url) => [{}, { jku: url }],
  x5u: (url) => [{}, { x5u: url }],
  'jwk with a place': (url) => [{}, { jwk: { kty: 'EC', jku: url, x5u: url } }],
  kid: (url) => [{}, { kid: url }],
  iss: (url) => [{ iss: url }, {}],
  'sub as an issuer': (url) => [{ sub: url }, {}],
  aud: (url) => [{ aud: [url] }, {}],
  'a status list': (url) => [{ status: { status_list: { idx: 0, uri: url } } }, {}],
  'an actor': (url) => [{ act: { iss: url, sub: 'x' } }, {}],
  'cnf by reference': (url) => [{ cnf: { jku: url, kid: 'x' } }, {}],
  'claim sources': (url) => [{ _claim_sources: { a: { endpoint: url } } }, {}],
}

it.each(Object.entries(places))('%s, in every token', async (_name, place) => {
  const { a } = stage
  const [claims, header] = place(`${canary.url}/keys`)
  const given = [claims, { ...header }] as const
  const wit = await a.wit(...given)
  const query = await a.query()
  const answers = [
    await a.ask({ ...query, ...initiator(await a.access(...given)) }),
    await a.ask({ ...query, ...server(await a.svid(...given)) }),
    await a.ask({ ...query, ...grant(await a.grant(...given)) }),
    await a.ask({
      ...query,
      ...workload(wit, await a.holder.wpt(wit, a.audience, { claims: { ...claims }, header })),
    }),
    await a.ask({
      ...query,
      server: { id: 'ops', proof: { platform_token: await a.job(...given) } },
    }),
    await a.ask(query, await a.credential(...given)),
  ]
  const event = { 'content-type': 'application/secevent+jwt' }
  const pushed = await a.call('/v1/security-events', await a.event(...given), event)
  expect(answers.every((codes) => codes.length > 0)).toBe(true)
  expect(pushed.status).toBeLessThan(500)
  expect(canary.connections()).toBe(0)
})

it('nor is a place in what is asked for', async () => {
  const { a } = stage
  const { url } = canary
  const query = await a.query()
  const { capability } = query
  const definition = {
    ...capability.definition,
    inputSchema: { $ref: `${url}/schema` },
    icons: [{ src: url }],
  }
  const asked: readonly Query[] = [
    { ...query, capability: { ...capability, definition } },
    { ...query, capability: { kind: 'resource', uri: `${url}/secret` } },
    { ...query, protocol: { ...query.protocol, client_info: { website: url } } },
    { ...query, initiator: { ...query.initiator, dpop: await a.holder.dpop('x', url) } },
    {
      ...query,
      ...{ phase: 'input_request', capability: { kind: 'elicitation' } },
      elicitation: { mode: 'url', message: 'Sign in', url: `${url}/login` },
    },
  ]
  for (const one of asked) expect(await a.ask(one)).not.toEqual([])
  expect(canary.connections()).toBe(0)
})

it('the canary would have sung: it counts whoever comes', async () => {
  await fetch(`${canary.url}/keys`)
  expect(canary.connections()).toBe(1)
})
