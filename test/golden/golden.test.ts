/** The golden decisions, through the WebAssembly that the service loads. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PolicyInput } from '../../service/contract/policy-input.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { startJudging, type Judged } from '../support/policy-engine.ts'
import { answerOf, wantedOf } from '../../scripts/policy/golden-answer.ts'
import { baseQuestions, goldenCases } from './cases.ts'

const checkInput = compileChecker(PolicyInput)
let judged: Judged

beforeAll(async () => {
  judged = await startJudging()
})
afterAll(async () => {
  await judged.close()
})

describe('golden decisions', () => {
  it('cover every area', () => {
    expect(goldenCases.length).toBeGreaterThanOrEqual(60)
  })

  it.each(goldenCases.map((one) => [`${one.area}: ${one.name}`, one] as const))(
    '%s',
    async (_name, one) => {
      expect(answerOf(await judged.judge(one.input))).toEqual(wantedOf(one.want))
    },
  )
})

describe('questions that the tests of rules start from', () => {
  it.each([...baseQuestions])('%s is of the contract, and is permitted', async (_name, input) => {
    expect(checkInput(input)).toMatchObject({ ok: true })
    expect(await judged.judge(input)).toMatchObject({ effect: 'permit', findings: [] })
  })
})
