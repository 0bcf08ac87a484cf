/** `countersign access review`: what is late is named with its owner, and scripts notice by the exit code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { accessCommands } from '../../../scripts/access/commands.ts'
import type { Due } from '../../../scripts/access/due.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { runHere } from '../../support/in-process.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { registryCopy, releasedBundles } from '../../support/released-bundles.ts'

const day = 86_400
const now = Date.UTC(2026, 9, 31) / 1000
const at = ['--at', '2026-10-31']
const exception = {
  ...{ code: 'supply.shadowing', server: 'ops', capability: 'tool:status' },
  ...{ owner: 'ops-team', reason: 'r', review_by: now + 400 * day, not_before: 0 },
}

function registryWith(change: (registry: Registry) => void): Registry {
  const registry = registryCopy()
  registry.parameters.review_grace_seconds = 2 * day
  change(registry)
  return registry
}

async function review(registry: Registry, ...given: readonly string[]) {
  const project = policyRepository({ 'data/registry.json': JSON.stringify(registry) })
  return runHere(accessCommands, ['review', '--project', project, ...at, ...given])
}

function statesIn(json: unknown): Record<string, string> {
  const { reviews, endings } = json as Due
  return Object.fromEntries(
    [...reviews, ...endings].map(({ entry, name, state }) => [`${entry} ${name}`, state]),
  )
}

describe('an entry', () => {
  it.each([
    ['long to come', now + 400 * day, 'current', 0],
    ['soon to come', now + 30 * day, 'soon', 0],
    ['of this very second', now, 'soon', 0],
    ['just past', now - 1, 'due', 1],
    ['past, with the last of its grace', now - 2 * day, 'due', 1],
    ['past the grace', now - 2 * day - 1, 'overdue', 1],
  ])('whose date is %s', async (_name, reviewBy, state, exit) => {
    const registry = registryWith(({ agents }) => {
      Object.values(agents)[0]!.review_by = reviewBy
    })
    const found = await review(registry)
    expect(found.exit).toBe(exit)
    expect(statesIn(found.json)).toMatchObject({
      'agent https://agent.dev.countersign.test/client.json': state,
      'server ops': 'current',
    })
  })

  it('that is late is named with its owner and the day from which it is denied', async () => {
    const { text } = await review(
      registryWith(({ purposes, servers }) => {
        purposes['report.weekly']!.review_by = now - day
        servers['ops']!.review_by = now - 3 * day
        servers['ops']!.owner = 'ops-team'
      }),
    )
    expect(text).toMatch(
      /^Overdue, and denied for it\n {2}server ops \(owner ops-team\) was .*2026-10-28: since 2026-10-30 it is denied\n\nPast the review date\n {2}purpose report\.weekly .*past 2026-11-01 it is denied\n/u,
    )
  })
})

it('says what ends by itself: exceptions and what is observed', async () => {
  const registry = registryWith((given) => {
    given.exceptions = [
      { ...exception, id: 'x-old', expires_at: now },
      { ...exception, id: 'x-soon', expires_at: now + 5 * day },
      { ...exception, id: 'x-later', expires_at: now + 6 * day },
    ]
    const scope = 'tenant' as const
    given.observe = [
      { id: 'o', scope, owner: 'o', reason: 'r', not_before: now, expires_at: now + day },
    ]
  })
  const found = await review(registry, '--within', '5')
  expect(found.exit).toBe(0)
  expect(statesIn(found.json)).toMatchObject({
    'exception x-old': 'expired',
    'exception x-soon': 'soon',
    'exception x-later': 'current',
    'observe o': 'soon',
  })
  expect(found.text).toContain('  exception x-old (owner ops-team) ended at 2026-10-31T00:00:00Z')
})

it('reads bundles as well as a repository', async () => {
  const { directory } = releasedBundles(
    registryWith(({ servers }) => {
      servers['legacy']!.review_by = now - day
    }),
  )
  const registryAlone = join(directory, 'registry.tar.gz')
  for (const bundle of [directory, registryAlone]) {
    const found = await runHere(accessCommands, ['review', '--bundle', bundle, ...at])
    expect([found.exit, statesIn(found.json)['server legacy']]).toEqual([1, 'due'])
  }
})

describe('gateways', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-access-'))
  const file = join(folder, 'countersign.json')
  const example = /```json\n(\{\n {2}"public_url".*?)```/su.exec(
    readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8'),
  )?.[1]
  const config = JSON.parse(example ?? '') as { tenants: Record<string, unknown>[] }
  const [tenant = {}] = config.tenants
  const keys = { inline: { keys: [] } }
  const usable = {
    ...tenant,
    bundles: {
      sources: [{ directory: '.' }],
      keys: [{ id: 'release', algorithm: 'ES256', public_key_file: 'countersign.json' }],
    },
    issuers: (tenant['issuers'] as object[]).map((issuer) => ({ ...issuer, keys })),
    trust_domains: [{ name: 'acme.example', bundle: keys }],
  }

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('are in the configuration of the service, which the command asks for', async () => {
    const other = { ...usable, id: 'other', audience: 'https://pdp.example/other' }
    writeFileSync(file, JSON.stringify({ ...config, tenants: [usable, other] }))
    const bare = await review(registryCopy())
    expect(bare.text).toContain('--config')
    await expect(review(registryCopy(), '--config', file)).rejects.toThrow(/acme, other: name one/u)
    const late = ['--at', '2028-06-01', '--config', file, '--tenant', 'acme']
    const found = await review(registryCopy(), ...late)
    expect([found.exit, statesIn(found.json)['pep gateway-1']]).toEqual([1, 'overdue'])
    expect(found.text).not.toContain('--config')
  })
})

it.each([
  ['an argument', ['x'], /^x: there are no arguments/u],
  ['no day', ['--at', 'soon'], /^--at soon: write a day/u],
  ['a day that is none', ['--at', '2026-02-30'], /^--at 2026-02-30: write a day/u],
  ['no number', ['--within', 'a week'], /--within a week: write a whole number/u],
  ['a tenant of no file', ['--tenant', 'acme'], /--tenant needs --config/u],
  ['no configuration', ['--config', '/nowhere.json'], /\/nowhere\.json cannot be read/u],
  ['no bundle', ['--bundle', '/nowhere.tar.gz'], /there is no such file/u],
])('says on one line what is wrong: %s', async (_name, given, message) => {
  await expect(review(registryCopy(), ...given)).rejects.toThrow(message)
})

it('refuses a repository without a registry, and one whose data has faults', async () => {
  const none = policyRepository({
    'countersign-policy.json': JSON.stringify({ name: 'acme', pack: 'default' }),
  })
  await expect(runHere(accessCommands, ['review', '--project', none])).rejects.toThrow(
    /has no registry/u,
  )
  const broken = policyRepository({ 'data/registry.json': '{"servers": 1}' })
  await expect(runHere(accessCommands, ['review', '--project', broken])).rejects.toThrow(
    /registry\.json:1:/u,
  )
})
