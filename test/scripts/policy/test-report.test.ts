/** The report of a test run: what was wanted is red and what came is green on a terminal, and plain elsewhere. */
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import type { Project } from '../../../scripts/policy/project.ts'
import { reportOf } from '../../../scripts/policy/test-report.ts'
import type { TestRun } from '../../../scripts/policy/test-run.ts'

const place = { file: join(process.cwd(), 'x/a.rego'), line: 3 }
const rego = {
  ...{ name: 'test_deny', package: 'a_test', ...place, microseconds: 1, said: 'printed' },
  ...{ outcome: 'failed' as const, failed: { line: 5, difference: ['a.one/params  - 1  + 2'] } },
}
const run: TestRun = {
  rego: { tests: [rego, { ...rego, failed: null }], coverage: null, faults: [] },
  golden: [{ name: 'a: b', ...place, passed: false, difference: ['codes  - team.frozen'] }],
  faults: [],
}
const lines = (isColored: boolean): readonly string[] =>
  reportOf(run, { coverage: 100 } as Project, isColored)
    .text.split('\n')
    .slice(0, 8)

it('tells each failure with its line and its difference', () => {
  expect(lines(false)).toEqual([
    'FAIL x/a.rego:3 a_test.test_deny',
    '     at line 5',
    '     a.one/params  - 1  + 2',
    '     printed',
    'FAIL x/a.rego:3 a_test.test_deny',
    '     printed',
    'FAIL x/a.rego:3 a: b',
    '     codes  - team.frozen',
  ])
})

it('colours the two sides, and nothing else', () => {
  const [red, green, plain] = ['\u001b[31m', '\u001b[32m', '\u001b[39m']
  const colored = lines(true)
  expect(colored[2]).toBe(`     a.one/params  ${red}- 1${plain}  ${green}+ 2${plain}`)
  expect(colored[7]).toBe(`     codes  ${red}- team.frozen${plain}`)
  expect(colored.join('\n').replaceAll(/\u001b\[\d+m/gu, '')).toBe(lines(false).join('\n'))
})
