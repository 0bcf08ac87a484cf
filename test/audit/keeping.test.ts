/** How a record is taken apart: what is of which class, and what of it ends first. */
import { describe, expect, it } from '@jest/globals'
import { assembled, composeDisclosure } from '../../service/audit/disclosure.ts'
import { fieldsByClass } from '../../service/audit/disclosed-fields.ts'
import { keepingFor, keepingOf, periodOf } from '../../service/audit/keeping.ts'
import type { Privacy } from '../../service/contract/privacy.ts'
import type { Phase } from '../../service/contract/query.ts'

const classes: Privacy['classes'] = {
  patient: { fields: ['arguments/patient', 'results/record/patient'], keep_days: 2 },
  prompts: { keep_days: 30 },
  names: { keep_days: null },
}
const record = (question: object): object => ({
  input: { question, verified: { initiator: { sub: 'alice' } } },
  reasons: [{ code: 'x' }],
})
const pointersOf = (value: unknown, phase: Phase): object =>
  Object.fromEntries(
    [...fieldsByClass(value, keepingOf({ classes }, phase))].map(([name, fields]) => [
      name,
      fields.map(([pointer]) => pointer),
    ]),
  )

describe('a field is of the class', () => {
  it('that names it, else of that of what it lies in; what is derived goes with the first to end', () => {
    const asked = record({ arguments: { patient: 'p', ward: 'w' }, content: null })
    expect(pointersOf(asked, 'request')).toEqual({
      arguments: ['/input/question/arguments/ward'],
      patient: ['/input/question/arguments/patient', '/reasons'],
      names: ['/input/verified/initiator'],
      other: ['/input/question/content'],
    })
  })

  it.each([
    ['input_request', { prompts: ['/input/question/content', '/reasons'] }],
    ['input_response', { answers: ['/input/question/content', '/reasons'] }],
    [
      'result',
      {
        patient: ['/input/question/content/record/patient', '/reasons'],
        results: ['/input/question/content/record/other'],
      },
    ],
  ] as const)('of the phase: %s', (phase, expected) => {
    const asked = record({ content: { record: { patient: 'p', other: 1 } } })
    expect(pointersOf(asked, phase)).toMatchObject(
      phase === 'result'
        ? expected
        : Object.fromEntries(Object.keys(expected).map((name) => [name, expect.any(Array)])),
    )
    expect(Object.keys(pointersOf(asked, phase))).toEqual(
      expect.arrayContaining(Object.keys(expected)),
    )
  })

  it('of the part, where the named member is no object of its own', () => {
    const asked = record({ arguments: ['patient', 1], content: null })
    expect(pointersOf(asked, 'request')).toMatchObject({
      arguments: ['/input/question/arguments', '/reasons'],
    })
  })
})

it('a class that the tenant names no more is kept no longer than any that it does', () => {
  const { keepDays } = keepingOf({ classes }, null)
  expect([keepDays('names'), keepDays('answers'), keepDays('gone'), keepDays('record')]).toEqual([
    ...[null, 400, 2, 2],
  ])
  expect(keepingFor(null, null).keepDays('arguments')).toBe(400)
})

it('keys are used for a sixteenth of the time, from a day to a month', () => {
  const days = [1, 16, 32, 400, 36_500, null].map((keep) => periodOf(keep) / 86_400)
  expect(days).toEqual([1, 1, 2, 25, 30, 30])
})

it.each([
  { a: { 'b/c~d': { __proto__x: 1 } }, input: {}, reasons: [] },
  JSON.parse('{"input":{"question":{"arguments":{"__proto__":{"polluted":1}}}}}') as object,
  'text',
  [1, { a: 2 }],
  null,
])('a value comes together again from its fields: %j', (value) => {
  const keeping = keepingOf(
    { classes: { x: { fields: ['arguments/__proto__/polluted'], keep_days: 1 } } },
    'request',
  )
  const { classes: composed } = composeDisclosure(() => 'AAAA', { subject: 's', value, keeping })
  const fields = composed.flatMap(
    ({ text }) => (JSON.parse(text) as { fields: [string, unknown][] }).fields,
  )
  expect(JSON.parse(JSON.stringify(assembled(fields)))).toEqual(value)
  expect('polluted' in {}).toBe(false)
})

it('fields of no one value are refused', () => {
  expect(() =>
    assembled([
      ['/a', 1],
      ['/a/b', 2],
    ]),
  ).toThrow(TypeError)
})
