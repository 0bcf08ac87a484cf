/** `kill -9` of a writer and publisher whose checkpoints a real witness cosigns. The long form is `npm run crash`. */
import { afterEach, expect, it } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAfterCrash } from '../../../scripts/crash-check.ts'
import { makeCrashLog } from '../../../scripts/crash-publisher.ts'
import { crashRun } from '../../../scripts/crash-run.ts'
import { startLitewitness } from '../../support/litewitness.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
afterEach(() => logs.clean())

it('loses nothing that it acknowledged, published or had cosigned, time after time', async () => {
  const [directory, beside] = [logs.directory(), logs.directory()]
  const witness = await startLitewitness('witness.test/crash')
  const policy = join(beside, 'policy')
  writeFileSync(policy, `witness one ${witness.vkey} ${witness.url}\nquorum one\n`)
  const log = { directory, origin: 'pdp.test/crash', policy }
  witness.register(await makeCrashLog(log))
  try {
    const acknowledged: string[] = []
    for (const lifetime of [0, 30, 90, 200, 10, 150]) {
      const ids = await crashRun({ ...log, clients: 8, segmentBytes: 64 * 1024, lifetime })
      acknowledged.push(...ids)
      const { lost, faults, size } = await checkAfterCrash(log, acknowledged, ids)
      expect({ lost, faults }).toEqual({ lost: [], faults: [] })
      expect(size).toBeGreaterThanOrEqual(acknowledged.length)
    }
    expect(acknowledged.length).toBeGreaterThan(0)
  } finally {
    await witness.stop()
  }
}, 240_000)
