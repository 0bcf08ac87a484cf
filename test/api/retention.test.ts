/** What the tenant says of classes, at a real service: each ends by its own time, and no byte of it is left in the data directory. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { writeBundles } from '../../scripts/bundles/registry-directory.ts'
import { logCommands } from '../../scripts/log/commands.ts'
import { SealedDisclosures } from '../../scripts/log/export/sealed-disclosures.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { sealedIn } from '../support/disclosing-segment.ts'
import { runHere } from '../support/in-process.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { reachPublished } from '../support/published-log.ts'

const day = 86_400_000
const canary = 'canary of a diagnosis'
const home = mkdtempSync(join(tmpdir(), 'countersign-retention-'))
const registry = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../rego/data/registry.json'), 'utf8'),
) as Registry
let ahead = 0
let service: DevelopmentService
let tenant = ''
let id = ''
let salts: readonly string[] = []

beforeAll(async () => {
  const privacy = {
    classes: {
      patient: { fields: ['arguments/patient'], keep_days: 2 },
      arguments: { keep_days: 30 },
      names: { keep_days: null },
    },
  }
  writeBundles(join(home, 'bundles'), { ...registry, privacy })
  const clock = { now: () => Date.now() + ahead, uuid: () => crypto.randomUUID() }
  service = await startDevelopmentService({ bundles: join(home, 'bundles'), clock })
  tenant = join(service.data, 'tenants/dev')
  const { permit } = await queriesByEffect(service.keys)
  const { capability } = permit
  const marked = { ...capability, arguments: { service: 'api', patient: { said: canary } } }
  id = (await service.ask({ ...permit, capability: marked })).decision_id
  salts = [...(await textOf()).matchAll(/"salt":"([\w-]{22})"/gu)].map(([, salt = '']) => salt)
})
afterAll(async () => {
  await service.stop()
  rmSync(home, { recursive: true })
})

/** As it can be opened by whoever has all keys that there are. */
async function textOf(): Promise<string> {
  const sealed = await SealedDisclosures.of(tenant, null)
  return sealed.open(sealedIn(join(tenant, 'log'), id), id) ?? ''
}

function classesKept(): readonly unknown[] {
  const database = new DatabaseSync(join(tenant, 'disclosures/keys.sqlite'), { readOnly: true })
  const rows = database.prepare('SELECT DISTINCT class FROM data_key ORDER BY class').all()
  database.close()
  return rows.map((row) => row['class'])
}

function filesWith(text: string): readonly string[] {
  return readdirSync(service.data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'lock')
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}

async function goOn(days: number): Promise<void> {
  ahead = days * day
  service = await service.restart()
  await reachPublished(tenant)
}

it('has a key for each class, and opens whole while all are kept', async () => {
  expect(classesKept()).toEqual(['arguments', 'names', 'other', 'patient'])
  expect([(await textOf()).includes(canary), salts.length, new Set(salts).size]).toEqual([
    true,
    4,
    4,
  ])
  expect(filesWith(canary)).toEqual([])
})

it('a class ends when its time is over, and the others stay', async () => {
  await goOn(4)
  expect(classesKept()).toEqual(['arguments', 'names', 'other'])
  const text = await textOf()
  expect([text.includes(canary), text.includes('"api"'), text.includes('alice')]).toEqual([
    ...[false, true, true],
  ])
  const gone = salts.filter((salt) => !text.includes(salt))
  expect([gone.length, gone.flatMap(filesWith)]).toEqual([1, []])
  const { status, body } = await service.get(`/v1/decisions/${id}/input`)
  expect([status, body['input']]).toEqual([200, null])
})

it('says so as a leaf, and all of it verifies', async () => {
  const out = join(home, 'all.jsonl')
  await runHere(logCommands, ['export', tenant, '--out', out, '--format', 'jsonl'])
  const lines = readFileSync(out, 'utf8').trim().split('\n')
  const leaves = lines.map((line) => (JSON.parse(line) as { leaf: Record<string, unknown> }).leaf)
  expect(leaves.filter(({ kind }) => kind === 'erasure')).toMatchObject([
    { event: { kind: 'retention', class: 'patient', keep_days: 2 } },
  ])
  expect(await runHere(logCommands, ['verify', tenant])).toMatchObject({ exit: 0 })
})

it('what is left of a record is disclosed, and verifies against the leaf', async () => {
  const shown = join(home, 'shown.json')
  const fields = ['--fields', '/input/verified/initiator,/input/question/arguments/service']
  const { exit } = await runHere(logCommands, ['disclose', tenant, id, ...fields, '--out', shown])
  expect([exit, readFileSync(shown, 'utf8').includes('alice')]).toEqual([0, true])
  const verified = await runHere(logCommands, ['verify', tenant, '--disclosure', shown])
  expect(verified).toMatchObject({ exit: 0 })
})

it.each(['replay', 'impact'])(
  '%s counts it by class, and does not guess what was asked',
  async (command) => {
    const given = command === 'impact' ? ['--bundle', join(home, 'bundles/policy.tar.gz')] : []
    const { json } = await runHere(logCommands, [command, tenant, ...given])
    const counts = { input_ended: 1 }
    expect(json).toMatchObject(
      command === 'replay'
        ? { equal: 0, differ: 0, not_replayed: counts, ended_classes: { patient: 1 } }
        : { judged: 0, not_judged: counts, ended_classes: { patient: 1 } },
    )
  },
)

it('ends the next when that is over, and never what only an erasure ends', async () => {
  await goOn(1000)
  expect(classesKept()).toEqual(['names'])
  const text = await textOf()
  expect(text).toContain('alice')
  expect(salts.filter((salt) => !text.includes(salt)).flatMap(filesWith)).toEqual([])
})
