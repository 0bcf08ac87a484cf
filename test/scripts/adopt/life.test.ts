/** The first week, whole: a live server is adopted, observed, its traffic adopted, and what was seen is permitted. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { readProject } from '../../../scripts/policy/project.ts'
import { readRegistryData } from '../../../scripts/policy/registry-data.ts'
import { startOps } from '../../../scripts/demo/servers/ops.ts'
import { alice } from '../../../service/adapter/development/example-queries.ts'
import {
  mintAccessToken,
  mintJwtSvid,
  mintPurposeGrant,
  type GrantTerms,
} from '../../../service/adapter/development/mint.ts'
import type { Query } from '../../../service/contract/query.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { runCommand } from '../../support/command.ts'
import {
  startDevelopmentService,
  type DevelopmentService,
} from '../../support/development-service.ts'
import { describeWithParts } from '../../support/parts.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { registryCopy, releasedBundles, type Release } from '../../support/released-bundles.ts'

const root = join(import.meta.dirname, '../../..')
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const resource = 'https://mcp.dev.countersign.test/adopted'
const spiffeId = 'spiffe://dev.countersign.test/mcp/adopted'
const now = Math.floor(Date.now() / 1000)
const stated = [
  '--owner',
  'team',
  '--spiffe-id',
  spiffeId,
  '--resource',
  resource,
  '--group',
  'staff',
]
const classified = ['--classification', 'internal', '--direction', 'internal']

const services: DevelopmentService[] = []
afterAll(async () => {
  for (const service of services) await service.stop()
})

/** What the command line builds from the repository is what a service gets. */
async function registryOf(folder: string): Promise<Registry> {
  const built = await runCommand(['policy', 'build', '--sequence', '11'], { folder })
  expect(built).toMatchObject({ status: 0, stderr: '' })
  const { registry, faults } = readRegistryData(readProject({ values: { project: folder } }))
  expect(faults).toEqual([])
  return registry!
}

async function serviceOn(
  registry: Registry,
): Promise<DevelopmentService & { readonly release: Release['release'] }> {
  const { directory, release } = releasedBundles(registry, 11)
  const service = await startDevelopmentService({ bundles: directory })
  services.push(service)
  return { ...service, release }
}

function written(folder: string, name: string, value: unknown): void {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(value))
}

describeWithParts('what was seen of an adopted server', () => {
  it.each<[string, string, object]>([
    ['HTTP', 'status', { service: 'api' }],
    ['stdio', 'get-sum', { a: 1, b: 2 }],
  ])(
    'is permitted after its traffic is adopted, and nothing else: %s',
    async (way, tool, given) => {
      // The server that is adopted is the only one of its names; the agents are registered once it is there.
      const { agents, ...others } = registryCopy()
      const empty = { ...others, servers: {}, agents: {}, exceptions: [] }
      const folder = policyRepository({ 'data/registry.json': JSON.stringify(empty) })
      const listener =
        way === 'HTTP'
          ? await startOps({ ran: () => undefined } as unknown as Parameters<typeof startOps>[0])
          : null
      const where =
        listener === null ? ['--', process.execPath, everything] : ['--at', listener.url.href]
      const effects = ['--effects', `${tool}=reads_private,reads_untrusted`]
      const options = [...stated, ...classified, ...effects]
      const adopted = await runCommand(['adopt', 'server', 'adopted', ...options, ...where], {
        folder,
      })
      expect(adopted).toMatchObject({ status: 0, stderr: '' })
      await listener?.close()
      written(folder, 'data/registry/agents.json', {
        agents: Object.fromEntries(
          Object.entries(agents).map(([id, agent]) => [id, { ...agent, servers: ['adopted'] }]),
        ),
      })
      const observe = {
        scope: 'server',
        server: 'adopted',
        id: 'week',
        owner: 'team',
        reason: 'first week',
      }
      written(folder, 'data/registry/observe.json', {
        observe: [{ ...observe, not_before: now - 60, expires_at: now + 86_400 }],
      })

      const service = await serviceOn(await registryOf(folder))
      const definition = JSON.parse(
        readFileSync(join(folder, 'data/definitions/adopted', `tool.${tool}.json`), 'utf8'),
      ) as Record<string, unknown>
      const asked = async (
        name: string,
        terms: GrantTerms,
        more: Partial<Query['capability']> = {},
      ): Promise<Query> => ({
        phase: 'request',
        initiator: { access_token: await mintAccessToken(service.keys, alice, resource) },
        server: { id: 'adopted', proof: { jwt_svid: await mintJwtSvid(service.keys, spiffeId) } },
        purpose: { grant: await mintPurposeGrant(service.keys, alice.sub, terms) },
        protocol: { version: '2026-07-28', method: 'tools/call' },
        capability: { kind: 'tool', name, arguments: { ...given }, definition, ...more },
      })
      const empties = { classifications: [], resources: [], residency: [], directions: [] }
      const first: GrantTerms = {
        purpose: { code: 'on.call' },
        capabilities: ['adopted/list'],
        data: empties,
      }
      const answers = [
        await service.ask(await asked(tool, first)),
        await service.ask(await asked(tool, first)),
      ]
      for (const answer of answers)
        expect(answer).toMatchObject({ effect: 'permit', observed: { judged_effect: 'deny' } })

      writeFileSync(
        join(folder, 'answers.jsonl'),
        answers.map((one) => JSON.stringify(one)).join('\n'),
      )
      const running = ['--url', service.url, '--data', service.data]
      const traffic = await runCommand(
        ['adopt', 'traffic', 'answers.jsonl', '--owner', 'team', ...running, '--json'],
        { folder },
      )
      expect(traffic).toMatchObject({ status: 0, stderr: '' })
      expect(traffic.json()).toMatchObject({
        questions: 2,
        purposes: [{ code: 'on.call', issued: 2 }],
      })
      writeFileSync(join(folder, 'data/registry/observe.json'), '{"observe": []}')
      service.release(await registryOf(folder), 12)
      for (let tries = 0; tries < 2000; tries += 1) {
        const { body } = await service.get('/v1/policy')
        if (JSON.stringify(body['observing'] ?? []) === '[]') break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }

      const grant = JSON.parse(
        readFileSync(join(folder, 'grants/on.call.json'), 'utf8'),
      ) as GrantTerms
      const answer = await service.ask(await asked(tool, grant))
      expect(answer).toMatchObject({ effect: 'permit', reasons: [] })
      expect(answer.observed).toBeUndefined()
      const strangers: readonly (readonly [string, Query])[] = [
        [
          'another definition',
          await asked(tool, grant, { definition: { ...definition, title: 'x' } }),
        ],
        ['another tool', await asked(way === 'HTTP' ? 'read_report' : 'echo', grant)],
        [
          'an argument that the schema does not name',
          await asked(tool, grant, { arguments: { ...given, force: true } }),
        ],
      ]
      for (const [what, query] of strangers)
        expect([what, (await service.ask(query)).effect]).not.toEqual([what, 'permit'])
    },
    120_000,
  )
})
