/** `countersign access unused`: what a running service decided is what was used, and the rest is named. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accessCommands } from '../../../scripts/access/commands.ts'
import type { Outcome } from '../../../scripts/command/command.ts'
import type { UnusedEntry } from '../../../scripts/access/unused-entries.ts'
import { mintPepToken, mintPurposeGrant } from '../../../service/adapter/development/mint.ts'
import type { ListedDecision } from '../../../service/contract/decision-list.ts'
import { UsageTally } from '../../../scripts/access/usage-tally.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../../support/development-service.ts'
import { runHere } from '../../support/in-process.ts'
import { registryCopy, releasedBundles } from '../../support/released-bundles.ts'
import { agent } from './ask.ts'

const root = join(import.meta.dirname, '../../..')
const bundles = join(root, 'bundles')
const folder = mkdtempSync(join(tmpdir(), 'countersign-unused-'))
const folders = [folder]
const place = (name: string): string => join(folder, name)
let service: DevelopmentService
/** `<entry> <name>` of what is not used -> how often it was denied. */
let before: Readonly<Record<string, number>>

beforeAll(async () => {
  service = await startDevelopmentService()
  before = denialsIn(await unused('--since', '1'))
  const { permit, deny, hold } = await queriesByEffect(service.keys)
  for (const query of [permit, deny, deny, hold]) await service.ask(query)
  writeFileSync(place('used.jwt'), permit.purpose?.grant ?? '')
  const data = { classifications: [], residency: [], directions: [], resources: [] }
  const terms = { purpose: { code: 'report.weekly' }, capabilities: ['ops/*'], data }
  writeFileSync(place('idle.jwt'), await mintPurposeGrant(service.keys, 'alice', terms))
})
afterAll(async () => {
  await service.stop()
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

function unused(...given: readonly string[]): Promise<Outcome> {
  const registry = given.includes('--bundle') ? [] : ['--bundle', bundles]
  const asked = ['--url', service.url, '--data', service.data]
  return runHere(accessCommands, ['unused', ...registry, ...asked, ...given])
}

function denialsIn({ json }: Outcome): Readonly<Record<string, number>> {
  const { unused: entries } = json as { readonly unused: readonly UnusedEntry[] }
  return Object.fromEntries(entries.map(({ entry, name, denied }) => [`${entry} ${name}`, denied]))
}

/** A configuration of the service with these gateways: the example of the README with keys that are there. */
function configuration(peps: readonly string[]): string {
  const [, example = ''] =
    /```json\n(\{\n {2}"public_url"[\s\S]*?\n\})\n```/u.exec(
      readFileSync(join(root, 'README.md'), 'utf8'),
    ) ?? []
  const config = JSON.parse(example) as { tenants: Record<string, unknown>[] }
  const [tenant = {}] = config.tenants
  const keys = { inline: { keys: [] } }
  const key = { id: 'release', algorithm: 'ES256', public_key_file: 'countersign.json' }
  const [gateway = {}] = tenant['peps'] as object[]
  const usable = {
    ...tenant,
    bundles: { sources: [{ directory: '.' }], keys: [key] },
    issuers: (tenant['issuers'] as object[]).map((issuer) => ({ ...issuer, keys })),
    trust_domains: [{ name: 'acme.example', bundle: keys }],
    peps: peps.map((id) => ({ ...gateway, client_id: id })),
  }
  writeFileSync(place('countersign.json'), JSON.stringify({ ...config, tenants: [usable] }))
  return place('countersign.json')
}

describe('what was not used', () => {
  it('is everything, before anybody has asked', () => {
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining([
        ...['server ops', 'server legacy', 'capability ops/tool:status', `agent ${agent}`],
        ...['purpose incident.restore', 'purpose report.weekly'],
      ]),
    )
  })

  it('is told from what was permitted or held, and from what was only ever denied', async () => {
    const found = await unused('--since', '1')
    const after = denialsIn(found)
    const used = Object.keys(before).filter((name) => after[name] === undefined)
    expect(new Set(used)).toEqual(
      new Set([
        ...['server ops', 'capability ops/tool:status', 'capability ops/tool:deploy'],
        ...['purpose incident.restore', `agent ${agent}`],
      ]),
    )
    expect(Object.entries(after).filter(([, denied]) => denied > 0)).toEqual([
      ['capability ops/tool:send_mail', 2],
    ])
    expect(found.exit).toBe(1)
    expect(found.text).toContain('  server legacy (owner platform-team)\n')
    expect(found.text).toContain(
      'capability ops/tool:send_mail (owner platform-team): asked for 2 times, and always denied\n',
    )
    expect(found.text).toContain('Read 4 decisions of the tenant dev.')
  })

  it('is looked for among grants and gateways that are named', async () => {
    const grants = ['--grant', place('used.jwt'), '--grant', place('idle.jwt')]
    const config = configuration(['dev-gateway', 'gateway-2'])
    const found = await unused('--since', '1', ...grants, '--config', config)
    const names = Object.keys(denialsIn(found))
    expect(names.filter((name) => name.startsWith('grant '))).toHaveLength(1)
    expect(names.filter((name) => name.startsWith('pep '))).toEqual(['pep gateway-2'])
    expect(found.text).toContain('  gateway gateway-2 (owner ')
    expect(found.text).toMatch(/ {2}grant [0-9a-f-]{36} \(issued by /u)
    expect(found.text).not.toContain('--config')
  })

  it('is nothing, when all of the registry was used', async () => {
    const registry = registryCopy()
    const { ops } = registry.servers
    const { 'tool:status': status, 'tool:deploy': deploy } = ops!.capabilities
    registry.servers = {
      ops: { ...ops!, capabilities: { 'tool:status': status!, 'tool:deploy': deploy! } },
    }
    registry.purposes = { 'incident.restore': registry.purposes['incident.restore']! }
    const { directory } = releasedBundles(registry)
    folders.push(directory)
    const found = await unused('--since', '1', '--bundle', directory)
    expect(found).toMatchObject({ exit: 0, json: { unused: [] } })
    expect(found.text).toMatch(/^All of it was used since \d/u)
  })

  it('is seen from the time that is named on', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const since = new Date(Date.now() - 60_000).toISOString()
    expect(denialsIn(await unused('--since', since))).toEqual(
      denialsIn(await unused('--since', '1')),
    )
    expect((await unused('--since', today)).json).toMatchObject({
      since: Date.parse(`${today}T00:00:00Z`) / 1000,
    })
  })
})

describe('what counts as a use', () => {
  const decision: ListedDecision = {
    ...{ index: 0, decision_id: 'dec_1', at: '2026-10-31T00:00:00.000Z', pep: 'gateway' },
    ...{ environment: 'prod', phase: 'request', kind: 'tool', server: 'ops', capability: 'tool:x' },
    ...{ purpose: { code: 'p', grant_id: 'g' }, agents: [{ iss: 'i', client_id: 'a' }] },
    ...{
      effect: 'permit',
      judged_effect: 'permit',
      codes: [],
      waived_by: ['w'],
      observed_by: ['o'],
    },
  }
  const entries = [
    ...[['server', 'ops'] as const, ['capability', 'ops', 'tool:x'] as const],
    ...[['purpose', 'p'] as const, ['grant', 'g'] as const, ['agent', 'i', 'a'] as const],
    ...[['exception', 'w'] as const, ['observation', 'o'] as const],
  ]

  it.each([
    ['permit', { used: 1, denied: 0 }],
    ['hold', { used: 1, denied: 0 }],
    ['deny', { used: 0, denied: 1 }],
  ] as const)('a %s: %j, and a gateway that asks is in use', (effect, wanted) => {
    const tally = new UsageTally()
    tally.take({ ...decision, effect })
    for (const [entry, ...names] of entries) {
      expect([entry, tally.of(entry, ...names)]).toEqual([entry, wanted])
    }
    expect(tally.of('pep', 'gateway').used).toBe(1)
  })

  it("not that of another issuer's agent of the same name, nor of another server's capability", () => {
    const tally = new UsageTally()
    tally.take(decision)
    expect(tally.of('agent', 'other', 'a').used).toBe(0)
    expect(tally.of('capability', 'other', 'tool:x').used).toBe(0)
  })

  it('nothing of agents that have been erased, and it says so', () => {
    const tally = new UsageTally()
    tally.take({ ...decision, agents: null, waived_by: null, capability: null, purpose: null })
    expect([tally.decisions, tally.undisclosed, tally.of('agent', 'i', 'a').used]).toEqual([
      ...[1, 1, 0],
    ])
  })
})

describe('one line says what is wrong', () => {
  it.each([
    ['no time', [], /^Name how many days ago, a day or an instant with --since/u],
    ['no time that can be read', ['--since', 'spring'], /^--since spring: write a day/u],
    ['a time to come', ['--since', '2999-01-01'], /^--since 2999-01-01 must lie between/u],
    ['no days at all', ['--since', '0'], /^--since 0 must lie between/u],
    ['more days than there were', ['--since', '999999'], /^--since 999999 must lie between/u],
    ['an argument', ['--since', '1', 'x'], /^x: there are no arguments/u],
    ['no grant', ['--since', '1', '--grant', '/nowhere'], /there is no such file/u],
    ['no address', ['--since', '1', '--url', 'x'], /^--url x: write an http/u],
  ])('%s', async (_name, given, message) => {
    const asked = unused(...given)
    await expect(asked).rejects.toThrow(message)
    await expect(asked).rejects.toMatchObject({ code: 'usage' })
  })

  it('a token without the scope', async () => {
    writeFileSync(place('token'), await mintPepToken(service.keys, 'pdp.evaluate'))
    await expect(unused('--since', '1', '--token-file', place('token'))).rejects.toThrow(
      /needs the scope pdp\.audit\.read/u,
    )
  })

  it('a service that does not answer', async () => {
    const asked = unused('--since', '1', '--url', 'http://127.0.0.1:9')
    await expect(asked).rejects.toMatchObject({ code: 'not_ready' })
  })
})
