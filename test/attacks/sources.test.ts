/** Rows 17 and 18 of the table, in their order: the clock moves, and the sources of keys turn bad. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startListener, type Listener } from '../support/listener.ts'
import { startStage, type Stage } from '../support/stage.ts'
import { sourceAttacks, sourcesOf, trusting, type Told } from './sources.ts'

const told: Told = {}
let stage: Stage
let sources: Listener
let canary: Listener

beforeAll(async () => {
  canary = await startListener((_request, response) => response.end('{"keys":[]}'))
  sources = await startListener((request, response) => {
    told[(request.url ?? '').slice(1)]?.(request, response)
  })
  stage = await startStage({
    configure: (tenant, { identity }) => {
      if (tenant.id !== 'a') return tenant
      Object.assign(told, sourcesOf(identity, canary.url))
      return trusting(tenant, sources, canary.port)
    },
  })
})
afterAll(async () => {
  await stage.stop()
  await sources.stop()
  await canary.stop()
})

it.each(sourceAttacks(told))('row $row: $what: $code', async ({ code, play }) => {
  const ended = await play(stage)
  expect(ended).toContain(code)
  expect(ended).not.toContain('permit')
})

it('nobody followed a redirect, nor looked behind a private address', () => {
  expect(canary.connections()).toBe(0)
})
