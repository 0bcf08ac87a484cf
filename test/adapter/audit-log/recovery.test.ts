import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { nodeFileSystem } from '../../../service/adapter/audit-log/file-system.ts'
import { recoverSegments } from '../../../service/adapter/audit-log/recover.ts'
import { scanSegment } from '../../../service/audit/scan.ts'
import { asRequest, draft } from '../../port/audit-log-drafts.ts'
import { sampleEvent } from '../../../scripts/sample-draft.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory: string

beforeEach(() => {
  directory = logs.directory()
})
afterEach(() => logs.clean())

/** A closed log with this many entries. */
async function written(entries: number, segmentBytes = 64 * 1024): Promise<void> {
  const log = await logs.open(directory, { segmentBytes })
  for (let i = 0; i < entries; i += 1) await log.append(small(i), null)
  await log.close()
}

const small = (i: number): ReturnType<typeof sampleEvent> =>
  sampleEvent(`evt_${i}`, 'wf_1', 1_900_000_000 + i)

function segments(): string[] {
  const log = join(directory, 'log')
  return readdirSync(log)
    .filter((name) => /^\d/u.test(name))
    .sort()
    .map((name) => join(log, name))
}

function change(path: string, edit: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path)
  edit(bytes)
  writeFileSync(path, bytes)
}

/** Nothing that was seen of the log before counts: as when only the segments were restored. */
function dropIndex(): void {
  rmSync(join(directory, 'index'), { recursive: true })
}

describe('a torn tail', () => {
  it('is cut at every byte offset of the last frame, and what was before it stays', async () => {
    await written(3, 16 * 1024)
    const [path] = segments() as [string]
    const whole = readFileSync(path)
    const last = scanSegment(whole, crc32).frames[2]!
    for (let at = last.offset; at < last.offset + last.bytes; at += 1) {
      const torn = Buffer.from(whole)
      torn.fill(0, at, last.offset + last.bytes)
      writeFileSync(path, torn)
      const ids: string[] = []
      const end = await recoverSegments(nodeFileSystem, dirname(path), ({ leaf }) =>
        ids.push(leaf.jti),
      )
      expect(ids).toEqual(['evt_0', 'evt_1'])
      expect(end).toEqual({ segment: 0, offset: last.offset })
      expect(
        readFileSync(path)
          .subarray(last.offset)
          .every((byte) => byte === 0),
      ).toBe(true)
    }
  })

  it('is cut, and the log goes on behind it', async () => {
    await written(3, 16 * 1024)
    const [path] = segments() as [string]
    const whole = readFileSync(path)
    const last = scanSegment(whole, crc32).frames[2]!
    for (const kept of [1, 2, 15, 16, 17, last.bytes >> 1, last.bytes - 1]) {
      const torn = Buffer.from(whole)
      torn.fill(0, last.offset + kept, last.offset + last.bytes)
      writeFileSync(path, torn)
      dropIndex()
      const log = await logs.open(directory, { segmentBytes: 16 * 1024 })
      expect(log.size()).toBe(2)
      expect(await log.find('evt_1')).not.toBeNull()
      expect(await log.find('evt_2')).toBeNull()
      const { leaf } = await log.append(small(9), null)
      expect(leaf).toMatchObject({ index: 2, workflow: { seq: 2 } })
      await log.close()
      const scan = scanSegment(readFileSync(path), crc32)
      expect(scan).toMatchObject({ tail: 'clean' })
      expect(scan.frames).toHaveLength(3)
    }
  })

  it('is cut when the file itself ends in the middle of a frame', async () => {
    await written(3)
    const [path] = segments() as [string]
    const { frames } = scanSegment(readFileSync(path), crc32)
    truncateSync(path, frames[2]!.offset + 100)
    dropIndex()
    const log = await logs.open(directory)
    expect(log.size()).toBe(2)
    expect((await log.append(small(9), null)).leaf.index).toBe(2)
    await log.close()
    expect((await logs.open(directory)).size()).toBe(3)
  })

  it('is zeroed to its end, so that no later write can end where an old frame begins', async () => {
    await written(2)
    const [path] = segments() as [string]
    const { end } = scanSegment(readFileSync(path), crc32)
    change(path, (bytes) => bytes.fill(0xaa, end + 5000, end + 9000))
    await (await logs.open(directory)).close()
    expect(scanSegment(readFileSync(path), crc32)).toMatchObject({ tail: 'clean', end })
  })
})

describe('a log that lost what it had acknowledged refuses to open', () => {
  async function refused(reason: RegExp): Promise<void> {
    await expect(logs.open(directory)).rejects.toMatchObject({
      code: 'log_corrupt',
      message: expect.stringMatching(reason),
    })
  }

  it('when a byte in an earlier entry of the last segment changed', async () => {
    await written(3)
    const [path] = segments() as [string]
    const { frames } = scanSegment(readFileSync(path), crc32)
    change(path, (bytes) => {
      bytes[frames[1]!.offset + 40]! ^= 1
    })
    const before = readFileSync(path)
    await refused(/damaged/u)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('when a byte in an earlier segment changed, even in its last entry', async () => {
    await written(30, 8 * 1024)
    expect(segments().length).toBeGreaterThan(2)
    const [path] = segments() as [string]
    const last = scanSegment(readFileSync(path), crc32).frames.at(-1)!
    change(path, (bytes) => {
      bytes[last.offset + 40]! ^= 1
    })
    await refused(/damaged/u)
  })

  it('when a segment is missing', async () => {
    await written(30, 8 * 1024)
    rmSync(segments()[1]!)
    await refused(/a segment is missing/u)
  })

  it('when a segment took the place of another', async () => {
    await written(30, 8 * 1024)
    const [, second, third] = segments() as [string, string, string]
    renameSync(third, second)
    await refused(/should be entry/u)
  })

  it('when its last entry is cut that the index had seen, again and again', async () => {
    await written(3)
    const [path] = segments() as [string]
    const { frames } = scanSegment(readFileSync(path), crc32)
    change(path, (bytes) => bytes.fill(0, frames[2]!.offset))
    await refused(/holds 2 entries and had held 3/u)
    await refused(/holds 2 entries and had held 3/u)
    dropIndex()
    expect((await logs.open(directory)).size()).toBe(2)
  })
})

describe('the index', () => {
  const file = (): string => join(directory, 'index/log.sqlite')

  it('is built anew when it is missing, is no database, or was left behind by a crash', async () => {
    await written(20)
    rmSync(file())
    expect(await found()).toBe(20)
    writeFileSync(
      file(),
      'this is no database, and longer than a header of one would be'.repeat(10),
    )
    expect(await found()).toBe(20)
    const log = await logs.open(directory)
    await log.append(small(20), null)
    directory = logs.crashCopy(directory)
    expect(await found(21)).toBe(21)
  })

  it('is built anew when it knows another log of the same size', async () => {
    await written(20)
    const foreign = logs.directory()
    const other = await logs.open(foreign)
    for (let i = 0; i < 20; i += 1)
      await other.append(sampleEvent(`x_${i}`, 'wf', 1_900_000_000), null)
    await other.close()
    writeFileSync(file(), readFileSync(join(foreign, 'index/log.sqlite')))
    expect(await found()).toBe(20)
  })

  it('is taken as it is after an orderly close', async () => {
    await written(20)
    expect(existsSync(`${file()}-wal`)).toBe(false)
    expect(await found()).toBe(20)
  })

  async function found(most = 20): Promise<number> {
    const log = await logs.open(directory)
    const entries = await Promise.all(Array.from({ length: most }, (_, i) => log.find(`evt_${i}`)))
    await log.close()
    return entries.filter((entry, i) => entry?.leaf.index === i).length
  }
})

describe('a memory of two keys', () => {
  it('forgets no workflow and no standing request, in one run and after a crash', async () => {
    const few = { remembered: 2, segmentBytes: 1024 * 1024 }
    let log = await logs.open(directory, few)
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 50; i += 1) {
        const { leaf } = await log.append(draft(`dec_${round}_${i}`, { workflow: `wf_${i}` }), null)
        expect(leaf.workflow?.seq).toBe(round)
        const request = asRequest(
          sampleEvent(`evt_${round}_${i}`, null, 1_900_000_000),
          `key ${i}`,
          'q',
        )
        expect((await log.append(...request)).leaf.jti).toBe(`evt_0_${i}`)
      }
      directory = logs.crashCopy(directory)
      log = await logs.open(directory, few)
    }
    expect(log.size()).toBe(200)
  })

  it('believes nothing about entries that a crash lost', async () => {
    await written(5)
    const crashed = logs.crashCopy(directory)
    const log = await logs.open(directory, { remembered: 2 })
    for (let i = 0; i < 20; i += 1)
      await log.append(draft(`dec_${i}`, { workflow: `new_${i}` }), null)
    await log.close()
    // The index outlived entries that the disk did not: the values that it kept for memory are void.
    for (const path of segments()) rmSync(path)
    const old = join(crashed, 'log')
    for (const name of readdirSync(old))
      writeFileSync(join(directory, 'log', name), readFileSync(join(old, name)))
    await expect(logs.open(directory, { remembered: 2 })).rejects.toMatchObject({
      code: 'log_corrupt',
    })
  })
})

it('an entry larger than a segment is taken, and the log goes on behind it', async () => {
  const log = await logs.open(directory, { segmentBytes: 4096 })
  const large = { ...draft('dec_large'), disclosure: { subject: 's', value: 'y'.repeat(50_000) } }
  for (const [i, each] of [draft('dec_0'), large, draft('dec_2')].entries()) {
    expect((await log.append(each, null)).leaf.index).toBe(i)
  }
  await log.close()
  const again = await logs.open(directory, { segmentBytes: 4096 })
  expect((await again.find('dec_large'))?.disclosed).toBe('y'.repeat(50_000))
  expect(again.size()).toBe(3)
})

it('a crash between two segments leaves an empty one, or only the prepared one: both open', async () => {
  await written(30, 8 * 1024)
  const log = join(directory, 'log')
  writeFileSync(join(log, `${'30'.padStart(20, '0')}.segment`), Buffer.alloc(8 * 1024))
  expect((await logs.open(directory)).size()).toBe(30)
})
