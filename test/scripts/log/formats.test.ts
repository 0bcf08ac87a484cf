/** countersign log export --format, each format read by who reads it elsewhere or held against its own schema. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { CloudEvent, HTTP } from 'cloudevents'
import { parse } from 'csv-parse/sync'
import { logCommands } from '../../../scripts/log/commands.ts'
import { csvLine } from '../../../scripts/log/export/format/csv.ts'
import { hex } from '../../../scripts/log/verify/tree-check.ts'
import { leafHash } from '../../../service/audit/merkle.ts'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { commandHere, runHere } from '../../support/in-process.ts'
import { leafOf, tokensIn } from '../../support/segment.ts'
import { createRecordedWorld, type RecordedWorld } from './recorded-world.ts'

let world: RecordedWorld
let tokens: readonly string[]
beforeAll(async () => {
  world = await createRecordedWorld()
  tokens = tokensIn(join(world.tenant, 'log'))
})
afterAll(() => {
  world.remove()
})

type Json = Readonly<Record<string, unknown>>
type Exported = { readonly content: string; readonly json: Json }
let files = 0

async function exported(format: string, ...given: readonly string[]): Promise<Exported> {
  files += 1
  const out = join(world.home, `export-${String(files)}`)
  const args = ['export', world.tenant, '--format', format, '--out', out, ...given]
  const { exit, json } = await runHere(logCommands, args)
  expect(exit).toBe(0)
  return { content: readFileSync(out, 'utf8'), json: json as Json }
}

async function linesOf(format: string, ...given: readonly string[]): Promise<readonly Json[]> {
  const { content } = await exported(format, ...given)
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json)
}

describe('jsonl', () => {
  it('has every entry with its very bytes, in order, and says how far it came', async () => {
    const { content, json } = await exported('jsonl')
    const lines = content.trimEnd().split('\n')
    const read = lines.map((line) => JSON.parse(line) as Json)
    expect(read.map(({ token }) => token)).toEqual(tokens)
    expect(read.map(({ leaf_hash: hash }) => hash)).toEqual(
      tokens.map((token) => `sha256:${hex(leafHash(token))}`),
    )
    expect(read.map(({ leaf }) => leaf)).toEqual(tokens.map(leafOf))
    expect(read.every(({ disclosed }) => disclosed === null)).toBe(true)
    expect(json).toMatchObject({ written: tokens.length, next: tokens.length - 1, disclosed: 0 })
  })

  it('has what is disclosed only where that is asked for, and only of what is chosen', async () => {
    const { workflow, decision_id: id } = world.hold
    const chosen = await linesOf('jsonl', '--disclose', '--workflow', workflow.id)
    expect(chosen).toMatchObject([{ leaf: { jti: id }, disclosed: { input: { decision_id: id } } }])
  })

  it('goes on where it ended: by an index, and by a position that it keeps itself', async () => {
    const at = world.permit.log.index
    const rest = await linesOf('jsonl', '--after', String(at))
    expect(rest.map(({ index }) => index)).toEqual([...tokens.keys()].slice(at + 1))
    const position = join(world.home, 'position.json')
    writeFileSync(position, JSON.stringify({ origin: 'localhost/dev', next: at }))
    expect(await linesOf('jsonl', '--position', position)).toHaveLength(tokens.length - at)
    expect(await linesOf('jsonl', '--position', position)).toEqual([])
  })

  it.each([
    [
      'of more entries than there are',
      { origin: 'localhost/dev', next: 1e6 },
      /name the right log/u,
    ],
    ['of another log', { origin: 'localhost/other', next: 1 }, /not of localhost\/dev/u],
    ['that is none', { origin: 'localhost/dev', next: -1 }, /is no position of an export/u],
  ])('refuses a position %s', async (_name, content, message) => {
    const position = join(world.home, 'refused.json')
    writeFileSync(position, JSON.stringify(content))
    const args = ['log', 'export', world.tenant, '--format', 'jsonl', '--position', position]
    const ran = await commandHere([...args, '--out', join(world.home, 'none')])
    expect([ran.status, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(message)
  })

  it('is compressed when its name says so', async () => {
    const out = join(world.home, 'lines.jsonl.gz')
    await runHere(logCommands, ['export', world.tenant, '--format', 'jsonl', '--out', out])
    expect(gunzipSync(readFileSync(out)).toString()).toEqual((await exported('jsonl')).content)
  })
})

describe('opa-decision-log', () => {
  it('has the members of OPA alone: input and parameters where they are disclosed, else what was erased', async () => {
    const [plain, disclosed] = [
      await linesOf('opa-decision-log'),
      await linesOf('opa-decision-log', '--disclose'),
    ]
    expect(plain.map(({ decision_id: id }) => id)).toEqual(
      [world.permit, world.deny, world.hold, world.stopped].map(({ decision_id: id }) => id),
    )
    expect(plain[0]).toMatchObject({
      ...{ path: 'countersign/decision', requested_by: 'dev-gateway', erased: ['/input'] },
      bundles: { countersign: { revision: world.permit.binding.policy?.revision } },
      labels: { id: 'localhost/dev', tenant: 'dev' },
      result: { effect: 'permit', log: world.permit.log },
    })
    expect(plain[0]).not.toHaveProperty('input')
    expect(disclosed[1]).toMatchObject({
      input: { decision_id: world.deny.decision_id },
      result: { effect: 'deny', reasons: world.deny.reasons },
    })
    expect(disclosed[1]).not.toHaveProperty('erased')
    expect(Date.parse(String(plain[0]?.['timestamp']))).toBe(leafOf(world.permit.token).iat * 1000)
  })
})

describe('ocsf', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../fixtures/ocsf/api-activity-1.8.0.json'), 'utf8'),
  ) as Json
  const check = new Ajv2020({ strict: false, allErrors: true }).compile(schema)

  it.each([[[]], [['--disclose']]])(
    'is API Activity of OCSF 1.8.0 by its schema %j',
    async (given) => {
      const events = await linesOf('ocsf', ...given)
      expect(events).toHaveLength(4)
      for (const event of events) {
        check(event)
        expect(check.errors).toBeNull()
      }
      expect(events.map(({ action_id: id, disposition }) => [id, disposition])).toEqual([
        [1, 'Allowed'],
        [2, 'Blocked'],
        [99, 'Held'],
        [2, 'Blocked'],
      ])
    },
  )

  it('the schema refuses what is no such event', async () => {
    const [event] = await linesOf('ocsf')
    expect(check({ ...event, surplus: 1 })).toBe(false)
    expect(check({ ...event, actor: {} })).toBe(false)
  })
})

it('cloudevents: the SDK of CloudEvents takes every entry, and sends it as it came', async () => {
  const events = await linesOf('cloudevents', '--disclose')
  expect(events).toHaveLength(tokens.length)
  for (const [index, event] of events.entries()) {
    const taken = new CloudEvent(event)
    expect(taken.validate()).toBe(true)
    expect(taken['sequence']).toBe(String(index).padStart(16, '0'))
    const { headers, body } = HTTP.structured(taken)
    const received = HTTP.toEvent({ headers, body }) as CloudEvent<{ token: string }>
    expect(received.data?.token).toBe(tokens[index])
  }
  const types = new Set(events.map(({ type }) => type))
  expect(types).toContain('countersign.decision.v1')
  expect(types).toContain('countersign.kill_switch.v1')
})

describe('csv', () => {
  it('is read by a reader of RFC 4180: the same columns in every line', async () => {
    const { content } = await exported('csv')
    const rows = parse(content, { columns: true, record_delimiter: '\r\n' }) as readonly Json[]
    expect(rows.map(({ decision_id: id, effect }) => [id, effect])).toEqual(
      [world.permit, world.deny, world.hold, world.stopped].map((one) => [
        one.decision_id,
        one.effect,
      ]),
    )
    expect(rows[0]).toMatchObject({
      server: 'ops',
      capability: 'tool:status',
      initiator_subject: '',
    })
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '"=1"\r\n=2', 'a,"b"'])(
    'no cell is a formula, and each comes back whole: %j',
    (server) => {
      const leaf = leafOf(world.permit.token) as DecisionLeaf
      const capability = { ...leaf.capability, server }
      const line = csvLine({
        ...{ token: '', leafHash: '', disclosed: null, ended: [] },
        leaf: { ...leaf, capability },
      })
      const [cells = []] = parse(line, { record_delimiter: '\r\n' }) as readonly string[][]
      expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/u.test(cell))).toEqual([])
      expect(cells.some((cell) => cell === server || cell === `'${server}`)).toBe(true)
    },
  )
})

it.each([
  ['a format that there is not', ['--format', 'xml'], /write one of opa-decision-log/u],
  ['a place without a format', ['--after', '3'], /give --format too/u],
  ['two places', ['--format', 'csv', '--after', '3', '--position', 'x'], /not both/u],
  ['half a person', ['--format', 'csv', '--initiator', 'i s'], /give the pseudonym/u],
])('says on one line what is wrong: %s', async (_name, given, message) => {
  const out = join(world.home, 'none')
  const ran = await commandHere(['log', 'export', world.tenant, '--out', out, ...given])
  expect([ran.status, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(message)
})
