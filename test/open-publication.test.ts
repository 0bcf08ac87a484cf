/** How a log is kept published: when, what a failure leaves behind, and that no answer waits for it. */
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import { sampleEvent } from '../scripts/sample-draft.ts'
import type { FileAuditLog } from '../service/adapter/audit-log/file-audit-log.ts'
import { systemClock } from '../service/adapter/clock/system-clock.ts'
import { limits } from '../service/contract/limits.ts'
import { openPublication, type OpenPublication } from '../service/open-publication.ts'
import { TemporaryLogs } from './adapter/audit-log/temporary-log.ts'

const logs = new TemporaryLogs()
let audit: FileAuditLog
let open: OpenPublication
let told: unknown[]
beforeEach(async () => {
  // Time passes only when a test says so.
  jest.useFakeTimers({
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout', 'Date'],
  })
  told = []
  audit = await logs.open(logs.directory(), { segmentBytes: 1024 * 1024 })
  const events = { tenant: 'acme', audit, clock: systemClock }
  open = await openPublication(audit, events, {
    witness: null,
    failed: (error) => told.push(error),
    toldOfWitness: () => undefined,
  })
})
afterEach(async () => {
  jest.useRealTimers()
  await logs.clean()
})

async function grow(entries: number): Promise<void> {
  const from = audit.size()
  const drafts = Array.from({ length: entries }, (_, i) =>
    sampleEvent(`evt_${from + i}`, 'wf_1', 1_900_000_000),
  )
  await Promise.all(drafts.map((draft) => audit.append(draft, null)))
}

/** Until the publication that is under way, if there is one, is over. */
async function settled(): Promise<void> {
  await setImmediate()
  do await setImmediate()
  while (open.publisher.isRunning)
}

it('what is new is published once a second has passed, and not before', async () => {
  await grow(3)
  await settled()
  expect(open.publisher.size).toBe(0)
  jest.advanceTimersByTime(limits.publishMilliseconds)
  await settled()
  expect(open.publisher.size).toBe(3)
})

it('256 new entries are published at once', async () => {
  await grow(limits.publishEntries - 1)
  await settled()
  expect(open.publisher.size).toBe(0)
  await grow(1)
  await settled()
  expect(open.publisher.size).toBe(limits.publishEntries)
})

it('closing publishes what is left', async () => {
  await grow(5)
  await open.close()
  expect(open.publisher.size).toBe(5)
})

it('an entry is acknowledged while a publication hangs', async () => {
  const release = Promise.withResolvers<undefined>()
  const write = jest.spyOn(audit.publication, 'write').mockReturnValue(release.promise)
  await grow(limits.publishEntries)
  while (write.mock.calls.length === 0) await setImmediate()
  await grow(2 * limits.publishEntries)
  expect(open.publisher.isRunning).toBe(true)
  expect(audit.size()).toBe(3 * limits.publishEntries)
  expect(open.publisher.size).toBe(0)
  write.mockRestore()
  release.resolve(undefined)
  await settled()
})

it('a failure is told once and logged once, holds up no entry, and is made good when it can be', async () => {
  const failure = Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
  const write = jest.spyOn(audit.publication, 'write').mockRejectedValue(failure)
  for (let i = 0; i < 3; i += 1) {
    await grow(limits.publishEntries)
    jest.advanceTimersByTime(limits.publishMilliseconds)
    await settled()
  }
  expect(told).toEqual([failure])
  expect(open.publisher.notices()).toEqual([expect.stringContaining('the disk is full')])
  write.mockRestore()
  jest.advanceTimersByTime(limits.publishMilliseconds)
  await settled()
  await open.publisher.publish()
  expect(open.publisher.notices()).toEqual([])
  expect(open.publisher.size).toBe(audit.size())
  const kinds = (await audit.entries(0, audit.size())).map(({ leaf }) => leaf)
  const failures = kinds.filter(({ kind }) => kind === 'checkpoint_failure')
  expect(failures).toMatchObject([{ event: { code: 'ENOSPC' } }])
})

it('a failure that is no error of the system is logged without its words', async () => {
  jest.spyOn(audit.publication, 'sign').mockRejectedValueOnce(new Error('/a/path'))
  await grow(1)
  await open.publisher.publish()
  await grow(1)
  const [leaf] = (await audit.entries(0, 9))
    .map((one) => one.leaf)
    .filter(({ kind }) => kind === 'checkpoint_failure')
  expect(leaf).toMatchObject({ event: { code: 'internal' } })
  await open.close()
})
