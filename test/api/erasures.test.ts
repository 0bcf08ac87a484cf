/** Erasure at a real service: everything still verifies, and no byte of what was disclosed is left in its data directory. */
import { createSecretKey } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../scripts/log/commands.ts'
import { SealedDisclosures } from '../../scripts/log/export/sealed-disclosures.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintAccessToken } from '../../service/adapter/development/mint.ts'
import { contextOf } from '../../service/adapter/audit-log/data-keys.ts'
import { decodeClasses } from '../../service/adapter/audit-log/sealed-classes.ts'
import { unseal } from '../../service/adapter/audit-log/sealed-box.ts'
import type { ErasureReceipt } from '../../service/contract/erasure.ts'
import { commandHere, runHere } from '../support/in-process.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { reachPublished } from '../support/published-log.ts'
import { sealedIn } from '../support/disclosing-segment.ts'

const sub = 'canary.lovelace@persons.test'
const argument = 'canary of a diagnosis'
const client = 'https://agent.dev.countersign.test/client.json'
let service: DevelopmentService
let tenant = ''
let token = ''
let erasedId = ''
let keptId = ''
/** What must not be found when it is over: the person, what was asked, her token, salt and data key, bare and wrapped. */
let canaries: readonly (string | Uint8Array)[] = []
let receipt: ErasureReceipt

const inputOf = async (id: string): Promise<unknown> =>
  (await service.get(`/v1/decisions/${id}/input`)).body['input']

beforeAll(async () => {
  service = await startDevelopmentService()
  tenant = join(service.data, 'tenants/dev')
  const { permit } = await queriesByEffect(service.keys)
  token = await mintAccessToken(
    service.keys,
    { sub, groups: ['staff'], client },
    'https://mcp.dev.countersign.test/ops',
  )
  const { capability } = permit
  const marked = { ...capability, arguments: { service: argument } }
  const asked = { ...permit, initiator: { access_token: token }, capability: marked }
  erasedId = (await service.ask(asked)).decision_id
  keptId = (await service.ask(permit)).decision_id
  canaries = [sub, argument, token.split('.')[2] ?? '', ...(await secretsOf(erasedId))]
})
afterAll(async () => {
  await service.stop()
})

/** Salts and data keys of what is disclosed beside that decision, of each of its classes. */
async function secretsOf(id: string): Promise<readonly (string | Uint8Array)[]> {
  const sealed = sealedIn(join(tenant, 'log'), id)
  const text = (await SealedDisclosures.of(tenant, null)).open(sealed, id) ?? ''
  const { classes } = JSON.parse(text) as { readonly classes: readonly { readonly salt: string }[] }
  const { k = '' } = JSON.parse(readFileSync(join(tenant, 'keys/disclosure.jwk'), 'utf8')) as {
    readonly k?: string
  }
  const wrapping = createSecretKey(Buffer.from(k, 'base64url'))
  const database = new DatabaseSync(join(tenant, 'disclosures/keys.sqlite'), { readOnly: true })
  const keys = (decodeClasses(sealed) ?? []).flatMap(({ keyId }) => {
    const row = database.prepare('SELECT * FROM data_key WHERE id = ?').get(keyId) as KeyRow
    const key = unseal(wrapping, row.wrapped, contextOf(row)) ?? Buffer.alloc(0)
    expect(key.length).toBe(32)
    return [key, row.wrapped]
  })
  database.close()
  const salts = classes.map(({ salt }) => salt)
  expect(salts.map((salt) => salt.length)).toEqual([22, 22, 22])
  return [...salts, ...salts.map((salt) => Buffer.from(salt, 'base64url')), ...keys]
}

type KeyRow = Parameters<typeof contextOf>[0] & { readonly wrapped: Uint8Array }

/** The bytes, as hexadecimal digits, and in every alignment of base64. */
function spellings(canary: string | Uint8Array): readonly Uint8Array[] {
  const bytes = Buffer.from(canary)
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64url')
      .slice(shift + 1, -4),
  )
  return [bytes, ...[bytes.toString('hex'), ...shifted].map((text) => Buffer.from(text))]
}

function filesWith(looked: readonly (string | Uint8Array)[]): readonly string[] {
  const wanted = looked.flatMap(spellings)
  return readdirSync(service.data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'lock')
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file)
      return wanted.some((spelling) => bytes.includes(spelling))
    })
}

it('is asked for by the command, and answered when it is done', async () => {
  expect(JSON.stringify(await inputOf(erasedId))).toContain(argument)
  // The wrapped key is what lies there: the search finds it, or it would find nothing ever.
  expect(filesWith(canaries).join(' ')).toContain('disclosures/keys.sqlite')
  const given = ['--url', service.url, '--data', service.data, '--json']
  const named = ['--subject', development.identityIssuer, sub]
  const ran = await commandHere(['log', 'erase', ...named, '--reason', 'case 7', ...given])
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  receipt = ran.json() as ErasureReceipt
  expect(receipt).toMatchObject({ held: true, log: { origin: 'localhost/dev' } })
  expect(await inputOf(erasedId)).toBeNull()
  expect(JSON.stringify(await inputOf(keptId))).toContain('alice')
})

it('leaves nothing behind, while it runs, through a restart and when it has stopped', async () => {
  expect(filesWith(canaries)).toEqual([])
  service = await service.restart()
  expect(await inputOf(erasedId)).toBeNull()
  expect(JSON.stringify(await inputOf(keptId))).toContain('alice')
  await reachPublished(tenant)
  expect(filesWith(canaries)).toEqual([])
})

describe('a copy of the log', () => {
  const copy = join(mkdtempSync(join(tmpdir(), 'countersign-erased-')), 'dev')
  beforeAll(() => {
    cpSync(tenant, copy, { recursive: true })
  })
  afterAll(() => {
    rmSync(join(copy, '..'), { recursive: true })
  })

  it('verifies, and has the erasure as an entry: whose, by whom, why, and no name', async () => {
    expect(await runHere(logCommands, ['verify', copy])).toMatchObject({ exit: 0 })
    const out = join(copy, 'all.jsonl')
    await runHere(logCommands, ['export', copy, '--out', out, '--format', 'jsonl'])
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    const leaves = lines.map((line) => (JSON.parse(line) as { leaf: Record<string, unknown> }).leaf)
    const erasure = leaves.find(({ kind }) => kind === 'erasure')
    expect(erasure).toMatchObject({
      ...{ jti: receipt.erasure_id, index: receipt.log.index },
      event: { subject: receipt.subject, by: 'dev-gateway', reason: 'case 7' },
    })
    const decision = leaves.find(({ jti }) => jti === erasedId)
    expect(decision?.['sub']).toBe(receipt.subject)
  })

  it('is replayed but for what was erased, which is counted', async () => {
    const { json } = await runHere(logCommands, ['replay', copy])
    expect(json).toMatchObject({ equal: 1, differ: 0, not_replayed: { input_erased: 1 } })
  })
})

it('of somebody nothing is held about is recorded all the same, and says so', async () => {
  const body = { subject: { iss: development.identityIssuer, sub: 'nobody' }, reason: 'case 8' }
  expect(await service.post('/v1/erasures', body)).toMatchObject({
    ...{ status: 200, body: { held: false } },
  })
})

it.each([
  ['no person', ['--reason', 'x']],
  ['half a person', ['--subject', 'https://idp.example', '--reason', 'x']],
  ['no reason', ['--subject', 'https://idp.example', 'alice']],
])('the command refuses %s', async (_name, given) => {
  await expect(runHere(logCommands, ['erase', ...given])).rejects.toMatchObject({ code: 'usage' })
})
