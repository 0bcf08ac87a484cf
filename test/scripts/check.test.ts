import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { gates } from '../../scripts/check/gates.ts'
import { lineOf, sumOf, tallyOf } from '../../scripts/check/tally.ts'
import { resolvePart } from '../../scripts/parts/resolve.ts'

test.each([
  ['jest, all well', 'Tests:       12 passed, 12 total\n', '12 passed, 0 failed'],
  [
    'jest, mixed',
    'Tests:  1 failed, 2 skipped, 1 todo, 3 passed, 7 total\n',
    '3 passed, 1 failed, 3 skipped',
  ],
  [
    'jest, a file that does not load',
    'Test Suites: 1 failed, 1 total\nTests: 5 passed, 5 total\n',
    '5 passed, 1 failed',
  ],
  ['opa test, all well', 'PASS: 40/40\n', '40 passed, 0 failed'],
  ['opa test, mixed', 'PASS: 38/40\nFAIL: 1/40\nSKIPPED: 1/40\n', '38 passed, 1 failed, 1 skipped'],
  ['a tool that runs no test', 'Tests are fine: 3 passed\n', '0 passed, 0 failed'],
])('the closing lines of %s are counted', (_, printed, line) => {
  expect(lineOf(tallyOf(printed))).toBe(line)
})

test('counts of several runners add up', () => {
  const tallies = ['Tests: 2 passed, 2 total', 'PASS: 3/3'].map(tallyOf)
  expect(lineOf(sumOf(tallies))).toBe('5 passed, 0 failed')
})

test('gates have names of their own', () => {
  expect(new Set(gates.map((gate) => gate.name)).size).toBe(gates.length)
})

test('an unknown gate is refused, not passed over', () => {
  const { status, stderr } = spawnSync(process.execPath, [
    'scripts/check.ts',
    '--only',
    'types,typse',
  ])
  expect(status).toBe(2)
  expect(stderr.toString()).toMatch(/no gate is called typse; there are format, types/)
})

test('a part of another version is refused with the remedy', () => {
  process.env['COUNTERSIGN_OPA'] = process.execPath
  try {
    expect(() => resolvePart('opa')).toThrow(/COUNTERSIGN_OPA is .*, which is not opa 1\.22\.2/)
  } finally {
    delete process.env['COUNTERSIGN_OPA']
  }
})
