/** `countersign access unused --log`: the same from what was exported as from the service, and no guess where it does not say. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { accessCommands } from '../../../scripts/access/commands.ts'
import type { UnusedEntry } from '../../../scripts/access/unused-entries.ts'
import type { Outcome } from '../../../scripts/command/command.ts'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { Observation } from '../../../service/contract/observation.ts'
import type { Exception } from '../../../service/contract/registry.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../../support/development-service.ts'
import { runHere } from '../../support/in-process.ts'
import { reachPublished } from '../../support/published-log.ts'
import { registryCopy, releasedBundles } from '../../support/released-bundles.ts'
import { agent } from './ask.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-unused-log-'))
const file = (name: string): string => join(home, name)
const tenant = file('data/tenants/dev')
const now = Math.floor(Date.now() / 1000)
const terms = { owner: 'platform-team', reason: 'r', not_before: now - 60, expires_at: now + 3600 }
const observe: Observation[] = [
  { scope: 'server', server: 'ops', id: 'asked', ...terms },
  { scope: 'server', server: 'legacy', id: 'idle', ...terms },
]
const exception: Exception = {
  ...{
    id: 'forgotten',
    code: 'capability.group_missing',
    server: 'ops',
    capability: 'tool:status',
  },
  ...{ ...terms, review_by: now + 3600 },
}
let service: DevelopmentService
let directory: string

beforeAll(async () => {
  directory = releasedBundles({ ...registryCopy(), observe, exceptions: [exception] }).directory
  service = await startDevelopmentService({ data: file('data'), bundles: directory })
  const { permit, deny } = await queriesByEffect(service.keys)
  for (const query of [permit, deny]) await service.ask(query)
  await reachPublished(tenant)
  const exported = (out: string, ...given: readonly string[]): Promise<Outcome> =>
    runHere(logCommands, ['export', tenant, '--out', file(out), ...given])
  await exported('whole.tgz', '--disclose', '--tenant', 'dev')
  await exported('bare')
})
afterAll(async () => {
  await service.stop()
  for (const one of [home, directory]) rmSync(one, { recursive: true, force: true })
})

const unused = (...given: readonly string[]): Promise<Outcome> =>
  runHere(accessCommands, ['unused', '--since', '2020-01-01', '--bundle', directory, ...given])
const namesIn = ({ json }: Outcome): string[] =>
  (json as { readonly unused: readonly UnusedEntry[] }).unused.map(
    ({ entry, name }) => `${entry} ${name}`,
  )

it('an export says what the service says: exceptions and entries of observe that nothing used, too', async () => {
  const asked = await unused('--url', service.url, '--data', service.data)
  const read = await unused('--log', file('whole.tgz'))
  expect(read).toEqual(asked)
  expect(namesIn(read)).toEqual(
    expect.arrayContaining(['exception forgotten', 'observation idle', 'server legacy']),
  )
  expect(namesIn(read)).not.toEqual(expect.arrayContaining(['observation asked']))
  expect(namesIn(read)).not.toEqual(expect.arrayContaining([`agent ${agent}`]))
  expect(read.text).toContain('  entry of observe idle (owner platform-team)\n')
  expect(read.text).toContain('Read 2 decisions of the tenant dev.')
})

it.each([
  ['an export without disclosures', 'bare'],
  ['the data of a tenant', 'data/tenants/dev'],
])('%s names no agent and no exception, since it knows of none', async (_what, log) => {
  const read = await unused('--log', file(log))
  const names = namesIn(read)
  expect(names).toEqual(expect.arrayContaining(['observation idle', 'server legacy']))
  expect(names.filter((name) => /^(?:agent|exception) /u.test(name))).toEqual([])
  expect(read.text).toContain('Of 2 of them agents and exceptions are not known')
})

it('one line says what is wrong with a log', async () => {
  writeFileSync(file('text'), 'no log\n')
  for (const log of ['nowhere', 'text'].map(file)) {
    const read = unused('--log', log)
    await expect(read).rejects.toMatchObject({ code: 'usage' })
    await expect(read).rejects.toThrow(new RegExp(`^${log}[^\n]*$`, 'u'))
  }
  const both = unused('--log', file('bare'), '--url', service.url)
  await expect(both).rejects.toThrow(/^--log and --url: /u)
})
