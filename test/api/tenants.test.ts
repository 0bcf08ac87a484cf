/** Two tenants in one process, with issuers, trust domains and servers of the same names and keys of their own. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeProtectedHeader, importJWK, SignJWT, type JWTPayload } from 'jose'
import {
  loadDevelopmentKeys,
  type DevelopmentKeys,
} from '../../service/adapter/development/development-keys.ts'
import {
  development,
  developmentTenant,
} from '../../service/adapter/development/development-tenant.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import type { DecisionList } from '../../service/contract/decision-list.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { silent } from '../support/development-service.ts'

type Party = {
  readonly keys: DevelopmentKeys
  readonly audience: string
  readonly credential: string
  readonly query: Query
}

const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'countersign-test-'))
const bundles = join(import.meta.dirname, '../../bundles')
const audienceOf = (id: string): string => `https://pdp.dev.countersign.test/tenants/${id}`
let running: RunningService
let a: Party
let b: Party

/** The same claims again for another tenant: same issuer names, another audience, a key of its own. */
async function reissued(
  token: string | undefined,
  key: DevelopmentKeys['identity'],
  audience: string,
): Promise<string> {
  const [, encoded] = (token ?? '').split('.')
  const claims = JSON.parse(Buffer.from(encoded ?? '', 'base64url').toString()) as JWTPayload
  const { typ } = decodeProtectedHeader(token ?? '')
  return new SignJWT({
    ...claims,
    aud: claims.aud === development.audience ? audience : (claims.aud ?? ''),
  })
    .setProtectedHeader({ alg: 'ES256', typ: typ ?? 'JWT', kid: key.kid })
    .sign(await importJWK(key.privateJwk, 'ES256'))
}

async function partyOf(id: string, keys: DevelopmentKeys): Promise<Party> {
  const audience = audienceOf(id)
  const [example] = await exampleQueries(keys)
  if (example === undefined) throw new Error('there is no example')
  const { query } = example
  const now = Math.floor(Date.now() / 1000)
  const credential = await new SignJWT({
    ...{
      iss: development.identityIssuer,
      sub: development.pep,
      client_id: development.pep,
      aud: audience,
    },
    ...{ scope: 'pdp.evaluate pdp.audit.read', jti: id, iat: now, exp: now + 300 },
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keys.identity.kid })
    .sign(await importJWK(keys.identity.privateJwk, 'ES256'))
  return {
    ...{ keys, audience, credential },
    query: {
      ...query,
      server: {
        id: 'ops',
        proof: { jwt_svid: await reissued(query.server.proof?.jwt_svid, keys.spiffe, audience) },
      },
      purpose: {
        ...query.purpose,
        grant: await reissued(query.purpose?.grant, keys.purpose, audience),
      },
    },
  }
}

beforeAll(async () => {
  const [keysOfA, keysOfB] = [
    await loadDevelopmentKeys(newDirectory()),
    await loadDevelopmentKeys(newDirectory()),
  ]
  const config = developmentConfig(keysOfA, { data: newDirectory(), port: 0, bundles })
  const tenants = [
    { ...developmentTenant(keysOfA, bundles), id: 'a', audience: audienceOf('a') },
    { ...developmentTenant(keysOfB, bundles), id: 'b', audience: audienceOf('b') },
  ]
  running = await startService({ ...config, development: null, tenants }, silent)
  a = await partyOf('a', keysOfA)
  b = await partyOf('b', keysOfB)
})
afterAll(async () => {
  await running.stop('test')
})

const call = (path: string, credential: string, body?: unknown): Promise<Response> =>
  fetch(`${running.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const ask = async (party: Party, query: Query = party.query): Promise<DecisionAnswer> => {
  const reply = await call('/v1/decisions', party.credential, query)
  expect(reply.status).toBe(200)
  return (await reply.json()) as DecisionAnswer
}

describe('two tenants', () => {
  it('are each answered, from logs of their own', async () => {
    const [first, second] = [await ask(a), await ask(b)]
    expect([first.effect, second.effect]).toEqual(['permit', 'permit'])
    expect([first.log.origin, second.log.origin]).toEqual(['localhost/a', 'localhost/b'])
  })

  it.each([
    [
      'initiator.key_not_found',
      (from: Party, to: Party): Query => ({ ...to.query, initiator: from.query.initiator ?? {} }),
    ],
    [
      'server.key_not_found',
      (from: Party, to: Party): Query => ({ ...to.query, server: from.query.server }),
    ],
    [
      'grant.key_not_found',
      (from: Party, to: Party): Query => ({ ...to.query, purpose: from.query.purpose ?? {} }),
    ],
  ])('have no proof in common: %s', async (code, mixed) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const answer = await ask(to, mixed(from, to))
      expect(answer.effect).toBe('deny')
      expect(answer.reasons.map((reason) => reason.code)).toContain(code)
    }
  })

  it('have no credential in common, whatever audience a token names', async () => {
    const forB = await reissued(b.credential, a.keys.identity, a.audience)
    const payload = { ...a.query }
    const claims = JSON.parse(
      Buffer.from(a.credential.split('.')[1] ?? '', 'base64url').toString(),
    ) as JWTPayload
    const sign = async (aud: string | string[]): Promise<string> =>
      new SignJWT({ ...claims, aud })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: a.keys.identity.kid })
        .sign(await importJWK(a.keys.identity.privateJwk, 'ES256'))
    for (const credential of [forB, await sign(b.audience), await sign([a.audience, b.audience])]) {
      expect((await call('/v1/decisions', credential, payload)).status).toBe(401)
    }
  })

  it("do not see each other's decisions, nor each other's request ids", async () => {
    const first = await ask(a, { ...a.query, request_id: 'same' })
    const second = await ask(b, { ...b.query, request_id: 'same' })
    expect(first.decision_id).not.toBe(second.decision_id)
    expect((await call(`/v1/decisions/${first.decision_id}`, b.credential)).status).toBe(404)
    expect(
      (
        await call(`/v1/decisions/${first.decision_id}/outcome`, b.credential, {
          status: 'executed',
        })
      ).status,
    ).toBe(404)
    expect((await call(`/v1/decisions/${first.decision_id}`, a.credential)).status).toBe(200)
    for (const [party, own, other] of [
      [a, first, second],
      [b, second, first],
    ] as const) {
      const reply = await call('/v1/decisions', party.credential)
      const list = (await reply.json()) as DecisionList
      const ids = list.decisions.map(({ decision_id: id }) => id)
      expect(ids).toContain(own.decision_id)
      expect(ids).not.toContain(other.decision_id)
    }
  })
})
