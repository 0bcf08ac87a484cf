/** What a failed Rego test is told to have wanted and got, from what the real OPA says of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { failedExpression, type TraceEvent } from '../../../scripts/policy/failed-expression.ts'
import { runOpa, testWithOpa } from '../../support/opa.ts'

const rule = `package a

findings contains {"code": "a.one", "params": {"server": input.server, "list": [1, 2]}} if input.server

findings contains {"code": "a.two"} if input.second
`

const cases: readonly (readonly [name: string, body: string, difference: readonly string[]])[] = [
  [
    'a finding that did not come',
    'a.findings == {{"code": "a.two"}} with input as {}',
    ['- {"code": "a.two"}'],
  ],
  [
    'a finding that nobody wanted',
    'a.findings == set() with input as {"second": true}',
    ['+ {"code": "a.two"}'],
  ],
  [
    'a finding instead of another',
    'a.findings == {{"code": "a.three"}} with input as {"second": true}',
    ['- {"code": "a.three"}  + {"code": "a.two"}'],
  ],
  [
    'a parameter of one finding, wherever the value comes from',
    'a.findings == wanted("ops") with input as {"server": "files", "second": true}',
    [
      '- {"code": "a.one", "params": {"list": [1, 2], "server": "ops"}}  + {"code": "a.one", "params": {"list": [1, 2], "server": "files"}}  + {"code": "a.two"}',
    ],
  ],
  [
    'only that parameter, where all else is as wanted',
    'a.findings == wanted("ops") with input as {"server": "files"}',
    ['a.one/params/server  - "ops"  + "files"'],
  ],
  [
    'a member too many and one too few',
    '{"x": 1, "y": 2} == object.union({"x": 1}, {"z": 3})',
    ['y  - 2', 'z  + 3'],
  ],
  ['a list, whole', 'x := array.concat([1], [2])\n\tx == [2, 1]', ['- [2, 1]  + [1, 2]']],
  ['values of two types', 'input.x == "1" with input as {"x": 1}', ['- "1"  + 1']],
  [
    'what the variables were, where nothing is compared for equality',
    'number := count(a.findings)\n\tnumber > 3',
    ['number = 0'],
  ],
  ['nothing, where there is nothing to tell', 'not a.findings', []],
]

const folder = mkdtempSync(join(tmpdir(), 'countersign-failed-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

type Tested = {
  readonly name: string
  readonly fail?: boolean
  readonly trace: readonly TraceEvent[]
}
let all: readonly Tested[] | undefined

function tested(): readonly Tested[] {
  const tests = cases.map(([, body], i) => `test_${String(i)} if {\n\t${body}\n}\n`)
  const wanted =
    'wanted(server) := {{"code": "a.one", "params": {"server": server, "list": [1, 2]}}}\n'
  writeFileSync(join(folder, 'a.rego'), rule)
  const text = ['package a_test\n', 'import data.a\n', wanted, ...tests].join('\n')
  writeFileSync(join(folder, 'a_test.rego'), text)
  const { printed } = runOpa(['test', '--var-values', '--format', 'json', '.'], folder)
  expect(printed).toMatch(/^\[/u)
  return JSON.parse(printed) as readonly Tested[]
}

testWithOpa.each(cases.map(([name, , difference], i) => [name, i, difference] as const))(
  '%s',
  (_name, i, difference) => {
    all ??= tested()
    const { fail, trace } = all.find(({ name }) => name === `test_${String(i)}`) ?? { trace: [] }
    expect(fail).toBe(true)
    expect(failedExpression(trace)?.difference).toEqual(difference)
  },
)

testWithOpa('the line is that of the expression, not of the test', () => {
  all ??= tested()
  const { trace } = all.find(({ name }) => name === 'test_6') ?? { trace: [] }
  const [first] = trace.filter(({ Location }) => Location.row > 1)
  expect(failedExpression(trace)?.line).toBe((first?.Location.row ?? 0) + 2)
})

it('an empty trace tells nothing', () => {
  expect(failedExpression([])).toBeNull()
})
