import { afterEach, expect, it } from '@jest/globals'
import { checkAfterCrash } from '../../../scripts/crash-check.ts'
import { crashRun } from '../../../scripts/crash-run.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
afterEach(() => logs.clean())

// The long form is `npm run crash`.
it('loses nothing that it acknowledged when it is killed under load, time after time', async () => {
  const directory = logs.directory()
  const acknowledged: string[] = []
  for (const lifetime of [0, 30, 90, 200]) {
    const ids = await crashRun({ directory, clients: 8, segmentBytes: 64 * 1024, lifetime })
    acknowledged.push(...ids)
    const { lost, faults, size } = await checkAfterCrash(directory, acknowledged, ids)
    expect({ lost, faults }).toEqual({ lost: [], faults: [] })
    expect(size).toBeGreaterThanOrEqual(acknowledged.length)
  }
  expect(acknowledged.length).toBeGreaterThan(0)
})
