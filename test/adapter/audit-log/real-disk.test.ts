/**
 * The log on real file systems that are full or broken: a tmpfs of 4 MiB, and ext4 on a loop device whose
 * backing store runs out, so that the flush itself fails. Needs root and mount; where these are not to
 * be had, the tests are counted as skipped under a name that says so.
 */
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import { draft } from '../../port/audit-log-drafts.ts'
import { brokenDisk, mount, remount, unmountAll } from './mounts.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
const small = mount('small', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs')
const broken = brokenDisk()

afterEach(() => logs.clean())
afterAll(unmountAll)

// Nothing stands in for a disk: where it cannot be mounted the tests are counted as skipped, by a name that says so.
const onSmall = small === null ? it.skip : it
const onBroken = broken === null ? it.skip : it
const why = (available: boolean): string =>
  available ? '' : ' (LEFT OUT: this machine does not let us mount)'

/** Appends until the log refuses; the ids that it acknowledged. */
async function fill(log: FileAuditLog): Promise<string[]> {
  const acknowledged: string[] = []
  for (let round = 0; round < 4000 && log.failure() === null; round += 1) {
    const ids = Array.from({ length: 8 }, (_, i) => `dec_${round}_${i}`)
    const outcomes = await Promise.allSettled(ids.map((id) => log.append(draft(id), null)))
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') acknowledged.push(ids[i] ?? '')
      else expect(outcome.reason).toMatchObject({ code: 'audit_unavailable' })
    }
  }
  return acknowledged
}

async function holdsAll(log: FileAuditLog, ids: readonly string[]): Promise<void> {
  expect(log.size()).toBeGreaterThanOrEqual(ids.length)
  for (const [index, id] of ids.entries())
    expect((await log.find(id))?.leaf).toMatchObject({ index })
}

describe('a disk that is full', () => {
  onSmall(
    `stops the log, and loses nothing that was acknowledged${why(small !== null)}`,
    async () => {
      const directory = join(small ?? '', 'tenant')
      const log = await logs.open(directory, { segmentBytes: 256 * 1024 })
      const acknowledged = await fill(log)
      expect(acknowledged.length).toBeGreaterThan(100)
      expect(log.failure()).toMatch(/ENOSPC|full/u)
      await log.close()
      // Somebody makes room: on the disk as it is, the log opens once the space for its work is there.
      remount(small ?? '', 'size=16m')
      const again = await logs.open(directory, { segmentBytes: 256 * 1024 })
      await holdsAll(again, acknowledged)
      expect((await again.append(draft('dec_after'), null)).leaf.index).toBe(again.size() - 1)
    },
  )
})

describe('a disk whose flush fails', () => {
  onBroken(`stops the log before an answer leaves${why(broken !== null)}`, async () => {
    const directory = join(broken ?? '', 'tenant')
    const log = await logs.open(directory, { segmentBytes: 256 * 1024 })
    const acknowledged = await fill(log)
    expect(acknowledged.length).toBeGreaterThan(100)
    // The file system has room: it is the device below that fails, and only when the data reaches it.
    const { bavail, bsize } = statfsSync(broken ?? '')
    expect(bavail * bsize).toBeGreaterThan(2 * 1024 * 1024)
    expect(log.failure()).toMatch(/EIO|ENOSPC|I\/O/u)
    await log.close().catch(() => undefined)
    // What the disk still gives back must hold everything that was acknowledged.
    const copy = logs.crashCopy(directory)
    await holdsAll(await logs.open(copy, { segmentBytes: 256 * 1024 }), acknowledged)
  })
})
