/** The table of attacks on identity, row by row, at a real service with two tenants: each ends in its code. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startStage, type Stage } from '../support/stage.ts'
import type { Attack } from './attack.ts'
import { consent } from './approvals.ts'
import { claims } from './claims.ts'
import { edge } from './edge.ts'
import { proofs } from './proofs.ts'
import { sourceAttacks } from './sources.ts'
import { tenancy } from './tenancy.ts'

const attacks: readonly Attack[] = [...consent, ...tenancy, ...proofs, ...claims, ...edge]
/** Of these, attacks move the clock: sources.test.ts. */
const elsewhere = sourceAttacks({})
const all = Array.from({ length: 25 }, (_, at) => at + 1)
const rows = all.filter((row) => attacks.some((attack) => attack.row === row))
let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(async () => {
  await stage.stop()
})

it('without an attack it permits, so that each attack is what denies', async () => {
  expect(await stage.a.ask(await stage.a.query())).toEqual(['permit'])
  expect(await stage.b.ask(await stage.b.query())).toEqual(['permit'])
  expect(await stage.a.ask(await stage.a.query('hold'))).toContain('hold')
})

describe.each(rows)('row %i', (row) => {
  const own = attacks.filter((attack) => attack.row === row)
  it.each(own)('$what: $code', async ({ code, play }) => {
    const ended = await play(stage)
    expect(ended).toContain(code)
    if (code !== 'permit') expect(ended).not.toContain('permit')
  })
})

it('no row is without an attack, and no attack without a row', () => {
  const attacked = new Set([...attacks, ...elsewhere].map(({ row }) => row))
  expect([...attacked].sort((a, b) => a - b)).toEqual(all)
})
