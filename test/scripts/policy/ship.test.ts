/** A team's repository built, explained, compared and measured by the real commands. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from '@jest/globals'
import type { ChangedDecision } from '../../../scripts/policy/compare-decisions.ts'
import type { Explanation } from '../../../service/contract/explanation.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { baseQuestions } from '../../golden/cases.ts'
import { startDevelopmentService } from '../../support/development-service.ts'
import { policyHere, type RanHere } from '../../support/in-process.ts'
import { runOpa } from '../../support/opa.ts'
import { describeWithParts } from '../../support/parts.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { registryCopy, registryWithout } from '../../support/released-bundles.ts'
import { writeKeyPair } from '../../support/signing-keys.ts'
import { exampleQueries } from '../../../service/adapter/development/example-queries.ts'

const rule = (effect: string, condition: string): string => `# METADATA
# title: Frozen
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: team.frozen
#   severity: high
#   effect: ${effect}
#   waivable: false
#   rationale: A frozen service is left alone.
#   remediation: Wait until the freeze is over.
package countersign.rule.team.frozen

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"server": object.get(input, ["question", "server_id"], null)}) if {
	${condition}
}
`
const golden = `golden:
  cases:
    team:
      - name: plain
        want: { effect: permit }
      - name: frozen
        set: { question: { round: 7 } }
        want: { effect: deny, codes: [team.frozen] }
`
const base = {
  'countersign-policy.json': JSON.stringify({
    ...{ name: 'acme', pack: 'default', rules: 'rules', data: 'data', golden: 'golden' },
    self_check: 'golden',
  }),
  'rules/rule/team/frozen/frozen.rego': rule('deny', 'input.question.round == 7'),
  'golden/team.yaml': golden,
}

let folder = ''
const run = (...given: string[]): Promise<RanHere> => policyHere(given, folder)
const git = (...given: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...given], { cwd: folder })
const bundle = (name: string): Buffer => readFileSync(join(folder, 'dist', name))

describeWithParts('the life of a team policy', () => {
  beforeAll(async () => {
    folder = policyRepository(base)
    writeKeyPair(folder, 'k1', 'ES256')
    writeFileSync(join(folder, '.gitignore'), 'dist*\nbroken\n*.pem\n*.pub\n')
    git('init', '-q')
    git('add', '-A')
    git('commit', '-qm', 'first')
    const frozen = 'broken/rules/rule/team/frozen'
    mkdirSync(join(folder, frozen), { recursive: true })
    writeFileSync(join(folder, frozen, 'frozen.rego'), rule('deny', 'sprintf_("%d", [1])'))
    writeFileSync(
      join(folder, 'broken/countersign-policy.json'),
      '{"name": "b", "pack": "default", "rules": "rules"}',
    )
    expect(await run('build')).toMatchObject({ status: 0, stderr: '' })
  })

  it('build gives the same bytes again, numbered by commits and named by the commit', async () => {
    const first = bundle('policy.tar.gz')
    const again = await run('build', '--json')
    const commit = git('rev-parse', 'HEAD').toString().trim()
    expect(again.json()).toMatchObject({
      bundles: [
        { revision: commit, sequence: 1, roots: ['countersign'], self_check: 2 },
        { revision: commit, sequence: 1, roots: ['registry'] },
      ],
    })
    expect(bundle('policy.tar.gz').equals(first)).toBe(true)
    expect(readdirSync(join(folder, 'dist'))).toEqual(['policy.tar.gz', 'registry.tar.gz'])
  })

  it('what is built is signed, verified, and verified by plain OPA', async () => {
    for (const name of ['policy', 'registry']) {
      const key = ['--key', 'k1.pem', '--key-id', 'k1', '-o', `dist-signed/${name}.tar.gz`]
      mkdirSync(join(folder, 'dist-signed'), { recursive: true })
      expect(await run('sign', `dist/${name}.tar.gz`, ...key)).toMatchObject({ status: 0 })
    }
    const verified = await run('verify', 'dist-signed', '--key', 'k1=k1.pub', '--json')
    expect(verified.json()).toMatchObject({ ok: true, bundles: [{ self_check: 2 }, {}] })
    const key = [
      '--verification-key',
      'k1.pub',
      '--verification-key-id',
      'k1',
      '--signing-alg',
      'ES256',
    ]
    const both = ['-b', 'dist-signed/policy.tar.gz', 'dist-signed/registry.tar.gz']
    const asked = (...more: readonly string[]) =>
      runOpa(['run', ...both, ...more], folder, 'data.registry.tenant\ndata.countersign\n').printed
    expect(asked(...key)).toContain('"purpose.missing"')
    writeKeyPair(folder, 'other', 'ES256')
    expect(asked(...key.with(1, 'other.pub'))).toContain('failed to verify')
  })

  it('one bundle may hold both', async () => {
    const built = await run(
      'build',
      '--together',
      '--sequence',
      '9',
      '--revision',
      'r9',
      '--out',
      'dist-one',
      '--json',
    )
    expect(built.json()).toMatchObject({
      bundles: [
        {
          file: 'dist-one/acme.tar.gz',
          revision: 'r9',
          sequence: 9,
          roots: ['countersign', 'registry'],
        },
      ],
    })
  })

  it.each([
    [
      'a sequence below the live one',
      ['--sequence', '3', '--previous', 'dist-one'],
      2,
      /its sequence 3 is below 9/u,
    ],
    ['a sequence that is no number', ['--sequence', '1.5'], 2, /write a whole number/u],
    ['no repository', ['--project', 'dist'], 2, /countersign-policy\.json/u],
  ])('build refuses %s and writes nothing', async (_name, given, status, said) => {
    const built = await run('build', '--out', 'dist-none', ...given)
    expect({ status: built.status, stdout: built.stdout }).toEqual({ status, stdout: '' })
    expect(built.stderr).toMatch(said)
    expect(readdirSync(folder)).not.toContain('dist-none')
  })

  it('explain names the rule, its line, its facts, its remedy, and what the effect would be without it', async () => {
    const explained = await run('explain', 'team: frozen', '--json')
    expect(explained.status).toBe(1)
    expect(explained.json()).toMatchObject({
      effect: 'deny',
      findings: [
        {
          code: 'team.frozen',
          rule: 'team.frozen',
          file: 'rules/rule/team/frozen/frozen.rego',
          lines: [18],
          remediation: 'Wait until the freeze is over.',
          reads: ['question/round', 'question/server_id'],
          without: 'permit',
        },
      ],
      facts: { 'question/round': 7, 'question/server_id': 'ops' },
    })
    const { stdout } = await run('explain', 'team: frozen')
    expect(stdout).toContain('team.frozen  rules/rule/team/frozen/frozen.rego:18  deny, high')
    expect(stdout).toContain('team.frozen: Wait until the freeze is over.')
    expect(await run('explain', 'team: plain')).toMatchObject({ status: 0 })
  })

  it('explain takes a policy input, and bundles in the place of the repository', async () => {
    const input = { question: { server_id: 'nobody', kind: 'tool' }, registry: {} }
    writeFileSync(join(folder, 'input.json'), JSON.stringify(input))
    const explained = await run('explain', 'input.json', '--bundle', 'dist/policy.tar.gz', '--json')
    const {
      effect,
      missing_grounds: missing,
      findings,
    } = explained.json() as unknown as Explanation
    expect(effect).toBe('deny')
    expect(missing).toMatchObject([
      { code: 'capability.granted', remediation: expect.stringMatching(/send a purpose grant/u) },
      { code: 'issue.allowed' },
    ])
    expect(findings.map(({ code }) => code)).toContain('identity.server_unproven')
  })

  it('explain asks a running service of a query and of a decision', async () => {
    const service = await startDevelopmentService()
    try {
      const asked = ['--url', service.url, '--data', service.data, '--json']
      const query = (await exampleQueries(service.keys)).find((one) => one.effect === 'deny')?.query
      writeFileSync(join(folder, 'query.json'), JSON.stringify(query))
      const explained = await run('explain', 'query.json', ...asked)
      expect(explained).toMatchObject({ status: 1, stderr: '' })
      if (query === undefined) throw new Error('no example')
      const decision = await service.ask(query)
      const codes = decision.reasons.map(({ code }) => code)
      const recorded = await run('explain', decision.decision_id, ...asked)
      for (const { json } of [explained, recorded])
        expect((json() as unknown as Explanation).findings.map(({ code }) => code)).toEqual(codes)
      const stranger = await run('explain', 'dec_0193b3f0-7c1e-7000-8000-00000000ffff', ...asked)
      expect(stranger).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/There is no decision/u),
      })
    } finally {
      await service.stop()
    }
  })

  it('diff of a policy with itself changes no decision', async () => {
    const same = await run('diff', 'dist', '.', '--json')
    expect(same).toMatchObject({ status: 0 })
    expect(same.json()).toEqual({ rules: [], helpers: [], data: [], asked: 2, decisions: [] })
  })

  it('diff says which rule, which data and which decisions change, through which finding', async () => {
    const changed = policyRepository({
      ...base,
      'rules/rule/team/frozen/frozen.rego': rule('deny', 'input.question.round == 0'),
      'data/registry.json': JSON.stringify(narrowed()),
    })
    const questions = [recorded(), { question: { round: 9 } }]
    const lines = questions.map((one) => JSON.stringify(one))
    writeFileSync(join(folder, 'asked.jsonl'), `${lines.join('\n')}\n`)
    const answer = await run('diff', 'dist', changed, '--queries', 'asked.jsonl', '--json')
    expect(answer.status).toBe(1)
    const { rules, data, decisions, asked } = answer.json()
    expect(rules).toEqual([
      {
        code: 'team.frozen',
        file: 'rules/rule/team/frozen/frozen.rego',
        change: 'changed',
        what: ['text'],
      },
    ])
    expect(data).toMatchObject([
      { path: 'registry/parameters/valid_seconds', after: 7 },
      { path: 'registry/servers/ops/capabilities/tool:status', before: { kind: 'tool' } },
    ])
    expect((data as object[])[1]).not.toHaveProperty('after')
    expect(asked).toBe(4)
    const of = (name: string) =>
      (decisions as ChangedDecision[]).find(({ question }) => question === name)
    const unknown = { code: 'capability.unknown', effect: 'deny' }
    const frozen = { code: 'team.frozen', lines: [18] }
    const lost = { grounds_lost: ['capability.granted'], faults: [] }
    expect(of('team: plain')).toMatchObject({
      ...{ before: 'permit', after: 'deny', appeared: [frozen, unknown], vanished: [], ...lost },
    })
    expect(of('team: frozen')).toMatchObject({
      ...{ before: 'deny', after: 'deny', appeared: [unknown], vanished: [frozen], ...lost },
    })
    // Its recorded slice had the capability; the other registry no longer has it.
    expect(of('asked.jsonl:1')).toMatchObject({
      ...{ before: 'permit', after: 'deny', appeared: [frozen, unknown], ...lost },
    })
    expect(of('asked.jsonl:2')).toBeUndefined()
    expect((await run('diff', 'dist', changed)).stdout).toMatch(
      /team: plain: permit -> deny\n {2}\+ deny team\.frozen {2}rules/u,
    )
  })

  it('profile sees the call of the host in the loop', async () => {
    const slow = policyRepository({
      ...base,
      'rules/rule/team/frozen/frozen.rego': rule(
        'deny',
        'some i in numbers.range(1, 50)\n\tsprintf("%d", [i]) == input.question.server_id',
      ),
    })
    const measured = await run('profile', '--project', slow, '--rounds', '2', '--json')
    expect(measured).toMatchObject({ status: 0, stderr: '' })
    const { rules, questions } = measured.json() as {
      rules: { code: string; host_calls: Record<string, number>; faults: number }[]
      questions: number
    }
    expect(questions).toBe(2)
    const dear = rules.find(({ code }) => code === 'team.frozen')
    expect(dear).toMatchObject({ host_calls: { sprintf: 50 }, faults: 0 })
    expect(rules.filter(({ host_calls: calls }) => Object.keys(calls).length > 0)).toEqual([dear])
    const { stdout } = await run('profile', '--project', slow, '--rounds', '1', '--top', '3')
    expect(stdout).toContain('cheaper ones')
  })

  it.each([
    ['one policy', ['diff', 'dist'], /Name two policies/u],
    ['a policy that is not there', ['diff', 'dist', 'gone'], /gone: there is no such file/u],
    [
      'questions that are none',
      ['diff', 'dist', 'dist', '--queries', 'k1.pub'],
      /k1\.pub:1 is no policy input/u,
    ],
    ['a query without a service', ['explain', 'query.json'], /add --url/u],
    ['a question that is not there', ['explain', 'gone.json'], /there is no such file/u],
    [
      'a rule that does not compile',
      ['build', '--project', 'broken', '--sequence', '1'],
      /frozen\.rego:19: rego_type_error: undefined function sprintf_/u,
    ],
    ['no round at all', ['profile', '--rounds', '0'], /at least once/u],
  ])('%s is one line that says what to change', async (_name, given, said) => {
    const { status, stdout, stderr } = await run(...given)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^countersign: [^\n]+\n$/u)
    expect(stderr).toMatch(said)
  })

  it('a case of its own that fails ends the build, and says which', async () => {
    const wrong = policyRepository({
      ...base,
      'golden/team.yaml': golden.replace('effect: permit', 'effect: deny'),
    })
    const built = await run('build', '--project', wrong, '--sequence', '1')
    expect(built).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/the case "team: plain" must be deny/u),
    })
    expect(readdirSync(wrong)).not.toContain('dist')
    rmSync(wrong, { recursive: true })
  })
})

function narrowed(): Registry {
  const registry = registryWithout('tool:status')
  return { ...registry, parameters: { ...registry.parameters, valid_seconds: 7 } }
}

/** The question of the base, with the definition as it was reviewed. */
function recorded(): unknown {
  const pinned = registryCopy().servers['ops']?.capabilities['tool:status']?.definition_digest
  const { question, ...rest } = baseQuestions.get('tool') as Record<string, object>
  return { ...rest, question: { ...question, definition_digest: pinned } }
}
