import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { plain } from '../../scripts/check/gate.ts'
import { gates } from '../../scripts/check/gates.ts'
import { runGates } from '../../scripts/check/run-gates.ts'
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

test('gates run beside each other, as many as may, and are told in their order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-gates-'))
  const shell = (name: string, text: string) =>
    plain(name, ['sh', '-c', text.replaceAll('mark', join(folder, 'mark'))])
  const waits = shell('waits', 'until [ -e mark ]; do sleep 0.02; done; echo seen')
  const makes = shell('makes', 'touch mark; echo no >&2; exit 1')
  const results = await Promise.all(runGates([waits, makes], 2))
  expect(results).toMatchObject([
    { ok: true, printed: 'seen\n' },
    { ok: false, printed: 'no\n' },
  ])
  rmSync(join(folder, 'mark'))
  const looks = shell('looks', 'sleep 0.3; ls mark')
  const one = await Promise.all(runGates([looks, makes], 1))
  expect(one.map(({ ok }) => ok)).toEqual([false, false])
  expect((await Promise.all(runGates([looks], 1)))[0]).toMatchObject({ ok: true })
  rmSync(folder, { recursive: true })
})

test('a gate whose program is not there has failed, and says so', async () => {
  const results = await Promise.all(runGates([plain('none', ['/no/such/program'])], 1))
  expect(results).toMatchObject([{ ok: false, printed: expect.stringContaining('ENOENT') }])
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
