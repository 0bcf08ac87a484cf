/** The disaster drill: an index that is lost or damaged is made anew, and the service answers from it as before. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readKeyFile } from '../../../service/adapter/audit-log/keys/key-file.ts'
import type { KeyUse } from '../../../service/adapter/audit-log/keys/sealed-key.ts'
import { commandHere, type RanHere } from '../../support/in-process.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../../support/development-service.ts'
import { reachPublished } from '../../support/published-log.ts'
import { rewrite, tokensIn } from '../../support/segment.ts'

const sealed: readonly (readonly [string, KeyUse])[] = [
  ['note-ed25519.jwk', 'note'],
  ['pseudonym.jwk', 'pseudonym'],
]
let service: DevelopmentService
let filters: readonly string[]
let answers: readonly unknown[]
const copies: string[] = []

async function listed(of: DevelopmentService): Promise<readonly unknown[]> {
  const pages = await Promise.all(filters.map((filter) => of.get(`/v1/decisions?${filter}`)))
  return pages.map(({ status, body }) => ({ status, decisions: body['decisions'] }))
}

beforeAll(async () => {
  service = await startDevelopmentService()
  const queries = await queriesByEffect(service.keys)
  for (const effect of ['permit', 'deny', 'hold', 'deny'] as const)
    await service.ask(queries[effect])
  filters = ['effect=deny', 'effect=permit', `server=${queries.hold.server.id}`, 'effect=hold']
  answers = await listed(service)
  await reachPublished(join(service.data, 'tenants/dev'))
})
afterAll(async () => {
  await service.stop()
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
})

/** The data as a crash leaves it, and as it is after what is done to its tenant. */
function copyAfter(disaster: (tenant: string) => void): { data: string; tenant: string } {
  const data = mkdtempSync(join(tmpdir(), 'countersign-reindex-'))
  copies.push(data)
  cpSync(service.data, data, { recursive: true, filter: (path) => basename(path) !== 'lock' })
  const tenant = join(data, 'tenants/dev')
  disaster(tenant)
  return { data, tenant }
}

function reindex(tenant: string, ...more: readonly string[]): Promise<RanHere> {
  return commandHere(['log', 'reindex', tenant, ...more])
}

describe('countersign log reindex', () => {
  it.each([
    [
      'lost',
      (tenant: string) => {
        rmSync(join(tenant, 'index'), { recursive: true })
      },
    ],
    [
      'damaged',
      (tenant: string) => {
        rmSync(join(tenant, 'index/log.sqlite-wal'), { force: true })
        writeFileSync(join(tenant, 'index/log.sqlite'), 'x'.repeat(8192))
      },
    ],
  ])('makes an index anew that is %s, and the service answers as before', async (_, disaster) => {
    const { data, tenant } = copyAfter(disaster)
    const size = tokensIn(join(tenant, 'log')).length
    const ran = await reindex(tenant, '--json')
    expect([ran.status, ran.stderr]).toEqual([0, ''])
    expect(ran.json()).toMatchObject({ log: { size }, checkpoint: size })
    expect(existsSync(join(tenant, 'index/log.sqlite.unfinished'))).toBe(false)
    const started = await startDevelopmentService({ data })
    try {
      expect(await listed(started)).toEqual(answers)
    } finally {
      await started.stop()
    }
  })

  it('says how many entries there are, and that they agree with the checkpoint', async () => {
    const { tenant } = copyAfter(() => undefined)
    const size = String(tokensIn(join(tenant, 'log')).length)
    const { stdout } = await reindex(tenant)
    expect(stdout).toMatch(new RegExp(`^indexed ${size} entries of .* checkpoint, over ${size} `))
  })

  it('opens sealed keys by their passphrase, and without it says what is lacking', async () => {
    const { data, tenant } = copyAfter(() => undefined)
    const passphrase = Buffer.from('correct horse battery staple')
    for (const [name, use] of sealed) {
      const path = join(tenant, 'keys', name)
      await readKeyFile(path, { use, passphrase })
      expect(readFileSync(path, 'utf8')).not.toContain('"d"')
    }
    rmSync(join(tenant, 'index'), { recursive: true })
    const file = join(data, 'passphrase')
    writeFileSync(file, passphrase, { mode: 0o600 })
    const without = await reindex(tenant)
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining('is sealed')])
    const ran = await reindex(tenant, '--passphrase-file', file, '--json')
    const size = tokensIn(join(tenant, 'log')).length
    expect([ran.status, ran.stderr]).toEqual([0, ''])
    expect(ran.json()).toMatchObject({ log: { size }, checkpoint: size })
    // The snapshot beside it is authentic by a key that was sealed too.
    expect(existsSync(join(tenant, 'index/snapshot'))).toBe(true)
  })

  it('leaves the old index when entries are not those that were signed, or are missing', async () => {
    const { tenant } = copyAfter(() => undefined)
    const folder = join(tenant, 'log')
    const before = readFileSync(join(tenant, 'index/log.sqlite'))
    const tokens = tokensIn(folder)
    const forged = tokens.map((token, at) => (at === 1 ? `${token.slice(0, -4)}AAAA` : token))
    for (const [changed, why] of [
      [forged, 'was signed over'],
      [tokens.slice(0, -1), 'acknowledged entries are lost'],
    ] as const) {
      rewrite(folder, changed)
      const { status, stderr } = await reindex(tenant)
      expect([status, stderr]).toEqual([3, expect.stringContaining(why)])
      expect(readFileSync(join(tenant, 'index/log.sqlite'))).toEqual(before)
    }
    // Without a checkpoint, the old index still knows how many there were.
    for (const name of ['log', 'published']) rmSync(join(tenant, name, 'checkpoint'))
    const { status, stderr } = await reindex(tenant)
    expect([status, stderr]).toEqual([3, expect.stringContaining('and had held')])
  })

  it('refuses while the service runs, and where no log is', async () => {
    const running = await reindex(join(service.data, 'tenants/dev'))
    expect([running.status, running.stderr]).toEqual([3, expect.stringContaining('Stop it')])
    const nothing = await reindex(service.data)
    expect([nothing.status, nothing.stderr]).toEqual([2, expect.stringContaining('no entries')])
    expect(existsSync(join(service.data, 'log'))).toBe(false)
  })
})
