/** A policy repository: what its file may say, and what a team's rules may not do to the pack. */
import { describe, expect, test } from '@jest/globals'
import { join } from 'node:path'
import { startPolicyEngine } from '../../../service/adapter/policy-engine/start-policy-engine.ts'
import { compileProject } from '../../../scripts/policy/compile.ts'
import { readGolden } from '../../../scripts/policy/golden.ts'
import { readProject } from '../../../scripts/policy/project.ts'
import { readRegistryData } from '../../../scripts/policy/registry-data.ts'
import { policyLimits } from '../../../service/config.ts'
import type { PolicyResult } from '../../../service/contract/policy-result.ts'
import { baseQuestions } from '../../golden/cases.ts'
import { testWithOpa } from '../../support/opa.ts'
import { policyRepository } from '../../support/policy-repository.ts'

function read(files: Readonly<Record<string, string>>): ReturnType<typeof readProject> {
  return readProject({ values: { project: policyRepository(files) } })
}

function projectWith(file: unknown): Readonly<Record<string, string>> {
  return { 'countersign-policy.json': JSON.stringify(file, null, 2) }
}

describe('a project file', () => {
  test('is found from a folder below it', () => {
    const folder = policyRepository({ 'rules/team/x/keep': '' })
    const before = process.cwd()
    process.chdir(join(folder, 'rules/team/x'))
    try {
      expect(readProject({ values: {} }).name).toBe('acme')
    } finally {
      process.chdir(before)
    }
  })

  test.each([
    [
      'no JSON',
      { 'countersign-policy.json': '{"name": ' },
      /countersign-policy\.json:1:\d+: error/,
    ],
    [
      'a member twice',
      { 'countersign-policy.json': '{"name": "a", "name": "b"}' },
      /:1:\d+: error: .*(unique|twice)/,
    ],
    ['another pack', projectWith({ name: 'a', pack: 'other' }), /:3:3: error: \/pack: .*"default"/],
    [
      'an unknown member',
      projectWith({ name: 'a', pack: 'default', rule: 'x' }),
      /:4:3: error: \/rule: no member/,
    ],
    [
      'a folder that is absent',
      projectWith({ name: 'a', pack: 'default', data: 'x' }),
      /:4:3: error: x is not a folder/,
    ],
    [
      'neither pack nor rules',
      projectWith({ name: 'a', pack: null }),
      /without a pack there must be rules/,
    ],
    [
      'golden checks without golden',
      projectWith({ name: 'a', pack: 'default', self_check: 'golden' }),
      /there is no golden/,
    ],
    [
      'a self-check that is absent',
      projectWith({ name: 'a', pack: 'default', self_check: 'x.json' }),
      /x\.json is no file/,
    ],
  ])('with %s is refused at its place', (_what, files, message) => {
    expect(() => read(files)).toThrow(message)
  })

  test('says all its faults at once', () => {
    const files = projectWith({ name: '', pack: 'default', rule: 'x', coverage: 101 })
    expect(() => read(files)).toThrow(/\/name:[^]*\/coverage:|\/rule:[^]*\/coverage:/)
  })
})

const tightens = `# METADATA
# title: Never on Fridays
# description: x
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: team.never
#   severity: high
#   effect: deny
#   waivable: false
package countersign.rule.team.never

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if input.question.name == "status"
`

async function judging(
  rego: string,
  questions: readonly unknown[],
): Promise<readonly PolicyResult[]> {
  const project = read({ 'rules/rule/team/never/never.rego': rego })
  const { files, metadata } = await compileProject(project)
  const data = readRegistryData(project)
  const activation = {
    ...{ wasm: files.get('policy.wasm')!, entrypoint: 'countersign/decision', rawAuthzen: false },
    ...{ authors: [], rules: metadata.rules, data: new Map() },
    ...{ policy: { revision: 'x', digest: `sha256:${'0'.repeat(64)}` }, registry: data.registry! },
  }
  const engine = await startPolicyEngine(activation, policyLimits(undefined))
  try {
    return await Promise.all(
      questions.map(async (question) => {
        const evaluation = await engine.evaluate(JSON.stringify(question))
        if (!evaluation.ok) throw new Error(evaluation.fault)
        return JSON.parse(evaluation.result) as PolicyResult
      }),
    )
  } finally {
    await engine.close()
  }
}

describe("a team's rule", () => {
  testWithOpa('joins the pack and denies what the pack permits', async () => {
    const [tool, resource] = await judging(tightens, [
      baseQuestions.get('tool'),
      baseQuestions.get('resource'),
    ])
    expect(tool).toMatchObject({
      effect: 'deny',
      findings: [{ code: 'team.never', rule: 'team.never', severity: 'high' }],
    })
    expect(resource).toMatchObject({ effect: 'permit', findings: [] })
  })

  testWithOpa.each([
    ['a package of the pack', 'package countersign.rule.capability.unknown\n\n_known := true\n'],
    ['a helper of the pack', 'package countersign.lib.grant\n\ncovers := true\n'],
    ['the entrypoint', 'package countersign\n\n_standing := []\n'],
    [
      'a ground',
      'package countersign.ground.team.free\n\ngrounds contains {"code": "x", "rule": "x"}\n',
    ],
    ['an area of the pack', 'package countersign.rule.identity.mine\n\nfindings := set()\n'],
    ['a package below its own', 'package countersign.rule.team.never.deeper\n\nx := 1\n'],
    [
      'a package that is spelt otherwise',
      'package countersign["lib"]["grant"]\n\ncovers := true\n',
    ],
    ['data of the registry', 'package registry\n\nservers := {}\n'],
  ])('is refused when it writes %s', async (_what, rego) => {
    await expect(judging(rego, [])).rejects.toThrow(
      /never\.rego:1:1: error: package .* is not a team's/,
    )
  })
})

describe('golden cases', () => {
  test('of a team start from the questions of the pack, and of its own', () => {
    const project = read({
      'golden/team.yaml': `golden:
  base:
    report: { question: { name: read_report, key: 'tool:read_report' } }
  cases:
    team:
      - { name: a, on: report, want: { effect: permit } }
      - { name: b, want: { effect: permit } }
`,
    })
    const { cases, faults } = readGolden(project, readRegistryData(project).registry)
    expect(faults).toEqual([])
    expect(cases.map(({ input }) => (input['question'] as { name: string }).name)).toEqual([
      'read_report',
      'status',
    ])
  })

  test.each([
    [
      'an unknown base',
      '- { name: a, on: nothing, want: { effect: permit } }',
      /no base question nothing/,
    ],
    ['a misspelt member', '- { name: a, wants: { effect: permit } }', /no member has this name/],
    [
      'an unknown effect',
      '- { name: a, want: { effect: allow } }',
      /must be one of "permit", "deny", "hold"/,
    ],
    [
      'a name that stands twice',
      '- { name: a, want: { effect: deny } }\n      - { name: a, want: { effect: permit } }',
      /stands above/,
    ],
  ])('with %s are refused at their place', (_what, cases, message) => {
    const project = read({ 'golden/team.yaml': `golden:\n  cases:\n    team:\n      ${cases}\n` })
    const { faults } = readGolden(project, null)
    expect(faults.map((fault) => fault.message).join('\n')).toMatch(message)
    expect(faults[0]?.line).toBeGreaterThanOrEqual(4)
  })
})

describe('data in parts', () => {
  const whole = readRegistryData(read({}))
  const part = (value: unknown): string => JSON.stringify(value)

  test('is merged, and each member is known by its place', () => {
    const { servers, ...rest } = whole.registry!
    const project = read({
      'data/registry.json': '',
      'data/registry/rest.json': part(rest),
      'data/registry/servers/ops.yaml': `servers:\n  ops: ${part(servers['ops'])}\n`,
      'data/registry/servers/others.json': part({ servers: { ...servers, ops: undefined } }),
    })
    const data = readRegistryData(project)
    expect(data.faults).toEqual([])
    expect(data.registry).toEqual(whole.registry)
    const { file, line } = data.placeOf('/servers/ops/owner')
    expect([file, line]).toEqual([join(project.data!, 'registry/servers/ops.yaml'), 2])
  })

  test('that is said twice is refused, because one part could widen another unseen', () => {
    const { capabilities } = whole.registry!.servers['ops']!
    const project = read({
      'data/registry/more.json': part({
        servers: { ops: { capabilities: { 'tool:status': { groups: [] } } } },
        exceptions: [],
      }),
    })
    expect(capabilities['tool:status']!.groups).not.toEqual([])
    expect(readRegistryData(project)).toMatchObject({
      registry: null,
      faults: [
        { code: 'data.twice', message: expect.stringMatching(/tool:status\/groups is also in/) },
      ],
    })
  })
})
