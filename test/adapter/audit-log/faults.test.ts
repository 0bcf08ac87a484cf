import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import type { Recorded } from '../../../service/port/audit-log.ts'
import { asRequest, draft } from '../../port/audit-log-drafts.ts'
import { FaultyFileSystem, type Failure, type Operation } from './faulty-file-system.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory: string
let faulty: FaultyFileSystem

beforeEach(() => {
  directory = logs.directory()
  faulty = new FaultyFileSystem()
})
afterEach(() => logs.clean())

/** Two entries fill a segment. */
const options = { segmentBytes: 12 * 1024 }
const isSegment = ({ path }: Operation): boolean => /\d\.segment$/u.test(path)
const isNext = ({ path }: Operation): boolean => path.endsWith('next.segment')

/** Where it fails, once: everything that appending asks of the disk. */
const points: readonly (readonly [string, (operation: Operation) => boolean])[] = [
  ['the write of entries', (o) => o.name === 'write' && isSegment(o)],
  ['the flush of entries', (o) => o.name === 'sync' && isSegment(o)],
  ['the making of the next segment', (o) => o.name === 'create' && isNext(o)],
  ['the zeros of the next segment', (o) => o.name === 'write' && isNext(o)],
  ['the flush of the next segment', (o) => o.name === 'sync' && isNext(o)],
  ['the name of the next segment', (o) => o.name === 'rename'],
  ['the flush of that name', (o) => o.name === 'syncDirectory'],
  ['the opening of the next segment', (o) => o.name === 'openDurable'],
]
const forms: readonly (readonly [string, Failure])[] = [
  ['failed', { form: 'lost', code: 'EIO' }],
  ['failed but persisted', { form: 'persisted', code: 'EIO' }],
  ['found the disk full', { form: 'lost', code: 'ENOSPC' }],
  ['found it read-only', { form: 'lost', code: 'EROFS' }],
]
const table = points.flatMap(([point, at]) =>
  forms.map(([form, failure]) => ({ point, at, form, failure })),
)
table.push(
  {
    point: 'the write of entries',
    at: points[0]![1],
    form: 'came back short',
    failure: { form: 'short', code: '' },
  },
  {
    point: 'the zeros of the next segment',
    at: points[3]![1],
    form: 'came back short',
    failure: { form: 'short', code: '' },
  },
)

describe.each(table)('when $point $form', ({ at, failure }) => {
  let log: FileAuditLog
  let acknowledged: Recorded[]
  let outcomes: PromiseSettledResult<Recorded>[]

  beforeEach(async () => {
    log = await logs.open(directory, { ...options, system: faulty.system })
    acknowledged = [await log.append(draft('dec_0'), null)]
    // Let the segment after this one be prepared: the fault is for the one after that, too.
    let failed = false
    faulty.plan = (operation) => {
      if (failed || !at(operation)) return null
      failed = true
      return failure
    }
    outcomes = []
    for (let round = 0; round < 4; round += 1) {
      const drafts = Array.from({ length: 4 }, (_, i) => draft(`dec_${round}_${i}`))
      outcomes.push(...(await Promise.allSettled(drafts.map((each) => log.append(each, null)))))
    }
    for (const outcome of outcomes)
      if (outcome.status === 'fulfilled') acknowledged.push(outcome.value)
  })

  it('entries fail as unavailable, and none behind a failed one is acknowledged', () => {
    const first = outcomes.findIndex(({ status }) => status === 'rejected')
    expect(first).toBeGreaterThanOrEqual(0)
    for (const outcome of outcomes.slice(first)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'audit_unavailable' } })
    }
    expect(log.failure()).not.toBeNull()
  })

  it('the log stops for ever and does not touch the disk again', async () => {
    const asked = faulty.asked.filter((operation) => !isNext(operation)).length
    await expect(log.append(draft('dec_later'), null)).rejects.toMatchObject({
      code: 'audit_unavailable',
    })
    const again = asRequest(draft('dec_again'), 'key', 'query')
    await expect(log.append(...again)).rejects.toMatchObject({ code: 'audit_unavailable' })
    await log.close()
    expect(faulty.asked.filter((operation) => !isNext(operation))).toHaveLength(asked)
  })

  it('every acknowledged entry is there when the log is opened again, once, and it goes on', async () => {
    for (const entry of acknowledged) expect(await log.find(entry.leaf.jti)).toEqual(entry)
    await log.close()
    const again = await logs.open(directory, options)
    expect(again.failure()).toBeNull()
    expect(again.size()).toBeGreaterThanOrEqual(acknowledged.length)
    for (const [index, entry] of acknowledged.entries()) {
      expect(entry.leaf.index).toBe(index)
      expect(await again.find(entry.leaf.jti)).toEqual(entry)
    }
    const { leaf } = await again.append(draft('dec_after'), null)
    expect(leaf).toMatchObject({ index: again.size() - 1, workflow: { seq: again.size() - 1 } })
  })
})

it('when the torn tail cannot be cut, the log does not open', async () => {
  const log = await logs.open(directory, { ...options, system: faulty.system })
  await log.append(draft('dec_0'), null)
  faulty.plan = ({ name, path }) =>
    name === 'write' && isSegment({ name, path }) ? { form: 'short', code: '' } : null
  await expect(log.append(draft('dec_1'), null)).rejects.toMatchObject({
    code: 'audit_unavailable',
  })
  await log.close()
  await expect(logs.open(directory, { ...options, system: faulty.system })).rejects.toThrow(
    'could not be cut',
  )
  faulty.plan = () => null
  const again = await logs.open(directory, { ...options, system: faulty.system })
  expect(again.size()).toBe(1)
})

it('when a signature fails, nothing of it or behind it is acknowledged', async () => {
  const log = await logs.open(directory, {
    ...options,
    sign: (_typ, payload) =>
      payload.includes('dec_1"') ? Promise.reject(new Error('no key')) : Promise.resolve('a.e30.c'),
  })
  const outcomes = await Promise.allSettled(
    ['dec_0', 'dec_1', 'dec_2'].map((id) => log.append(draft(id), null)),
  )
  expect(outcomes.slice(1).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(log.failure()).toContain('no key')
})

describe('before the flush has returned', () => {
  it('nothing is answered, and nothing is to be found', async () => {
    const flushed = Promise.withResolvers<undefined>()
    const { system } = faulty
    const slow: typeof system = {
      ...system,
      openDurable: async (path) => {
        const file = await system.openDurable(path)
        return { ...file, sync: () => flushed.promise }
      },
    }
    const log = await logs.open(directory, { ...options, system: slow })
    let answered = false
    const append = log.append(draft('dec_0'), null).then(() => {
      answered = true
    })
    while (!faulty.asked.some((o) => o.name === 'write' && isSegment(o))) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(answered).toBe(false)
    expect(log.size()).toBe(0)
    expect(await log.find('dec_0')).toBeNull()
    flushed.resolve(undefined)
    await append
    expect(log.size()).toBe(1)
  })

  it('closing waits for what is under way', async () => {
    const log = await logs.open(directory, options)
    const appends = Array.from({ length: 20 }, (_, i) => log.append(draft(`dec_${i}`), null))
    await log.close()
    expect(await Promise.all(appends)).toHaveLength(20)
    expect((await logs.open(directory, options)).size()).toBe(20)
  })
})

it('an entry never becomes durable before the data key that opens it', async () => {
  // A crash right after the write of the first entry of a new subject: copied when its write is asked for.
  let crashed = ''
  faulty.plan = (operation) => {
    if (operation.name === 'write' && isSegment(operation)) crashed = logs.crashCopy(directory)
    return null
  }
  const log = await logs.open(directory, { ...options, system: faulty.system })
  const recorded = await log.append(draft('dec_0', { subject: 'new' }), null)
  await log.close()
  expect(recorded.disclosed).not.toBeNull()
  const keys = await import('node:sqlite')
  const database = new keys.DatabaseSync(`${crashed}/disclosures/keys.sqlite`)
  expect(database.prepare('SELECT subject FROM data_key').all()).toEqual([{ subject: 'new' }])
  database.close()
})

it('when a part beside it says so, as an index that cannot be written, the log stops', async () => {
  const log = await logs.open(directory, options)
  log.stop(new Error('the index is full'))
  await expect(log.append(draft('dec_0'), null)).rejects.toMatchObject({
    code: 'audit_unavailable',
  })
  expect(log.failure()).toBe('the index is full')
})

it('a signer that throws instead of rejecting stops the log too', async () => {
  const log = await logs.open(directory, {
    ...options,
    sign: () => {
      throw new Error('no key')
    },
  })
  await expect(log.append(draft('dec_0'), null)).rejects.toMatchObject({
    code: 'audit_unavailable',
  })
  expect(log.failure()).toBe('no key')
})
