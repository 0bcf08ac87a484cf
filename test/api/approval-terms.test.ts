/** What an approval is good for, as data says: several uses, arguments left open, and refusals that a changed word does not get around. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ApprovalStatement, ApprovalView } from '../../service/contract/approval.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { answer } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { registryCopy, releasedBundles, type Release } from '../support/released-bundles.ts'

const template = [{ path: ['replicas'], type: 'number' as const, minimum: 1, maximum: 5 }]

/** Up to five replicas, three times, by one approval; a refusal stands for ten minutes. */
function registry(): Registry {
  const copy = registryCopy()
  const deploy = copy.servers['ops']?.capabilities['tool:deploy']
  if (deploy === undefined) throw new Error('the development registry has no deploy')
  deploy.approval = { group: 'release-managers', quorum: 1, uses: 3, template }
  copy.parameters.refusal_seconds = 600
  return copy
}

let service: DevelopmentService
let release: Release
let held: Query
let moment = Date.now()

beforeAll(async () => {
  release = releasedBundles(registry())
  service = await startDevelopmentService({
    bundles: release.directory,
    clock: { now: () => Math.max(moment, Date.now()), uuid: () => crypto.randomUUID() },
  })
  held = (await queriesByEffect(service.keys)).hold
})
afterAll(async () => {
  await service.stop()
})

const deploy = (env: string, replicas: number): Query => ({
  ...held,
  capability: { ...held.capability, arguments: { env, replicas } },
})
const ask = (env: string, replicas: number): Promise<DecisionAnswer> =>
  service.ask(deploy(env, replicas))
const effectOf = async (env: string, replicas: number): Promise<string> =>
  (await ask(env, replicas)).effect
const codesOf = ({ reasons }: DecisionAnswer): readonly string[] =>
  reasons.map(({ code }) => code).sort()

describe('an approval with arguments left open', () => {
  it('is shown with its bounds, and is for three deployments inside them', async () => {
    const { hold } = await ask('prod', 2)
    const id = hold?.id ?? ''
    const { body } = await service.get(`/v1/approvals/${id}`)
    const { statement } = body as { statement: ApprovalStatement }
    expect(statement).toMatchObject({ uses: 3, template, question: { arguments: { replicas: 2 } } })
    // The like waits for the same answer; what is outside, and another environment, for its own.
    expect((await ask('prod', 4)).hold?.id).toBe(id)
    expect((await ask('prod', 6)).hold?.id).not.toBe(id)
    expect((await ask('staging', 2)).hold?.id).not.toBe(id)
    expect((await answer(service, id, 'rita')).status).toBe(200)
    expect(await effectOf('prod', 6)).toBe('hold')
    expect(await effectOf('staging', 2)).toBe('hold')
    expect(await effectOf('prod', 3)).toBe('permit')
    service = await service.restart()
    expect(await effectOf('prod', 5)).toBe('permit')
    expect(await effectOf('prod', 5)).toBe('permit')
    const view = (await service.get(`/v1/approvals/${id}`)).body['approval'] as ApprovalView
    expect([view.status, view.used.length, view.used_by]).toEqual(['used', 3, view.used[2]])
    expect((await ask('prod', 5)).hold?.id).not.toBe(id)
  })

  it('is used three times by a hundred at once', async () => {
    const { hold } = await ask('prod', 1)
    await answer(service, hold?.id ?? '', 'rita')
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => effectOf('prod', 1 + (i % 5))),
    )
    expect(all.filter((effect) => effect === 'permit')).toHaveLength(3)
  })
})

describe('a refusal', () => {
  it('stands for other arguments too, for as long as data says', async () => {
    const { hold } = await ask('prod', 8)
    await answer(service, hold?.id ?? '', 'rita', { verdict: 'deny', comment: 'not today' })
    const dodged = await ask('prod', 9)
    expect([dodged.effect, codesOf(dodged)]).toEqual([
      'deny',
      ['capability.approval_required', 'capability.recently_refused'],
    ])
    service = await service.restart()
    expect(await effectOf('staging', 9)).toBe('deny')
    moment = Date.now() + 601_000
    expect(await effectOf('prod', 9)).toBe('hold')
    // The very action waits for the end of the request itself.
    expect(await effectOf('prod', 8)).toBe('deny')
  })
})
