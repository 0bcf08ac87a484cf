/**
 * From `git push` to the decision and back: the sample policy repository with its own workflow files, a bare
 * repository that runs them, a real registry, and the service as it ships. One story, told in order.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { ociLoop } from '../../../service/adapter/bundle-source/oci-source.ts'
import { imageDigest, pushOci } from '../../../scripts/registry/push-oci.ts'
import { readTar } from '../../../service/bundle/read-tar.ts'
import { writeTar } from '../../../service/bundle/write-tar.ts'
import type { DecisionLeaf, EventLeaf } from '../../../service/contract/leaf.ts'
import type { PolicyState } from '../../../service/contract/policy-state.ts'
import { digestOf } from '../../../service/statement/digest.ts'
import { startAcme, type Acme, type Tool } from '../../support/acme.ts'
import type { JobRun } from '../../support/ci/pipeline.ts'
import { sampleRepository, type SampleRepository } from '../../support/ci/sample-repository.ts'
import { runCommand, type CommandRun } from '../../support/command.ts'
import { leavesIn } from '../../support/leaves.ts'
import { until } from '../../support/listening-source.ts'
import { describeWithParts } from '../../support/parts.ts'
import { freePort, startProgram, type RealProgram } from '../../support/real-program.ts'
import { startRegistry, type OciRegistry } from '../../support/registry.ts'
import { writeKeyPair } from '../../support/signing-keys.ts'

const root = join(import.meta.dirname, '../../..')
/** The bcrypt hash of "right". */
const htpasswd = 'robot:$2b$04$mzXZH1kkFWUdD2SUDMUHkuk98vzRr5M9lWfGgiCBedsgK.BMJxMge'
const robot = { internal: true, username: 'robot', password: 'right' } as const
const patience = 240_000

const toolOf = (name: string): Tool => ({
  name,
  description: `The tool ${name}.`,
  inputSchema: { type: 'object', properties: { service: { type: 'string' } } },
})
const readTicket = toolOf('read_ticket')
const deleteTicket = toolOf('delete_ticket')

/** A file of the data by which support agents may use one more tool. */
function permitting(tool: Tool): Readonly<Record<string, string>> {
  const capability = {
    ...{ kind: 'tool', effects: ['reads_private'], groups: ['support'], arguments: ['service'] },
    definition_digest: digestOf('definition', tool),
    data_scope: [
      {
        source: 'always',
        add: { classifications: ['internal'], residency: ['EU'], direction: 'internal' },
      },
    ],
  }
  const servers = { helpdesk: { capabilities: { [`tool:${tool.name}`]: capability } } }
  return { [`data/registry/servers/helpdesk-${tool.name}.json`]: JSON.stringify({ servers }) }
}

describeWithParts('a policy repository', () => {
  let acme: Acme
  let registry: OciRegistry
  let repository: SampleRepository
  let service: RealProgram | undefined
  let reference = ''
  const digests: string[] = []
  let tampered = ''

  const url = (): string => `http://127.0.0.1:${String(service?.port)}`
  const live = () => imageDigest(reference, robot)
  const bundle = (...given: readonly string[]): Promise<CommandRun> =>
    runCommand(['bundle', ...given, '--url', url(), '--token-file', acme.tokenFile, '--json'])
  const state = async (): Promise<PolicyState> =>
    (await bundle('status')).json() as unknown as PolicyState
  const activeDigest = async (): Promise<string> => (await state()).active?.digest ?? ''
  const decide = async (tool: Tool) => acme.ask(url(), await acme.query(tool))
  const effectOf = async (tool: Tool): Promise<unknown> => (await decide(tool))['effect']

  beforeAll(async () => {
    acme = await startAcme()
    registry = await startRegistry(htpasswd)
    reference = `${registry.host}/acme/policy:live`
    writeKeyPair(acme.folder, 'release-1', 'ES256')
    const image = `${registry.host}/acme`
    const privateKey = readFileSync(join(acme.folder, 'release-1.pem'), 'utf8')
    repository = sampleRepository({
      registry: { username: robot.username, password: robot.password },
      variables: {
        ...{ POLICY_IMAGE: `${image}/policy`, CI_REGISTRY_IMAGE: image },
        ...{ POLICY_REGISTRY_INTERNAL: 'yes', POLICY_KEY_ID: 'release-1' },
      },
      environments: {
        'policy-release': { branch: 'main', secrets: { POLICY_SIGNING_KEY: privateKey } },
      },
    })
  })
  afterAll(async () => {
    await service?.stop()
    await registry.stop()
  })

  it(
    'is released for the first time, by the pipeline of GitLab, and a service starts on it',
    async () => {
      const key = readFileSync(join(acme.folder, 'release-1.pub'), 'utf8')
      repository.commit('The policy of the support desk', { 'keys/release-1.pub': key })
      const runs = await repository.push('main', 'gitlab')
      expect(outcomes(runs)).toEqual({ verify: 'passed', release: 'passed' })
      expect(runs[0]?.printed['ci/policy.sh diff']).toContain('Nothing is live yet.')
      service = await startService()
      expect(await effectOf(readTicket)).toBe('deny')
      digests.push(await activeDigest())
    },
    patience,
  )

  it(
    'permits a new capability soon after it is pushed, by the pipeline of GitHub',
    async () => {
      repository.commit('Support agents may read tickets', permitting(readTicket))
      const start = performance.now()
      let pushed = 0
      const pushing = repository.push('main', 'github').then((runs) => {
        pushed = performance.now()
        return runs
      })
      let effect: unknown
      while (effect !== 'permit' && (pushed === 0 || performance.now() - pushed < 120_000)) {
        effect = await effectOf(readTicket)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      const decided = performance.now()
      const runs = await pushing
      expect(effect).toBe('permit')
      expect(outcomes(runs)).toEqual({ verify: 'passed', release: 'passed' })
      expect(runs[0]?.printed['ci/policy.sh diff']).toMatch(
        /registry\/servers\/helpdesk\/capabilities\/tool:read_ticket/u,
      )
      digests.push(await activeDigest())
      const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1)
      process.stdout.write(
        `git push -> first decision by the new policy: ${seconds(decided - start)} s, ` +
          `of which its checks, tests, diff, build, signature and push to the registry took ${seconds(pushed - start)} s\n`,
      )
    },
    patience,
  )

  it(
    'never ships a commit that breaks a test',
    async () => {
      const before = await live()
      repository.commit('Anybody deletes tickets', permitting(deleteTicket))
      const runs = await repository.push('main', 'github')
      expect(outcomes(runs)).toEqual({ verify: 'failed', release: 'skipped' })
      expect(runs[0]?.failed).toBe('ci/policy.sh test')
      expect(runs[0]?.printed['ci/policy.sh test']).toMatch(
        /FAIL golden\/team\.yaml:\d+ team: a tool that nobody registered/u,
      )
      expect(await live()).toBe(before)
      expect(await activeDigest()).toBe(digests[1])
      expect(await effectOf(deleteTicket)).toBe('deny')
    },
    patience,
  )

  it(
    'tampered with in the registry is refused with its reason, and what was good keeps deciding',
    async () => {
      const files = new Map(readTar(gunzipSync(await liveBundle())))
      const data = Buffer.from(files.get('data.json') ?? '').toString()
      files.set('data.json', Buffer.from(data.replaceAll('read_ticket', 'delete_ticket')))
      const bytes = gzipSync(writeTar(files))
      const pushed = await pushOci(reference, bytes, robot)
      expect(await live()).toBe(pushed.digest)
      await until(async () => (await state()).refused !== null)
      const { active, refused } = await state()
      tampered = refused?.digest ?? ''
      expect(refused).toMatchObject({ reasons: ['file_hash'] })
      expect(active?.digest).toBe(digests[1])
      expect(await effectOf(readTicket)).toBe('permit')
      expect(await effectOf(deleteTicket)).toBe('deny')
      const ready = (await (await fetch(`${url()}/readyz`)).json()) as object
      expect(ready).toMatchObject({ status: 'ready' })
      expect(JSON.stringify(ready)).toContain('refused')
    },
    patience,
  )

  it(
    'is rolled back by an operator, and the earlier policy decides',
    async () => {
      const back = await bundle('rollback', '--reason', 'tickets hold personal data')
      expect(back).toMatchObject({ status: 0, stderr: '' })
      const answer = await decide(readTicket)
      expect(answer).toMatchObject({
        effect: 'deny',
        binding: { policy: { digest: digests[0] } },
      })
      const { sets } = (await bundle('history')).json() as { sets: { digest: string }[] }
      expect(sets.map(({ digest }) => digest)).toEqual(digests)
    },
    patience,
  )

  it('leaves a log that tells the whole story', async () => {
    await service?.stop()
    const leaves = leavesIn(join(acme.folder, 'data/tenants/acme/log'))
    const story = leaves.filter((leaf): leaf is EventLeaf => leaf.kind.startsWith('bundle_'))
    const [first, second] = digests
    const source = { by: 'source', from: [reference] }
    const operator = { by: 'gateway-1', reason: 'tickets hold personal data', digest: first }
    expect(story.map(({ kind, event }) => ({ kind, ...event }))).toMatchObject([
      { kind: 'bundle_activation', cause: 'source', digest: first, ...source },
      { kind: 'bundle_activation', cause: 'source', digest: second, ...source },
      { kind: 'bundle_refusal', cause: 'source', digest: tampered, ...source },
      { kind: 'bundle_activation', cause: 'rollback', from: ['store'], ...operator },
      { kind: 'bundle_rollback', ...operator },
    ])
    expect(story[2]?.event).toMatchObject({ reasons: ['file_hash'] })
    expect(story[1]?.event).toMatchObject({ bundles: [{ signed_by: 'release-1', sequence: 2 }] })
    let active = story[0]?.event
    for (const leaf of leaves) {
      if (leaf.kind === 'bundle_activation') active = leaf.event
      if (leaf.kind === 'decision') {
        const { digest, revision } = active ?? {}
        expect((leaf satisfies DecisionLeaf).binding.policy).toEqual({ digest, revision })
      }
    }
    expect(leaves.filter(({ kind }) => kind === 'decision').length).toBeGreaterThan(5)
  })

  async function startService(): Promise<RealProgram> {
    const port = await freePort()
    writeFileSync(join(acme.folder, 'password'), robot.password)
    const config = acme.configure(port, {
      sources: [
        {
          ...{ oci: reference, internal: true, username: 'robot', password_file: 'password' },
          ...{ min_delay_seconds: 1, max_delay_seconds: 1 },
        },
      ],
      keys: [{ id: 'release-1', algorithm: 'ES256', public_key_file: 'release-1.pub' }],
    })
    const given = [join(root, 'service/main.ts'), 'serve', '--config', config]
    return startProgram(process.execPath, port, given)
  }

  async function liveBundle(): Promise<Uint8Array> {
    const access = { username: 'robot', password_file: join(acme.folder, 'password') }
    const source = ociLoop({ oci: reference, internal: true, ...access })
    const seen = await source.look(null, AbortSignal.timeout(10_000))
    const [first] = seen === 'unchanged' ? [] : seen.tarballs
    return first?.bytes ?? new Uint8Array()
  }
})

function outcomes(runs: readonly JobRun[]): Readonly<Record<string, string>> {
  return Object.fromEntries(runs.map(({ name, outcome }) => [name, outcome]))
}
