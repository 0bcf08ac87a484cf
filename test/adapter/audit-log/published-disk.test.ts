/**
 * What is published on a disk of its own that is full, read-only or broken: entries go on, readers see the last checkpoint that
 * is whole, and all is made good when the disk is. Needs root and mount, as `real-disk.test.ts` does.
 */
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { sampleEvent } from '../../../scripts/sample-draft.ts'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import { systemClock } from '../../../service/adapter/clock/system-clock.ts'
import { Publisher } from '../../../service/flow/publisher.ts'
import { resumePublication } from '../../../service/flow/resume-publication.ts'
import { readPublished } from '../../support/read-published.ts'
import { brokenDisk, mount, remount, unmountAll } from './mounts.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
const probe: string | null = mount('probe', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs')
afterEach(() => logs.clean())
afterAll(unmountAll)

const onDisk = probe === null ? it.skip : it
const why = probe !== null ? '' : ' (LEFT OUT: this machine does not let us mount)'

type World = {
  readonly log: FileAuditLog
  readonly publisher: Publisher
  readonly told: unknown[]
  readonly grow: (entries: number) => Promise<void>
  /** What a reader sees now; it fails the test when that is not whole. */
  readonly seen: () => number
}

/** The log lies on the disk of the machine, `published/` on the one that fails. */
async function publishedOn(disk: string): Promise<World> {
  const directory = logs.directory()
  mkdirSync(join(disk, 'published'))
  symlinkSync(join(disk, 'published'), join(directory, 'published'))
  const log = await logs.open(directory, { segmentBytes: 1024 * 1024 })
  const told: unknown[] = []
  const publisher = new Publisher(await resumePublication(log.publication), {
    ...{ audit: log, publication: log.publication, clock: systemClock, witnesses: null },
    failed: (error) => told.push(error),
  })
  const read = (path: string): Uint8Array | null => {
    const place = join(directory, 'published', path)
    return existsSync(place) ? readFileSync(place) : null
  }
  return {
    ...{ log, publisher, told },
    grow: async (entries) => {
      const from = log.size()
      const drafts = Array.from({ length: entries }, (_, i) =>
        sampleEvent(`evt_${from + i}`, 'wf_1', 1_900_000_000),
      )
      await Promise.all(drafts.map((draft) => log.append(draft, null)))
    },
    seen: () => readPublished(read, log.publication.key).length,
  }
}

/** Grows and publishes until that fails; how much a reader saw before. */
async function untilItFails({ publisher, grow, seen }: World): Promise<number> {
  for (;;) {
    const before = publisher.size
    await grow(500)
    await publisher.publish()
    if (publisher.failure === null) {
      expect(seen()).toBe(publisher.size)
      continue
    }
    expect(seen()).toBe(before)
    return before
  }
}

describe('published on a disk that', () => {
  onDisk(
    `is full: nothing half written is seen, and entries go on${why}`,
    async () => {
      const disk = mount('full', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs')!
      const world = await publishedOn(disk)
      const before = await untilItFails(world)
      expect(before).toBeGreaterThan(0)
      expect(world.told).toMatchObject([{ code: 'ENOSPC' }])
      await world.grow(10)
      expect(world.log.failure()).toBeNull()
      remount(disk, 'size=64m')
      await world.publisher.publish()
      expect(world.publisher.failure).toBeNull()
      expect(world.seen()).toBe(world.log.size())
    },
    120_000,
  )

  onDisk(
    `is read-only: the last checkpoint stands, and entries go on${why}`,
    async () => {
      const disk = mount('readonly', '-t', 'tmpfs', '-o', 'size=16m', 'tmpfs')!
      const world = await publishedOn(disk)
      await world.grow(300)
      await world.publisher.publish()
      remount(disk, 'ro')
      await world.grow(300)
      await world.publisher.publish()
      expect(world.told).toMatchObject([{ code: 'EROFS' }])
      expect(world.seen()).toBe(300)
      await world.grow(10)
      expect(world.log.failure()).toBeNull()
      remount(disk, 'rw')
      await world.publisher.publish()
      expect(world.seen()).toBe(610)
    },
    120_000,
  )

  onDisk(
    `fails when it is flushed: no checkpoint covers what did not reach it${why}`,
    async () => {
      const disk = brokenDisk('flush')
      // ext4 on a loop device: where there is none, the machine cannot show this.
      expect(disk).not.toBeNull()
      const world = await publishedOn(disk!)
      const before = await untilItFails(world)
      expect(before).toBeGreaterThan(0)
      expect(world.told).toMatchObject([{ code: expect.stringMatching(/EIO|ENOSPC|EROFS/u) }])
      await world.grow(10)
      expect(world.log.failure()).toBeNull()
    },
    120_000,
  )
})
