/** An erasure in files: its leaf comes first, then the keys go, and whatever comes between the two, they are gone in the end. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createSecretKey, randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { digestOfText } from '../../../scripts/log/read/disclosed-fields.ts'
import { DataKeys } from '../../../service/adapter/audit-log/data-keys.ts'
import { openDisclosure } from '../../../service/adapter/audit-log/disclosures.ts'
import { seal } from '../../../service/adapter/audit-log/sealed-box.ts'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import { draft, erase } from '../../port/audit-log-drafts.ts'
import { FaultyFileSystem } from './faulty-file-system.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory = ''
let log: FileAuditLog
beforeEach(async () => {
  directory = logs.directory()
  log = await logs.open(directory)
})
afterEach(() => logs.clean())

const keyFile = (of: string): string => join(of, 'disclosures/keys.sqlite')

function subjectsIn(of: string): readonly unknown[] {
  const database = new DatabaseSync(keyFile(of))
  const rows = database.prepare('SELECT DISTINCT subject FROM data_key ORDER BY since').all()
  database.close()
  return rows.map(({ subject }) => subject)
}

const appendFor = (id: string, subject: string): ReturnType<FileAuditLog['append']> =>
  log.append(draft(id, { subject }), null)

it('is done at the next start from the leaf alone: after a crash, or on an older copy of the keys', async () => {
  await appendFor('dec_1', 'one')
  await appendFor('dec_2', 'two')
  const before = logs.crashCopy(directory)
  await erase(log, 'one')
  const crashed = logs.crashCopy(directory)
  for (const name of readdirSync(join(crashed, 'disclosures'))) {
    rmSync(join(crashed, 'disclosures', name))
  }
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${keyFile(before)}${suffix}`)) {
      copyFileSync(`${keyFile(before)}${suffix}`, `${keyFile(crashed)}${suffix}`)
    }
  }
  expect(subjectsIn(crashed)).toEqual(['one', 'two'])
  const again = await logs.open(crashed)
  expect((await again.find('dec_1'))?.disclosed).toBeNull()
  expect((await again.find('dec_2'))?.disclosed).not.toBeNull()
  expect(subjectsIn(crashed)).toEqual(['two'])
})

it('has its leaf on disk before a key goes', async () => {
  await appendFor('dec_1', 'one')
  await log.close()
  const faulty = new FaultyFileSystem()
  let crashed = ''
  faulty.plan = (operation) => {
    if (operation.name === 'write' && operation.path.endsWith('.segment'))
      crashed = logs.crashCopy(directory)
    return null
  }
  log = await logs.open(directory, { system: faulty.system })
  crashed = ''
  await erase(log, 'one')
  expect(subjectsIn(crashed)).toEqual(['one'])
  expect(subjectsIn(directory)).toEqual([])
})

describe('what the subject asks behind it', () => {
  it('has another key, though the erasure is still under way, and is kept through a start', async () => {
    await appendFor('dec_1', 'one')
    await Promise.all([appendFor('dec_2', 'one'), erase(log, 'one'), appendFor('dec_3', 'one')])
    const again = await logs.open(logs.crashCopy(directory))
    for (const some of [log, again]) {
      const found = await Promise.all(['dec_1', 'dec_2', 'dec_3'].map((id) => some.find(id)))
      const kept = found.map((entry) => entry !== null && entry.disclosed !== null)
      expect(kept).toEqual([false, false, true])
    }
  })

  it('goes with the next erasure', async () => {
    await erase(log, 'one')
    await appendFor('dec_1', 'one')
    await erase(log, 'one')
    expect((await log.find('dec_1'))?.disclosed).toBeNull()
  })
})

it('says so when another program keeps the file of keys from being overwritten', async () => {
  await appendFor('dec_1', 'one')
  const reader = new DatabaseSync(keyFile(directory))
  reader.exec('BEGIN; SELECT count(*) FROM data_key')
  await erase(log, 'one')
  await expect(log.scrub()).rejects.toMatchObject({ code: 'audit_unavailable' })
  reader.close()
  await log.scrub()
})

describe('a file of keys of an earlier version', () => {
  const wrapping = createSecretKey(randomBytes(32))
  const id = 'A'.repeat(16)
  const jti = 'dec_1'
  const text = '{"v":2,"salt":"AAAA","value":{"input":{"now":1},"reasons":[]}}'
  const leaf = { jti, kind: 'decision', disclosure: { digest: digestOfText(text) } } as never
  const key = createSecretKey(randomBytes(32))
  const record = Buffer.concat([Buffer.from(id), seal(key, text, jti)])
  const open = (columns: string, since: string): DataKeys => {
    const path = join(logs.directory(), 'keys.sqlite')
    const database = new DatabaseSync(path)
    database.exec(`CREATE TABLE data_key (${columns}, wrapped BLOB NOT NULL) WITHOUT ROWID`)
    const wrapped = seal(wrapping, key.export(), `${id} one`)
    database.prepare(`INSERT INTO data_key VALUES (?, 'one'${since}, ?)`).run(id, wrapped)
    database.close()
    return new DataKeys(path, wrapping)
  }

  it.each([
    ['with one key each', 'id TEXT PRIMARY KEY, subject TEXT NOT NULL UNIQUE', ''],
    [
      'without classes',
      'id TEXT PRIMARY KEY, subject TEXT NOT NULL, since INTEGER NOT NULL',
      ', 0',
    ],
  ])('%s is read on: its records open, and end whole', (_name, columns, since) => {
    for (const erased of [
      { subjects: [['one', 0]], classes: [] },
      { subjects: [], classes: [['record', 1000]] },
    ] as const) {
      const keys = open(columns, since)
      expect(openDisclosure(keys, leaf, record)).toEqual({
        ...{ value: { input: { now: 1 }, reasons: [] }, ended: [] },
      })
      expect(keys.hasBefore('record', 1000)).toBe(false)
      keys.endEarlier(1000)
      expect(keys.hasBefore('record', 1000)).toBe(true)
      // What comes next has a key of its own class.
      const of = { subject: 'one', name: 'names', period: 100 }
      expect(keys.keyFor(of, { index: 7, at: 1000, erased: -1 })).toMatchObject({ until: 1100 })
      keys.destroy(erased)
      expect(openDisclosure(keys, leaf, record)).toEqual({ value: null, ended: ['record'] })
      expect(keys.classes()).toEqual(['names'])
      keys.close()
    }
  })
})
