/** Keys that a running service fetches: what an operator sees, through an outage, a restart and a flood of made-up kids. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { Issuer } from '../../service/contract/config.ts'
import type { Query } from '../../service/contract/query.ts'
import type { KeySetState, TrustState } from '../../service/contract/trust-state.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { until } from '../support/listening-source.ts'
import { startPlatform, type Platform } from '../support/platform.ts'

let platform: Platform
let service: DevelopmentService
let query: Query

const issuer = (): Issuer => ({
  ...{ issuer: platform.issuer, kinds: ['platform'], algorithms: ['RS256'] },
  keys: { discovery: {}, internal: true },
})

beforeAll(async () => {
  platform = await startPlatform('/openid/v1/jwks')
  service = await startDevelopmentService({
    tenant: (tenant) => ({ ...tenant, issuers: [...tenant.issuers, issuer()] }),
  })
  query = (await queriesByEffect(service.keys)).permit
})
afterAll(async () => {
  await service.stop()
})

async function stateOf(): Promise<KeySetState> {
  const { status, body } = await service.get('/v1/trust')
  expect(status).toBe(200)
  const found = (body as TrustState).key_sets.find(({ issuer: name }) => name === platform.issuer)
  if (found === undefined) throw new Error('the issuer is not there')
  return found
}

const metric = async (name: string): Promise<string | undefined> => {
  const { body } = await service.get('/metrics')
  return String(body['text'])
    .split('\n')
    .find(
      (line) => line.startsWith(`countersign_key_set_${name}{`) && line.includes(platform.issuer),
    )
    ?.split(' ')
    .at(-1)
}

const now = (): number => Math.floor(Date.now() / 1000)
const reasonOf = async (header: object = {}): Promise<string | undefined> => {
  const token = await platform.key.sign(
    {
      ...{ iss: platform.issuer, sub: 'job', aud: development.audience, jti: crypto.randomUUID() },
      ...{ iat: now(), exp: now() + 300 },
    },
    { ...header },
  )
  const proof = { platform_token: token }
  const { reasons } = await service.ask({ ...query, server: { id: 'ops', proof } })
  return reasons.find(({ code }) => code.startsWith('server.'))?.code
}

describe('a key set that was fetched', () => {
  it('is shown: where it is from, which kids, how fresh', async () => {
    await until(async () => (await stateOf()).usable)
    const state = await stateOf()
    expect(state).toMatchObject({
      kinds: ['platform'],
      source: 'discovery',
      location: `${platform.issuer}/.well-known/openid-configuration`,
      kids: [platform.key.kid],
      ...{ authorities: 0, sequence: null, failures: 0, error: null },
    })
    const counts = Date.parse(state.usable_until ?? '') - Date.parse(state.fetched_at ?? '')
    expect(counts).toBe(3_600_000)
    expect(await metric('usable')).toBe('1')
    expect(Number(await metric('fetched_seconds')) * 1000).toBe(Date.parse(state.fetched_at ?? ''))
  })

  it('is not fetched for every kid that somebody makes up', async () => {
    const before = platform.asked().length
    const reasons = await Promise.all(
      Array.from({ length: 200 }, (_, i) => reasonOf({ kid: `made-up-${String(i)}` })),
    )
    expect(new Set(reasons)).toEqual(new Set(['server.key_not_found']))
    expect(platform.asked().length - before).toBeLessThanOrEqual(2)
  })

  it('is nothing to be seen with a credential that may only ask', async () => {
    const { status } = await service.get('/v1/trust', { authorization: 'Bearer nobody' })
    expect(status).toBe(401)
  })
})

describe('when its issuer goes down', () => {
  it('a restart goes on with it, ready, and says what is wrong', async () => {
    await platform.stop()
    service = await service.restart()
    await until(async () => (await stateOf()).failures > 0)
    expect(await stateOf()).toMatchObject({ usable: true, kids: [platform.key.kid] })
    const { status, body } = await service.get('/readyz')
    expect(status).toBe(200)
    expect(JSON.stringify(body)).toContain(
      `the keys of ${platform.issuer} cannot be fetched anew (connect ECONNREFUSED`,
    )
    expect(Number(await metric('failures'))).toBeGreaterThan(0)
    expect(await reasonOf()).not.toBe('server.keys_unavailable')
  })
})
