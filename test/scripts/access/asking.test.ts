/** `countersign access who-can` and `what-can`: the policy itself says who may do what, and at what price. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accessCommands } from '../../../scripts/access/commands.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { runHere } from '../../support/in-process.ts'
import { testWithOpa } from '../../support/opa.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { agent, ask, bundlesOf, iss, through } from './ask.ts'

const day = 86_400
const now = Date.UTC(2026, 9, 31) / 1000
const folder = mkdtempSync(join(tmpdir(), 'countersign-access-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('who can', () => {
  let bundles = ''
  beforeAll(() => {
    bundles = bundlesOf()
  })

  it('is judged for every member, agent and anyone with the groups, and each purpose and none', async () => {
    const { answers, exit, text } = await ask(bundles, 'who-can', 'ops/tool:restart')
    expect(exit).toBe(0)
    expect(through(answers, 'alice')).toMatchObject({ answered: 'permit', codes: [] })
    expect(through(answers, 'dan')).toMatchObject({
      answered: 'deny',
      codes: ['capability.group_missing'],
    })
    const permitted = answers.filter(({ answered }) => answered === 'permit')
    expect(new Set(permitted.map(({ purpose }) => purpose))).toEqual(
      new Set(['incident.restore', 'report.weekly', 'support.answer']),
    )
    expect(permitted.filter(({ initiator }) => initiator.sub === null)).toMatchObject(
      [
        { groups: ['sre'], alone: true },
        { groups: ['sre', 'staff'], through: agent },
      ].flatMap((initiator) => Array.from({ length: 3 }, () => ({ initiator }))),
    )
    expect(text).toContain(
      `permit  alice of ${iss}, through ${agent}, for incident.restore, report.weekly, support.answer`,
    )
    expect(text).toContain('deny    2 more: identity.agent_not_allowed\n')
    expect(text).not.toContain(`deny    dan`)
  })

  it('names what is denied when it is asked to', async () => {
    const { text } = await ask(bundles, 'who-can', 'ops/tool:restart', '--all')
    expect(text).toContain(`deny    dan of ${iss}, through ${agent}: capability.group_missing`)
  })

  it('says for whom it is held, and by what exit code that somebody may', async () => {
    const { answers, exit } = await ask(bundles, 'who-can', 'ops/tool:deploy')
    expect(exit).toBe(0)
    expect(through(answers, 'alice')).toMatchObject({
      answered: 'hold',
      codes: ['capability.approval_required'],
      hold: { kind: 'approval', group: 'release-managers', quorum: 1 },
    })
    expect(through(answers, 'dan').answered).toBe('deny')
  })

  it.each([
    // Either group lets her through, and the agent asks for staff: staff alone is enough for her.
    ['ops/tool:status', 'alice', [['staff']]],
    ['ops/tool:restart', 'alice', [['sre', 'staff']]],
    ['ops/tool:deploy', 'alice', [['sre', 'staff']]],
    ['ops/list', 'dan', [['staff']]],
  ])('names the groups that %s rests on for %s', async (capability, sub, groups) => {
    const { answers } = await ask(bundles, 'who-can', capability)
    expect(through(answers, sub).rests_on?.groups).toEqual(groups)
  })

  it('says both ways, where somebody may by either of two groups', async () => {
    const { answers, text } = await ask(bundles, 'who-can', 'ops/tool:status')
    const alone = answers.find(
      ({ initiator, purpose }) =>
        initiator.sub === 'alice' && initiator.alone && purpose === 'report.weekly',
    )
    expect(alone?.rests_on).toMatchObject({
      ...{ initiator: 'bearer', server: 'bearer', grant: true, groups: [['sre'], ['staff']] },
      grounds: ['capability.granted'],
    })
    expect(text).toContain(
      'rests on: initiator bearer, server bearer, a purpose grant, group sre, or staff',
    )
  })

  it('asks for possession where the registry does, and for no less than the policy', async () => {
    const strict = bundlesOf((registry) => {
      registry.parameters.pop_facets = ['modifies_downstream']
    })
    const restart = await ask(strict, 'who-can', 'ops/tool:restart')
    expect(through(restart.answers, 'alice').rests_on).toMatchObject({ server: 'pop' })
    const status = await ask(strict, 'who-can', 'ops/tool:status')
    expect(through(status.answers, 'alice').rests_on).toMatchObject({ server: 'bearer' })
  })

  it('answers for a resource under a registered prefix, and for the prefix', async () => {
    for (const key of ['resource:file:///reports/*', 'resource:file:///reports/q3.md']) {
      const { answers } = await ask(bundles, 'who-can', `ops/${key}`, '--purpose', 'report.weekly')
      expect(through(answers, 'dan', 'report.weekly')).toMatchObject({
        capability: key,
        answered: 'permit',
      })
    }
  })

  it('takes arguments for such as are inside their bounds, and says so; or those that are given', async () => {
    const assumed = await ask(bundles, 'who-can', 'ops/tool:status')
    expect(assumed.assumed).toContain('arguments are inside their bounds')
    expect(through(assumed.answers, 'dan').answered).toBe('permit')
    const file = join(folder, 'arguments.json')
    for (const [service, answered] of [
      ['api', 'permit'],
      ['NOT A SERVICE', 'deny'],
    ] as const) {
      writeFileSync(file, JSON.stringify({ service }))
      const given = await ask(bundles, 'who-can', 'ops/tool:status', '--arguments', file)
      expect(given.assumed).not.toContain('arguments are inside their bounds')
      expect(through(given.answers, 'dan')).toMatchObject({
        answered,
        codes: answered === 'deny' ? ['capability.argument_outside'] : [],
      })
    }
  })
})

describe('by the grants that are given', () => {
  const grant = join(folder, 'grant.json')
  function write(change: object = {}): void {
    const claims = {
      ...{ iss: 'https://purpose.example', aud: 'https://pdp.example', jti: 'g-1' },
      ...{ iat: now - 60, exp: now + 3600, initiator: { iss, sub: 'alice' } },
      ...{ purpose: { code: 'incident.restore' }, capabilities: ['ops/tool:restart'] },
      data: { classifications: ['internal'], resources: [], residency: ['EU'] },
    }
    const data = { ...claims.data, directions: ['internal'] }
    writeFileSync(grant, JSON.stringify({ ...claims, data, ...change }))
  }

  it.each([
    ['covers it', {}, 'ops/tool:restart', 'alice', 'permit', []],
    ['is of another person', {}, 'ops/tool:status', 'dan', 'deny', ['purpose.initiator_mismatch']],
    [
      'covers something else',
      ...([{}, 'ops/tool:status', 'alice', 'deny', ['purpose.capability_outside']] as const),
    ],
    [
      'has expired',
      { iat: now - 7200, exp: now - 3600 },
      ...(['ops/tool:restart', 'alice', 'deny', ['grant.expired']] as const),
    ],
  ])('a grant that %s', async (_name, change, capability, sub, answered, codes) => {
    write(change)
    const bundles = bundlesOf()
    const { answers, assumed, text } = await ask(bundles, 'who-can', capability, '--grant', grant)
    const found = through(answers, sub)
    expect(found).toMatchObject({ answered, grant: { id: 'g-1' } })
    expect(found.codes).toEqual(expect.arrayContaining([...codes]))
    expect(assumed.join()).not.toContain('granted as wide')
    if (answered === 'permit') expect(text).toContain('for incident.restore by the grant g-1')
  })

  it('asks for its holder, whom the registry need not know', async () => {
    write({ initiator: { iss, sub: 'zoe' } })
    const { answers } = await ask(bundlesOf(), 'who-can', 'ops/tool:restart', '--grant', grant)
    expect(through(answers, 'zoe').codes).toEqual([
      ...['capability.group_missing', 'identity.agent_not_allowed'],
    ])
  })

  it('is a token as well as its claims, and nothing else', async () => {
    write()
    const part = (text: string) => Buffer.from(text).toString('base64url')
    const claims = readFileSync(grant, 'utf8')
    writeFileSync(grant, `${part('{"typ":"purpose-grant+jwt"}')}.${part(claims)}.${part('s')}\n`)
    const { answers } = await ask(bundlesOf(), 'who-can', 'ops/tool:restart', '--grant', grant)
    expect(through(answers, 'alice').answered).toBe('permit')
    for (const [text, message] of [
      ['{"jti":1}', /is no purpose grant \(bad_claim\)/u],
      ['{', /is no purpose grant \(malformed\)/u],
      ['x', /is no token \(malformed\)/u],
    ] as const) {
      writeFileSync(grant, text)
      const asked = ask(bundlesOf(), 'who-can', 'ops/tool:restart', '--grant', grant)
      await expect(asked).rejects.toThrow(message)
    }
  })
})

describe('what the registry says besides', () => {
  it('a waiver is named, and what is only observed is told from what is permitted', async () => {
    const entry = { owner: 'o', reason: 'r', not_before: now - day, expires_at: now + day }
    const bundles = bundlesOf((registry) => {
      registry.servers['everything']!.capabilities['tool:status'] = {
        ...registry.servers['ops']!.capabilities['tool:status']!,
      }
      const waiver = { server: 'ops', capability: 'tool:status', review_by: now + day }
      registry.exceptions = [{ ...entry, ...waiver, id: 'x-1', code: 'supply.shadowing' }]
      registry.observe = [{ ...entry, id: 'o-1', scope: 'server', server: 'everything' }]
    })
    const waived = await ask(bundles, 'who-can', 'ops/tool:status')
    expect(through(waived.answers, 'dan')).toMatchObject({
      ...{ effect: 'permit', answered: 'permit', codes: [], waived_by: ['x-1'] },
    })
    expect(waived.text).toContain('by the exception x-1')
    const observed = await ask(bundles, 'who-can', 'everything/tool:status')
    expect(through(observed.answers, 'dan')).toMatchObject({
      ...{ effect: 'deny', answered: 'permit' },
      ...{ codes: ['supply.shadowing'], observed_by: ['o-1'] },
    })
    expect(observed.text).toContain('judged deny (supply.shadowing), observed by o-1')
  })

  it.each([
    [
      'what is overdue is denied to everybody',
      (registry: Registry) => (registry.servers['ops']!.review_by = now - 30 * day),
      'ops/tool:status',
      { answered: 'deny', codes: ['supply.review_overdue'] },
      1,
    ],
    [
      'what was never reviewed is held',
      (registry: Registry) =>
        delete registry.servers['ops']!.capabilities['tool:status']!.definition_digest,
      'ops/tool:status',
      { answered: 'hold', codes: ['supply.definition_unreviewed'], hold: { kind: 'review' } },
      0,
    ],
    [
      'a server that a gateway starts has only its word, at best',
      (registry: Registry) => {
        const digests = [`sha256:${'a'.repeat(64)}`]
        registry.parameters.pop_facets = ['modifies_downstream']
        registry.servers['ops']!.workload = { launch: { digests } }
      },
      'ops/tool:restart',
      { answered: 'deny', codes: ['identity.server_unproven'] },
      1,
    ],
  ])('%s', async (_name, change, capability, wanted, exit) => {
    const found = await ask(
      bundlesOf((registry) => {
        change(registry)
      }),
      'who-can',
      capability,
    )
    expect(through(found.answers, 'alice')).toMatchObject(wanted)
    expect(found.exit).toBe(exit)
  })

  testWithOpa('rules of a team join in, and see the environment', async () => {
    const rule = `# METADATA
# title: Frozen
# description: Nothing restarts in production.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: team.frozen
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: r
#   remediation: r
package countersign.rule.team.frozen

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if input.tenant.environment == "production"
`
    const project = policyRepository({ 'rules/rule/team/frozen/frozen.rego': rule })
    const run = (...given: readonly string[]) =>
      runHere(accessCommands, ['who-can', 'ops/tool:status', '--project', project, ...given])
    expect(await run()).toMatchObject({
      exit: 1,
      text: expect.stringContaining('team.frozen'),
    })
    expect((await run('--environment', 'staging')).exit).toBe(0)
  })
})

describe('what can', () => {
  it('an agent acts for itself, and a member of groups by each way', async () => {
    const bundles = bundlesOf()
    const ofAgent = await ask(bundles, 'what-can', agent, '--server', 'ops')
    expect(new Set(ofAgent.answers.map(({ initiator }) => initiator.alone))).toEqual(
      new Set([true]),
    )
    const ofDan = await ask(bundles, 'what-can', 'dan', '--server', 'ops')
    expect(ofDan.text).toContain(`dan of ${iss}, through ${agent}\n  permit  ops/`)
    expect(ofDan.text).toContain(`dan of ${iss}, through an unregistered client\n  nothing is`)
  })

  it('of one subject at two issuers is asked for the issuer that is meant', async () => {
    const bundles = bundlesOf((registry) => {
      registry.groups['staff']!.push({ iss: 'https://other.example', sub: 'dan' })
    })
    await expect(ask(bundles, 'what-can', 'dan')).rejects.toThrow(
      /^dan may be of https:\/\/idp\..* or of https:\/\/other\.example: name its issuer/u,
    )
    const found = await ask(bundles, 'what-can', 'dan', '--issuer', 'https://other.example')
    expect(found.answers.every(({ initiator }) => initiator.through === null)).toBe(true)
  })
})

describe('one line says what is wrong', () => {
  let bundles = ''
  beforeAll(() => {
    bundles = bundlesOf()
    writeFileSync(join(folder, 'list.json'), '[]')
  })

  it.each([
    ['no capability', ['who-can'], /^Name a capability/u],
    ['no server', ['who-can', 'restart'], /<server>\/<key>: ops\/tool:restart\.$/u],
    ['a misspelt capability', ['who-can', 'ops/tool:status2'], /^ops\/tool:status2 is no reg/u],
    ['a name of every object', ['who-can', 'ops/constructor'], /is no registered capability/u],
    ['a stranger', ['what-can', 'mallory'], /^mallory is in no group .* is no agent: add --group/u],
    ['an unknown server', ['what-can', 'dan', '--server', 'x'], /^--server x: .* has .*ops/u],
    ['an unknown purpose', ['who-can', 'ops/list', '--purpose', 'x'], /^--purpose x: .*incident/u],
    [
      'arguments that are no object',
      ['who-can', 'ops/tool:status', '--arguments', join(folder, 'list.json')],
      /list\.json: write the arguments as one JSON object/u,
    ],
  ])('%s', async (_name, given, message) => {
    await expect(ask(bundles, ...given)).rejects.toMatchObject({ code: 'usage' })
    await expect(ask(bundles, ...given)).rejects.toThrow(message)
  })

  it('more questions than are asked at once', async () => {
    const many = bundlesOf((registry) => {
      registry.groups['sre'] = Array.from({ length: 5000 }, (_, i) => ({
        iss,
        sub: `p${String(i)}`,
      }))
    })
    await expect(ask(many, 'who-can', 'ops/tool:status')).rejects.toThrow(
      /at most 50000 are asked at once: narrow them with --purpose/u,
    )
  })
})
