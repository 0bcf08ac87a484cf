/** What is pruned is gone from the disk and stays in the archive; all that the log remembered it remembers still. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { archiveLog } from '../../../service/adapter/audit-log/archive/archive-log.ts'
import { reindexLog } from '../../../service/adapter/audit-log/reindex.ts'
import { segmentFirsts } from '../../../service/adapter/audit-log/segments.ts'
import { closeGrowing, grow, grown, openGrowing, remembered, type Opened } from './growing-log.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory: string
let archive: string

beforeEach(() => {
  directory = logs.directory()
  archive = join(logs.directory(), 'archive')
})
afterEach(async () => {
  await closeGrowing()
  await logs.clean()
})

function open(): Promise<Opened> {
  return openGrowing(logs, directory)
}

const firsts = (of = directory): readonly number[] => segmentFirsts(readdirSync(join(of, 'log')))

async function written(): Promise<void> {
  const log = await open()
  await grow(log.audit)
  await log.close()
}

async function pruned(before = grown): Promise<number> {
  await archiveLog(directory, archive)
  const log = await open()
  const done = await log.prune({ before: { index: before }, archive, by: 'operator' })
  await log.close()
  return done?.to ?? 0
}

describe('a log that was pruned', () => {
  it('begins where it was pruned to, on the disk and in what it answers', async () => {
    await written()
    const minimum = await pruned()
    expect(minimum).toBeGreaterThan(256)
    expect(firsts()[0]).toBe(minimum)
    expect(firsts(archive)).toContain(0)
    expect(existsSync(join(directory, 'published/tile/entries/000'))).toBe(false)
    expect(existsSync(join(directory, 'published/tile/0/000'))).toBe(true)
    expect(readFileSync(join(directory, 'published/minimum-index'), 'utf8')).toBe(`${minimum}\n`)
    const { audit, close } = await open()
    expect([audit.first(), audit.size()]).toEqual([minimum, grown + 1])
    expect(await audit.find('evt_3')).toBeNull()
    await expect(audit.entries(3, 1)).rejects.toMatchObject({ code: 'not_found' })
    const [last] = await audit.entries(grown, 1)
    expect(last?.leaf).toMatchObject({ kind: 'log_pruned', event: { minimum, by: 'operator' } })
    await close()
  })

  it.each<[string, () => Promise<unknown>]>([
    ['with its index', () => Promise.resolve()],
    [
      'without an index',
      () => {
        rmSync(join(directory, 'index'), { recursive: true })
        return Promise.resolve()
      },
    ],
    ['with an index that was made anew', () => reindexLog(directory, null)],
  ])('remembers %s what it remembered before', async (_, change) => {
    await written()
    const whole = await openGrowing(logs, logs.crashCopy(directory))
    const before = await remembered(whole.audit)
    expect(before).toMatchObject({ stops: ['stop'], sessions: ['session'], state: { leaves: 1 } })
    await whole.close()
    await pruned()
    await change()
    const { audit, close } = await open()
    expect(await remembered(audit)).toEqual(before)
    await close()
  })
})
