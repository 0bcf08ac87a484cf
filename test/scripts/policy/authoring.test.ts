/** A rule from its first file to its first permit: `new`, `test` and `watch`, as an author runs them. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Project } from '../../../scripts/policy/project.ts'
import { touchedBy } from '../../../scripts/policy/watch.ts'
import { policyHere, type RanHere } from '../../support/in-process.ts'
import { describeWithParts } from '../../support/parts.ts'
import { policyRepository } from '../../support/policy-repository.ts'

const rulePath = 'rules/rule/team/change_freeze/change_freeze.rego'
const groups = {
  'countersign-policy.json': JSON.stringify({
    ...{ name: 'acme', pack: 'default', rules: 'rules', data: 'data', golden: 'golden' },
    token_groups: ['sre', 'staff'],
  }),
}

describeWithParts('a new rule', () => {
  const folder = policyRepository(groups)
  const run = (...given: string[]): Promise<RanHere> => policyHere(given, folder)
  const write = (from: RegExp, to: string): void => {
    const path = join(folder, rulePath)
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
  }

  it('runs and fails until it is written, and passes the checks all the while', async () => {
    expect(await run('new', 'team/change_freeze')).toMatchObject({ status: 0, stderr: '' })
    expect(await run('check')).toMatchObject({ status: 0 })
    expect(await run('fmt', '--check')).toMatchObject({ status: 0 })
    const failed = await run('test')
    expect(failed.status).toBe(1)
    expect(failed.stdout).toMatch(
      /change_freeze_test\.rego:\d+ countersign\.rule\.team\.change_freeze_test\.test_deny/u,
    )
    expect(failed.stdout).toMatch(
      /test_deny\n {5}at line \d+\n {5}- \{"code": "team\.change_freeze", .*"params": \{"server": "ops"\}.*\}\n/u,
    )
    expect(failed.stdout).toMatch(/golden\/team\.yaml:4 team: change freeze/u)
    expect(failed.stdout).toMatch(/effect {2}- deny {2}\+ permit/u)
    expect(failed.stdout).toMatch(/codes {2}- team\.change_freeze/u)
  })

  it('passes when it is written, with every line reached', async () => {
    write(/the server that this rule is about/u, 'ops')
    const passed = await run('test', '--json')
    expect(passed.status).toBe(0)
    expect(passed.json()).toMatchObject({
      ...{ passed: true, coverage: { percent: 100, uncovered: [] } },
      slowest_rules: [{ package: 'countersign.rule.team.change_freeze', tests: 2 }],
    })
  })

  it('fails when a line of it is reached by no test, and says which', async () => {
    write(/$/u, '\n_unused if input.question.phase == "never"\n')
    const missed = await run('test')
    expect(missed.status).toBe(1)
    expect(missed.stdout).toMatch(/not reached {2}rules\/\S+change_freeze\.rego:\d+/u)
    expect(missed.stdout).toMatch(/coverage \d+\.\d %, wanted 100 %/u)
    expect(await run('test', '--run', 'change')).toMatchObject({ status: 0 })
    write(/\n_unused.*\n$/u, '')
  })

  it('is never overwritten, and only where a team may write', async () => {
    const before = readFileSync(join(folder, rulePath), 'utf8')
    for (const [name, said] of [
      ['team/change_freeze', /is there already/u],
      ['capability/open', /write team\/open/u],
      ['Team/Open', /both in lower case/u],
      ['team/../../x', /both in lower case/u],
    ] as const) {
      const ran = await run('new', name)
      expect([ran.status, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(said)
    }
    expect(readFileSync(join(folder, rulePath), 'utf8')).toBe(before)
  })

  it('what cannot be read or compiled is said at its place, and nothing is judged', async () => {
    const wrong = policyRepository({
      ...groups,
      'golden/team.yaml':
        'golden:\n  cases:\n    team:\n      - name: x\n        want: { effect: maybe }\n',
      'rules/rule/team/a/a.rego': 'package countersign.rule.team.a\n\nfindings contains x if {\n',
    })
    const ran = await policyHere(['test'], wrong)
    expect(ran.status).toBe(1)
    expect(ran.stdout).toMatch(/golden\/team\.yaml:5:\d+: error/u)
    expect(ran.stdout).toMatch(/a\.rego:\d+:\d+: error: .*rego_parse_error/u)
    expect(ran.stdout).toMatch(/nothing was judged/u)
  })

  it('is watched: what a change touches is run again, until interrupted', async () => {
    const main = join(import.meta.dirname, '../../../scripts/command/main.ts')
    const child = spawn(process.execPath, [main, 'policy', 'watch'], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const until = async (pattern: RegExp): Promise<void> => {
      for (let i = 0; i < 2000 && !pattern.test(said); i += 1)
        await new Promise((resolve) => setTimeout(resolve, 50))
      expect(said).toMatch(pattern)
    }
    await until(/slowest/u)
    said = ''
    write(/"ops"/u, '"another"')
    await until(/change_freeze\.rego\n.*FAIL.*test_deny/su)
    child.kill('SIGINT')
    const [code] = (await once(child, 'close')) as [number | null]
    expect(code).toBe(130)
  })
})

describe('a change touches', () => {
  const folder = policyRepository()
  const at = (path: string): string => join(folder, path)
  mkdirSync(at('rules/rule'))
  writeFileSync(at('golden/two.yaml'), 'golden: { cases: { one: [], two: [] } }')
  writeFileSync(at('golden/base.yaml'), 'golden: { base: {}, cases: { three: [] } }')
  const project = { rules: at('rules'), golden: at('golden'), data: at('data') } as Project
  const rule = 'rules/rule/team/a/a.rego'

  it.each([
    [[rule], '^data\\.(countersign\\.rule\\.team\\.a)_test\\.', '^(team): '],
    [
      ['rules/obligation/team/b/b_test.rego'],
      '^data\\.(countersign\\.obligation\\.team\\.b)_test\\.',
      '^(team): ',
    ],
    [['golden/two.yaml'], '^$', '^(one|two): '],
    [
      [rule, 'golden/two.yaml'],
      '^data\\.(countersign\\.rule\\.team\\.a)_test\\.',
      '^(team|one|two): ',
    ],
  ])('of %j just these tests', (files, rego, golden) => {
    const choice = touchedBy(files.map(at), project)
    expect([choice.rego, choice.golden?.source]).toEqual([rego, golden])
  })

  it.each([
    ['a library', 'rules/lib/team/x/x.rego'],
    ['data', 'data/registry.json'],
    ['base questions', 'golden/base.yaml'],
    ['a file that is gone', 'golden/gone.yaml'],
    ['the entrypoint', 'rules/decision.rego'],
  ])('everything when it is of %s', (_what, file) => {
    expect(touchedBy([rule, file].map(at), project)).toEqual({ rego: null, golden: null })
  })
})
