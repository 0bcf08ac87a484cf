/** What `who-can` and `what-can` say is the same thing, and it is what a running service decides. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type AccessAnswer,
  type AccessQuestion,
  askPolicy,
} from '../../../scripts/access/ask-policy.ts'
import { namedIn } from '../../../scripts/access/party.ts'
import { whatMay } from '../../../scripts/access/what-can.ts'
import { whoMay } from '../../../scripts/access/who-can.ts'
import { openPolicySet, type PolicySet } from '../../../scripts/policy/policy-set.ts'
import {
  mintAccessToken,
  mintJwtSvid,
  mintPurposeGrant,
} from '../../../service/adapter/development/mint.ts'
import type { Query } from '../../../service/contract/query.ts'
import {
  startDevelopmentService,
  type DevelopmentService,
} from '../../support/development-service.ts'
import { agent, ask, bundlesOf, iss, type Printed, registryWithPersons } from './ask.ts'

const registry = registryWithPersons()
const purposes = [...Object.keys(registry.purposes), null]

describe('who can, and what can', () => {
  let set: PolicySet
  beforeAll(async () => {
    set = await openPolicySet({
      ...{ values: { bundle: [bundlesOf()] }, positionals: [] },
      ...{ json: true, color: false, say: () => undefined },
    })
  })
  afterAll(async () => {
    await set.engine.close()
  })

  async function answers(
    questions: readonly Pick<AccessQuestion, 'party' | 'asked'>[],
  ): Promise<readonly AccessAnswer[]> {
    const all = questions.flatMap((one) =>
      ['report.weekly', null].map((purpose) => ({ ...one, purpose, grant: null })),
    )
    const { policy } = set.engine
    const now = Date.UTC(2026, 9, 31) / 1000
    return askPolicy(all, null, { now, environment: 'production', registry, policy }, set.engine)
  }

  /** The answers by what was asked. @param sub told apart from others by it, unless it is anyone */
  function byQuestion(given: readonly AccessAnswer[], sub: string | null = null) {
    return new Map(
      given.map(({ party, asked, purpose, grant: _grant, ...terms }) => [
        JSON.stringify([
          ...[party.iss, party.sub ?? sub, party.groups, party.through, party.alone],
          ...[asked.server, asked.key, purpose],
        ]),
        terms,
      ]),
    )
  }

  const capabilities = Object.entries(registry.servers).flatMap(([server, entry]) =>
    Object.entries(entry.capabilities).map(([key, capability]) => ({ server, key, capability })),
  )

  it('name somebody for a capability exactly when they name the capability for somebody', async () => {
    const who = await answers(capabilities.flatMap((asked) => whoMay(asked, registry, [])))
    const named = who.filter(({ party }) => party.sub !== null)
    const what = await answers(
      namedIn(registry, []).flatMap((somebody) => whatMay(somebody, registry, [])),
    )
    expect(byQuestion(what)).toEqual(byQuestion(named))
    for (const effect of ['permit', 'hold', 'deny']) {
      expect(named.some(({ answered }) => answered === effect)).toBe(true)
    }
    await anyoneIsWhoeverHasTheGroups(who.filter(({ party }) => party.sub === null))
  }, 180_000)

  async function anyoneIsWhoeverHasTheGroups(anyone: readonly AccessAnswer[]): Promise<void> {
    const sets = new Set(anyone.map(({ party }) => JSON.stringify(party.groups)))
    const strangers = [...sets].map((groups) => ({
      ...{ iss, sub: 'zoe', groups: JSON.parse(groups) as string[] },
    }))
    const what = byQuestion(
      await answers(strangers.flatMap((stranger) => whatMay(stranger, registry, []))),
    )
    const wanted = byQuestion(anyone, 'zoe')
    expect(wanted.size).toBeGreaterThan(100)
    for (const [question, terms] of wanted) expect(what.get(question)).toEqual(terms)
  }
})

describe('a running service', () => {
  const calls: Readonly<Record<string, Record<string, unknown>>> = {
    status: { service: 'api' },
    restart: { service: 'api' },
    deploy: { env: 'prod', replicas: 3 },
    read_report: { path: '/q3' },
    send_mail: { to: 'a@example.com', body: 'hello' },
  }
  let bundles = ''
  let service: DevelopmentService
  beforeAll(async () => {
    bundles = bundlesOf((changed) => {
      changed.parameters.pop_facets = ['modifies_downstream']
      changed.servers['ops']!.capabilities['tool:restart']!.effects = []
    })
    service = await startDevelopmentService({ bundles })
  })
  afterAll(async () => {
    await service.stop()
  })

  function definitionOf(name: string): Record<string, unknown> {
    const path = join(import.meta.dirname, '../../../rego/data/definitions', `${name}.json`)
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  }

  async function queryOf(person: Asker, purpose: string | null, name: string): Promise<Query> {
    const { keys } = service
    const resource = 'https://mcp.dev.countersign.test/ops'
    const token = await mintAccessToken(keys, { ...person, client: agent }, resource)
    return {
      phase: 'request',
      initiator: { access_token: token },
      server: {
        id: 'ops',
        proof: { jwt_svid: await mintJwtSvid(keys, 'spiffe://dev.countersign.test/mcp/ops') },
      },
      ...(purpose === null ? {} : { purpose: await purposeOf(person, purpose) }),
      protocol: { version: '2026-07-28', method: 'tools/call' },
      capability: { kind: 'tool', name, arguments: calls[name]!, definition: definitionOf(name) },
    }
  }

  async function purposeOf({ sub }: Asker, code: string): Promise<NonNullable<Query['purpose']>> {
    const { classifications, residency, directions } = registry.purposes[code]!
    const data = { classifications, residency, directions, resources: [] }
    const terms = { purpose: { code }, capabilities: ['ops/*'], data }
    return { code, grant: await mintPurposeGrant(service.keys, sub, terms) }
  }

  type Asker = { readonly sub: string; readonly groups: readonly string[] }

  async function isWhatTheServiceDecides(person: Asker, answer: Printed): Promise<void> {
    const { capability, purpose, answered, codes, hold } = answer
    const live = await service.ask(await queryOf(person, purpose, capability.slice(5)))
    const liveCodes = [...new Set(live.reasons.map(({ code }) => code))].sort()
    // The proofs of this test are bearer tokens: where the answer rests on more, the service says so.
    const needsMore = answer.rests_on?.server === 'pop' || answered === 'deny'
    const more = needsMore ? liveCodes.filter((code) => code !== popRequired) : liveCodes
    expect([capability, purpose, more]).toEqual([capability, purpose, codes])
    if (answer.rests_on?.server === 'pop') {
      expect(liveCodes).toContain(popRequired)
      expect(live.effect).toBe('deny')
    } else expect([capability, live.effect]).toEqual([capability, answered])
    if (live.hold !== undefined) expect(live.hold).toMatchObject(hold ?? {})
  }
  const popRequired = 'identity.server_pop_required'

  function toolsThroughAgent(answers: readonly Printed[], sub: string): readonly Printed[] {
    return answers.filter(
      ({ initiator, capability }) =>
        initiator.sub === sub &&
        initiator.through === agent &&
        Object.hasOwn(calls, capability.slice(5)),
    )
  }

  it.each([[['staff', 'sre']], [['staff']], [['sre']]])(
    'decides for somebody with the groups %j what `what-can` says',
    async (groups) => {
      const { answers } = await ask(
        bundles,
        ...['what-can', 'zoe', ...groups.flatMap((group) => ['--group', group])],
        ...['--server', 'ops'],
      )
      const tools = toolsThroughAgent(answers, 'zoe')
      expect(tools).toHaveLength(5 * purposes.length)
      for (const answer of tools) await isWhatTheServiceDecides({ sub: 'zoe', groups }, answer)
    },
  )

  it.each(Object.keys(calls))('decides for everybody what `who-can` says of %s', async (name) => {
    const { answers } = await ask(bundles, 'who-can', `ops/tool:${name}`)
    for (const sub of ['alice', 'bob', 'dan']) {
      const some = toolsThroughAgent(answers, sub)
      expect(some).toHaveLength(purposes.length)
      for (const answer of some) await isWhatTheServiceDecides({ sub, groups: [] }, answer)
    }
  })
})
