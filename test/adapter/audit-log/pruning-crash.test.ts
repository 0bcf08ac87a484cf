/**
 * Wherever a pruning is broken off, what lies on the disk is the log as it was or the log as it was to become: a table of its
 * steps. Each is a copy of the directory as a crash right there leaves it; it opens, remembers everything, and can be pruned.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { archiveLog } from '../../../service/adapter/audit-log/archive/archive-log.ts'
import {
  nodeFileSystem,
  type LogFileSystem,
} from '../../../service/adapter/audit-log/file-system.ts'
import { segmentFirsts } from '../../../service/adapter/audit-log/segments.ts'
import { closeGrowing, grow, grown, openGrowing, remembered } from './growing-log.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
/** By step: what a crash there leaves. */
const left = new Map<string, string>()
let archive: string
let before: unknown
let minimum: number

const firstIn = (directory: string): number =>
  segmentFirsts(readdirSync(join(directory, 'log')))[0] ?? -1

beforeAll(async () => {
  const directory = logs.directory()
  archive = join(logs.directory(), 'archive')
  const log = await openGrowing(logs, directory)
  await grow(log.audit)
  await log.close()
  const whole = await openGrowing(logs, logs.crashCopy(directory))
  before = await remembered(whole.audit)
  await whole.close()
  await archiveLog(directory, archive)
  const crashed = (step: string): void => {
    if (!left.has(step)) left.set(step, logs.crashCopy(directory))
  }
  const pruning = await openGrowing(logs, directory, { system: watched(crashed) })
  const { publisher } = pruning.publication
  const { pruning: files } = pruning.audit
  // What the order of `service/prune-log.ts` does between its steps, seen from outside.
  const writeNext = files.writeNext.bind(files)
  files.writeNext = async (size) => {
    const next = await writeNext(size)
    crashed('the next base is written')
    return next
  }
  const reach = publisher.reach.bind(publisher)
  publisher.reach = async (index) => {
    crashed('the leaf is durable')
    await reach(index)
    crashed('the leaf is under a checkpoint')
  }
  const done = await pruning.prune({ before: { index: grown }, archive, by: 'operator' })
  minimum = done?.to ?? 0
  crashed('all is done')
  await pruning.close()
})
afterAll(async () => {
  await closeGrowing()
  await logs.clean()
})

/** Tells of the steps that the seam of the disk sees. */
function watched(crashed: (step: string) => void): LogFileSystem {
  return {
    ...nodeFileSystem,
    rename: async (from, to) => {
      await nodeFileSystem.rename(from, to)
      if (to.endsWith('/base')) crashed('the base has its name')
    },
    remove: async (path) => {
      if (/\d{20}\.segment$/u.test(path)) crashed('bundles are gone, segments are not')
      await nodeFileSystem.remove(path)
      if (/\d{20}\.segment$/u.test(path)) crashed('the first segment is gone')
    },
  }
}

/** [step, whether the log begins at its base after the start that follows] */
const steps = [
  ['the next base is written', false],
  ['the leaf is durable', false],
  ['the leaf is under a checkpoint', true],
  ['the base has its name', true],
  ['bundles are gone, segments are not', true],
  ['the first segment is gone', true],
  ['all is done', true],
] as const

describe('a pruning that was broken off when', () => {
  it.each(steps)('%s', async (step, isPruned) => {
    const directory = left.get(step)!
    const log = await openGrowing(logs, directory)
    expect(log.audit.first()).toBe(isPruned ? minimum : 0)
    expect(firstIn(directory)).toBe(isPruned ? minimum : 0)
    expect(log.audit.size()).toBeGreaterThanOrEqual(grown)
    expect(await remembered(log.audit)).toEqual(before)
    await log.close()
    // And again: the old state is pruned, of itself once a checkpoint covers the leaf; the new one stays as it is.
    const again = await openGrowing(logs, directory)
    await again.prune({ before: { index: grown }, archive, by: 'operator' })
    expect([again.audit.first(), firstIn(directory)]).toEqual([minimum, minimum])
    expect(again.audit.stops.standing()).toHaveLength(1)
    await again.close()
  })
})
