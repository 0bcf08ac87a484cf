/** The demo is a test of the whole: real MCP on both sides, the PDP killed in the middle. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const launcher = join(import.meta.dirname, '../../scripts/countersign.js')

test('every decision of the demo is the expected one, and none is lost', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, 'demo'])
  const summary =
    /^demo: (\d+) decisions, all as expected; (\d+) tokens verified; (\d+) records/mu.exec(stdout)
  const [decisions, verified, found] = (summary ?? []).slice(1).map(Number)
  expect(decisions).toBeGreaterThan(50)
  expect(verified).toBe(decisions)
  expect(found).toBeGreaterThan(50)
}, 120_000)
