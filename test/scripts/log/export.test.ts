/** countersign log export, from the data of a real service while it runs: what an auditor takes away, and what stays. */
import { createHash } from 'node:crypto'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { DecisionStep } from '../../../scripts/log/reconstruct/steps.ts'
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../../support/development-service.ts'
import { commandHere, runHere } from '../../support/in-process.ts'
import {
  noteSignerOf,
  publish,
  reachPublished,
  type Publication,
} from '../../support/published-log.ts'
import { tokensIn } from '../../support/segment.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-export-'))
const file = (name: string): string => join(home, name)
const tenant = file('data/tenants/dev')
let service: DevelopmentService
let permit: DecisionAnswer
let publication: Publication

beforeAll(async () => {
  service = await startDevelopmentService({ data: file('data') })
  const queries = await queriesByEffect(service.keys)
  permit = await service.ask(queries.permit)
  await service.post(`/v1/decisions/${permit.decision_id}/outcome`, { status: 'executed' })
  // From here on the key of the leaves has a window.
  service = await service.restart()
  await service.ask(queries.hold)
  const jwks = (await service.get('/.well-known/jwks.json')).body as Publication['jwks']
  const tokens = tokensIn(join(tenant, 'log'))
  publication = { tokens, origin: 'localhost/dev', signer: noteSignerOf(tenant), jwks }
  await reachPublished(tenant)
})
afterAll(async () => {
  await service.stop()
  rmSync(home, { recursive: true, force: true })
})

const run = async (...given: readonly string[]): Promise<{ exit: number; json: unknown }> =>
  runHere(logCommands, given)
const exported = (out: string, ...given: readonly string[]): Promise<unknown> =>
  run('export', tenant, '--out', file(out), ...given).then(({ json }) => json)

/** Every file below a folder, with its content and the time of its last change; the service writes its index when it can. */
function stateOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('index/'))
    .sort()
    .map((name) => {
      const found = lstatSync(join(folder, name))
      const content = found.isFile() ? readFileSync(join(folder, name)) : ''
      const digest = createHash('sha256').update(content).digest('hex')
      return `${name} ${String(found.mtimeMs)} ${digest}`
    })
}
const namesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => lstatSync(join(folder, name)).isFile())
    .sort()

it.each(['a-folder', 'plain.tar', 'packed.tar.gz', 'packed.tgz'])(
  'as %s, which verifies; a running service and its files are left as they are',
  async (out) => {
    const before = stateOf(tenant)
    expect(await exported(out)).toMatchObject({ disclosed: 0 })
    expect(stateOf(tenant)).toEqual(before)
    const { tokens } = publication
    const checked = { leaves: tokens.length, decisions: 2, outcomes: 1, disclosures: 0 }
    expect(await run('verify', file(out))).toMatchObject({ exit: 0, json: { checked } })
  },
)

it('of what was published alone, and of no more than the checkpoint covers', async () => {
  const three = { ...publication, tokens: publication.tokens.slice(0, 3) }
  cpSync(tenant, file('behind'), { recursive: true })
  // As a reader finds it who came between the new tiles and the new checkpoint.
  publish(file('behind/published'), publication)
  cpSync(file('behind/published/tile'), file('tile'), { recursive: true })
  publish(file('behind/published'), three)
  cpSync(file('tile'), file('behind/published/tile'), { recursive: true })
  const old = readFileSync(file('behind/published/checkpoint'))
  await run('export', file('behind'), '--out', file('three'))
  expect(readFileSync(file('three/checkpoint'))).toEqual(old)
  expect(namesIn(file('three'))).toEqual([
    ...['checkpoint', 'keys/jwks.json', 'keys/log.vkey'],
    ...['tile/0/000.p/3', 'tile/entries/000.p/3'],
  ])
  expect(await run('verify', file('three'))).toMatchObject({
    exit: 0,
    json: { checked: { leaves: 3 } },
  })
})

it('with what was disclosed of one workflow, which verifies and is told; of others, pseudonyms', async () => {
  const workflow = ['--workflow', permit.workflow.id]
  expect(await exported('one.tar', '--disclose', ...workflow)).toMatchObject({ disclosed: 1 })
  const checked = { disclosures: 1 }
  expect(await run('verify', file('one.tar'))).toMatchObject({ exit: 0, json: { checked } })
  const told = await run('reconstruct', file('one.tar'), '--server', 'ops')
  const [first, second] = (told.json as { steps: readonly DecisionStep[] }).steps
  const { iss, sub } = first?.who.disclosed ?? {}
  expect(first).toMatchObject({
    who: { disclosed: { grade: 'bearer' } },
    workload: { disclosed: { spiffe_id: expect.stringMatching(/^spiffe:/u) } },
    what: { disclosed: { name: 'status' } },
  })
  expect([second?.who.disclosed, second?.what.disclosed]).toEqual([null, null])
  const person = await run(
    'reconstruct',
    file('one.tar'),
    '--initiator',
    `${String(iss)} ${String(sub)}`,
  )
  expect((person.json as { steps: unknown }).steps).toHaveLength(2)
})

it('with nothing of a subject that was erased; the rest verifies', async () => {
  cpSync(tenant, file('erased'), { recursive: true })
  const database = new DatabaseSync(file('erased/disclosures/keys.sqlite'))
  database.exec('DELETE FROM data_key')
  database.close()
  const given = ['--out', file('erased.tar'), '--disclose', '--tenant', 'dev']
  const { json } = await run('export', file('erased'), ...given)
  expect(json).toMatchObject({ disclosed: 0 })
  expect(await run('verify', file('erased.tar'))).toMatchObject({ exit: 0 })
})

it('never with a secret of the tenant', async () => {
  await exported('all.tar', '--disclose', '--tenant', 'dev')
  const bytes = readFileSync(file('all.tar')).toString('latin1')
  for (const name of namesIn(join(tenant, 'keys')).filter(
    (one) => one.endsWith('.jwk') && !one.startsWith('public/'),
  )) {
    const jwk = JSON.parse(readFileSync(join(tenant, 'keys', name), 'utf8')) as {
      d?: string
      k?: string
    }
    const secret = jwk.d ?? jwk.k ?? ''
    expect(secret).not.toBe('')
    expect(bytes).not.toContain(secret)
  }
})

it('whole or not at all', async () => {
  cpSync(tenant, file('torn'), { recursive: true })
  rmSync(file('torn/published/tile/entries'), { recursive: true })
  mkdirSync(file('shelf'))
  for (const out of ['shelf/x.tar.gz', 'shelf/x']) {
    const ran = await commandHere(['log', 'export', file('torn'), '--out', file(out)])
    expect(ran).toMatchObject({
      status: 3,
      stdout: '',
      stderr: expect.stringContaining('tile/entries/000'),
    })
    expect(readdirSync(file('shelf'))).toEqual([])
  }
})

it.each([
  ['a place that is taken', [tenant, '--out', home], /something else is there/u],
  ['no place', [tenant], /--out/u],
  ['a choice of nothing', [tenant, '--out', file('x'), '--server', 'ops'], /give --disclose too/u],
  ['a disclosure of nothing', [tenant, '--out', file('x'), '--disclose'], /Say what/u],
  [
    'a person by name',
    [tenant, '--out', file('x'), '--disclose', '--initiator', 'https://i.example a'],
    /pseudonym/u,
  ],
])('says on one line what is wrong: %s', async (_name, given, message) => {
  const { status, stderr } = await commandHere(['log', 'export', ...given])
  expect(status).toBe(2)
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})
