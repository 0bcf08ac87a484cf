/** Scope by route: every route that is not open to all takes the scopes that it names, and no other. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { scopes } from '../../service/contract/scope.ts'
import { routes } from '../../service/http/routes.ts'
import type { Route } from '../../service/http/service.ts'
import { startDevelopmentService, type DevelopmentService } from '../support/development-service.ts'

/** Routes that need no credential, by name: whoever adds one has to say so here. */
const open = [
  'pushSecurityEvent',
  'openProofSession',
  'authzenConfiguration',
  'healthz',
  'readyz',
  'metrics',
  'jwks',
  'openapi',
  'getPublicCheckpoint',
  'getPublicMinimumIndex',
  'getPublicTile',
  'getPublicWitnessed',
  'getPublicLogKey',
]

let service: DevelopmentService
beforeAll(async () => {
  service = await startDevelopmentService()
})
afterAll(async () => {
  await service.stop()
})

const closed = routes.filter(({ operation }) => !open.includes(operation.id))

async function statusOf({ method, path }: Route, authorization: string): Promise<number> {
  const at = path.replaceAll(/[:*][a-z]+/gu, 'none')
  const json = method === 'post' ? { 'content-type': 'application/json' } : {}
  const reply = await fetch(`${service.url}${at}`, {
    ...{ method: method.toUpperCase(), headers: { authorization, ...json } },
    ...(method === 'post' ? { body: '{}' } : {}),
  })
  return reply.status
}

it('a route is open to all only when it is one of those', () => {
  const unscoped = routes.filter(({ operation }) => operation.scope === null)
  expect(unscoped.map(({ operation }) => operation.id).sort()).toEqual([...open].sort())
})

describe.each(closed.map((route) => [route.operation.id, route] as const))('%s', (_id, route) => {
  const enough = [route.operation.scope ?? []].flat()

  it.each(scopes)('%s', async (scope) => {
    const status = await statusOf(route, `Bearer ${await mintPepToken(service.keys, scope)}`)
    if (enough.includes(scope)) expect([401, 403]).not.toContain(status)
    else expect(status).toBe(403)
  })

  it('no scope, and no credential', async () => {
    expect(await statusOf(route, `Bearer ${await mintPepToken(service.keys, '')}`)).toBe(403)
    expect(await statusOf(route, 'Bearer nobody')).toBe(401)
  })
})
