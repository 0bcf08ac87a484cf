/** The questions of a bundle itself, asked of the real engine behind a busy machine. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { SelfCheckCase } from '../../service/contract/self-check.ts'
import { checkSelfCases } from '../../service/flow/check-self-cases.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { startJudging, type Judged } from '../support/policy-engine.ts'

let judged: Judged
let permitted: SelfCheckCase
beforeAll(async () => {
  judged = await startJudging()
  const input = await judged.inputOf(judged.queries.permit)
  permitted = { name: 'permit', input, want: { effect: 'permit' } }
})
afterAll(() => judged.close())

/** The engine whose first evaluations are stopped, as on a machine that has no time for them. */
function stopping(times: number): { engine: PolicyEngine; asked: () => number } {
  let asked = 0
  const evaluate: PolicyEngine['evaluate'] = (input) => {
    asked += 1
    if (asked <= times) return Promise.resolve({ ok: false, fault: 'engine.timeout' })
    return judged.engine.evaluate(input)
  }
  return { engine: { ...judged.engine, evaluate }, asked: () => asked }
}

it('a case that is stopped while the machine is busy is asked again', async () => {
  const { engine, asked } = stopping(3)
  await expect(checkSelfCases([permitted], engine)).resolves.toBeUndefined()
  expect(asked()).toBe(4)
})

it('a policy that is always stopped is refused', async () => {
  const { engine, asked } = stopping(Infinity)
  await expect(checkSelfCases([permitted], engine)).rejects.toMatchObject({
    code: 'bundle_refused',
    faults: [{ reason: 'self_check' }],
  })
  expect(asked()).toBe(4)
})

it('a case that is answered otherwise is asked once', async () => {
  const { engine, asked } = stopping(0)
  const wanted: SelfCheckCase = { ...permitted, want: { effect: 'deny' } }
  await expect(checkSelfCases([wanted], engine)).rejects.toThrow(/must be deny/u)
  expect(asked()).toBe(1)
})
