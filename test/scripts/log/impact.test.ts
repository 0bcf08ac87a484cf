/** countersign log impact: what a candidate would have decided otherwise of what a real service was asked. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { Impact } from '../../../scripts/log/impact/impact-tally.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { commandHere, runHere } from '../../support/in-process.ts'
import { registryCopy, registryWithout, releasedBundles } from '../../support/released-bundles.ts'
import { leafOf, rewrite, tokensIn } from '../../support/segment.ts'
import { createRecordedWorld, type RecordedWorld } from './recorded-world.ts'

let world: RecordedWorld
beforeAll(async () => {
  world = await createRecordedWorld()
})
afterAll(() => {
  world.remove()
})

type Ran = Impact & { readonly exit: number; readonly text: string }

async function impactOf(registry: Registry, ...given: readonly string[]): Promise<Ran> {
  const { directory } = releasedBundles(registry)
  return impactOfBundles(directory, ...given)
}

async function impactOfBundles(bundles: string, ...given: readonly string[]): Promise<Ran> {
  const args = ['impact', world.tenant, '--bundle', bundles, ...given]
  const { exit, text, json } = await runHere(logCommands, args)
  return { exit, text, ...(json as Impact) }
}

/** The development registry, in which nobody is in the group that a tool is for. */
function withoutGroup(): Registry {
  const registry = registryCopy()
  for (const capability of Object.values(registry.servers['ops']?.capabilities ?? {}))
    Object.assign(capability, { groups: ['nobody'] })
  return registry
}

it('the same bundles change nothing', async () => {
  const { exit, judged, changed, not_judged: causes, text } = await impactOf(registryCopy())
  expect([exit, judged, changed, causes]).toEqual([0, 3, 0, { not_policy: 1 }])
  expect(text).toContain('3 recorded decisions judged')
})

it('who is newly denied what, and by which rule, is counted by rule, capability and person', async () => {
  const found = await impactOf(withoutGroup())
  const { sub } = leafOf(world.permit.token) as { readonly sub?: string }
  expect(found).toMatchObject({ exit: 0, newly_denied: 2, newly_permitted: 0, newly_held: 0 })
  const permit = { decisions: expect.arrayContaining([world.permit.decision_id]), people: 1 }
  expect(found.rules).toContainEqual(
    expect.objectContaining({ name: '- capability.granted', newly_denied: 1, ...permit }),
  )
  expect(found.capabilities).toContainEqual(
    expect.objectContaining({ name: 'ops/tool:status', newly_denied: 1, ...permit }),
  )
  expect(found.initiators).toContainEqual(expect.objectContaining({ name: sub, newly_denied: 2 }))
  expect(found.text).toMatch(/ops\/tool:status: 1 denied; 1 person/u)
})

describe('a guard', () => {
  const guardOf = ({ guards }: Ran, name: string) => guards.find(({ guard }) => guard === name)
  const spoken = (): string => world.deny.reasons[0]?.code ?? ''
  const held = (): string => world.hold.reasons[0]?.code ?? ''

  /** No facet of a capability is held for anybody. */
  function withoutHolds(): Registry {
    const registry = registryCopy()
    for (const capability of Object.values(registry.servers['ops']?.capabilities ?? {}))
      delete capability.approval
    return { ...registry, parameters: { ...registry.parameters, hold_facets: [] } }
  }

  it('that still speaks holds', async () => {
    const found = await impactOf(withoutHolds(), '--guard', spoken())
    expect(found.exit).toBe(0)
    expect(guardOf(found, spoken())).toMatchObject({ met: 1, loosened: 0 })
    expect(found.text).toContain(`guard ${spoken()}: holds (it spoke against 1)`)
  })

  it('that no longer speaks against what it spoke against loosens, and the exit code says so', async () => {
    const found = await impactOf(withoutHolds(), '--guard', held(), '--guard', spoken())
    expect(found.exit).toBe(1)
    expect(guardOf(found, held())).toMatchObject({
      ...{ met: 1, loosened: 1, decisions: [world.hold.decision_id] },
    })
    expect(found).toMatchObject({ newly_permitted: 1 })
    expect(found.text).toContain(`guard ${held()}: LOOSENS on 1 of 1`)
  })

  it('that nobody knows guards nothing, and the exit code says so', async () => {
    const found = await impactOf(registryCopy(), '--guard', 'supply.no_such_rule')
    expect([found.exit, found.changed]).toEqual([1, 0])
    expect(found.text).toContain('neither the candidate nor the record has such a rule')
  })
})

it('a question that another registry would shape otherwise is counted, not guessed', async () => {
  const { judged, not_judged: causes } = await impactOf(registryWithout('tool:status'))
  expect([judged, causes]).toEqual([2, { not_policy: 1, shaped_otherwise: 1 }])
})

it('a candidate without a registry judges on the recorded one', async () => {
  const policy = join(releasedBundles().directory, 'policy.tar.gz')
  expect(await impactOfBundles(policy)).toMatchObject({ exit: 0, judged: 3, changed: 0 })
})

it('erased or withheld input is counted, and nothing that could be judged is a no', async () => {
  const tenant = world.copy()
  rewrite(join(tenant, 'log'), tokensIn(join(tenant, 'log')))
  const { directory } = releasedBundles()
  const { exit, json } = await runHere(logCommands, ['impact', tenant, '--bundle', directory])
  expect(exit).toBe(1)
  expect(json).toMatchObject({ judged: 0, not_judged: { input_not_disclosed: 3, not_policy: 1 } })
})

it('says on one line when a period ends before it begins', async () => {
  const given = ['--from', '2026-02-01', '--to', '2026-01-01']
  const ran = await commandHere(['log', 'impact', world.tenant, ...given])
  expect([ran.status, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(/name a time after/u)
})
