/** An entry that nobody reviews again: people are warned past its date, and past the grace policy denies. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Observation } from '../../service/contract/observation.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import { startDevelopmentService, type DevelopmentService } from '../support/development-service.ts'
import { registryCopy, releasedBundles } from '../support/released-bundles.ts'

const day = 86_400
const now = Math.floor(Date.now() / 1000)

describe.each([
  [
    'past its date',
    now - day,
    'permit',
    /^server ops \(owner platform-team\).*: past .* is denied$/u,
  ],
  [
    'past the grace',
    now - 3 * day,
    'deny',
    /^server ops \(owner platform-team\).*: since .* is denied$/u,
  ],
])('a server %s', (_name, reviewBy, effect, notice) => {
  let service: DevelopmentService

  beforeAll(async () => {
    const registry = registryCopy()
    registry.parameters.review_grace_seconds = 2 * day
    registry.servers['ops']!.review_by = reviewBy
    service = await startDevelopmentService({ bundles: releasedBundles(registry).directory })
  })
  afterAll(async () => {
    await service.stop()
  })

  it(`is answered with ${effect}`, async () => {
    const examples = await exampleQueries(service.keys)
    const permitted = examples.find((example) => example.effect === 'permit')!
    const answer = await service.ask(permitted.query)
    expect(answer.effect).toBe(effect)
    expect(answer.reasons.map(({ code }) => code)).toEqual(
      effect === 'deny' ? ['supply.review_overdue'] : [],
    )
  })

  it('is named by readiness, which stays ready', async () => {
    expect(await service.get('/readyz')).toMatchObject({
      status: 200,
      body: { notices: { dev: [expect.stringMatching(notice)] } },
    })
  })
})

it('a gateway past the grace is denied, though its tenant observes everything', async () => {
  const registry = registryCopy()
  registry.parameters.review_grace_seconds = 0
  const terms = { owner: 'o', reason: 'r', not_before: now - day, expires_at: now + day }
  const observe: Observation[] = [
    { scope: 'tenant', id: 'all', ...terms },
    { scope: 'rule', code: 'supply.review_overdue', id: 'dates', ...terms },
  ]
  const service = await startDevelopmentService({
    bundles: releasedBundles({ ...registry, observe }).directory,
    tenant: (tenant) => ({
      ...tenant,
      peps: tenant.peps.map((pep) => ({ ...pep, review_by: now - day })),
    }),
  })
  try {
    const examples = await exampleQueries(service.keys)
    for (const { query } of examples) {
      const answer = await service.ask(query)
      expect(answer).toMatchObject({ effect: 'deny' })
      expect(answer.observed).toBeUndefined()
    }
  } finally {
    await service.stop()
  }
})

it('readiness names some of many, and counts the rest', async () => {
  const registry = registryCopy()
  for (let i = 0; i < 12; i += 1)
    registry.purposes[`old.${String(i)}`] = {
      ...registry.purposes['incident.restore']!,
      review_by: i,
    }
  const service = await startDevelopmentService({ bundles: releasedBundles(registry).directory })
  const { notices } = (await service.get('/readyz')).body as { notices: { dev: string[] } }
  await service.stop()
  expect(notices.dev).toHaveLength(11)
  expect(notices.dev.at(-1)).toBe('2 more entries are past their review date')
})
