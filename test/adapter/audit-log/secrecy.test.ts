import { afterEach, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { draft, erase } from '../../port/audit-log-drafts.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
afterEach(() => logs.clean())

const canaries = [
  'ada.lovelace@example.org',
  'a medical reason',
  'eyJhbGciOiJFUzI1NiJ9.canary.signature',
]

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'lock')
    .map((entry) => join(entry.parentPath, entry.name))
}

/** The text itself, and in every alignment of base64. */
function spellings(text: string): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from('\0'.repeat(shift) + text)
      .toString('base64url')
      .slice(shift + 1, -4),
  )
  return [text, Buffer.from(text).toString('hex'), ...shifted]
}

it('finds in no file what was disclosed, in clear or encoded', async () => {
  const directory = logs.directory()
  const log = await logs.open(directory)
  const [mail = '', reason = '', token = ''] = canaries
  const value = { input: { mail, reason: reason.repeat(20) }, evidence: [token] }
  const recorded = await log.append(
    { ...draft('dec_1'), disclosure: { subject: 'hmac:1', value } },
    null,
  )
  expect(recorded.disclosed).toEqual(value)
  await log.close()
  const files = filesUnder(directory)
  expect(files.length).toBeGreaterThan(5)
  const payload = Buffer.from(recorded.token.split('.')[1] ?? '', 'base64url').toString()
  for (const spelling of canaries.flatMap(spellings)) {
    expect(payload).not.toContain(spelling)
    for (const file of files) expect(readFileSync(file).includes(spelling)).toBe(false)
  }
})

it('the search of this test finds what it looks for', () => {
  const token = Buffer.from(JSON.stringify({ a: 1, mail: canaries[0] })).toString('base64url')
  expect(spellings(canaries[0] ?? '').some((spelling) => token.includes(spelling))).toBe(true)
})

it('an erased key is in no file any more', async () => {
  const directory = logs.directory()
  const log = await logs.open(directory)
  await log.append(draft('dec_1', { subject: 'the subject' }), null)
  const { DatabaseSync } = await import('node:sqlite')
  const copy = logs.crashCopy(directory)
  const database = new DatabaseSync(join(copy, 'disclosures/keys.sqlite'))
  const [{ wrapped }] = database.prepare('SELECT wrapped FROM data_key').all() as [
    { wrapped: Uint8Array },
  ]
  database.close()
  const holding = (): string[] =>
    filesUnder(directory).filter((file) => readFileSync(file).includes(wrapped))
  expect(holding().length).toBeGreaterThan(0)
  await erase(log, 'the subject')
  await log.scrub()
  expect(holding()).toEqual([])
})
