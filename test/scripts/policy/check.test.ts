/** `countersign policy check`, `lint`, `fmt` and `catalogue` on policy repositories that are wrong in one way each. */
import { describe, expect, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Registry } from '../../../service/contract/registry.ts'
import { policyHere } from '../../support/in-process.ts'
import { testWithOpa } from '../../support/opa.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { registryCopy } from '../../support/released-bundles.ts'

const rule = (changes: Readonly<Record<string, string>> = {}): string => {
  const text = `# METADATA
# title: Never
# description: Nobody asks for the status on a Friday.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: team.never
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: It is said so.
#   remediation: Ask on another day.
package countersign.rule.team.never

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if input.question.name == "status"
`
  return Object.entries(changes).reduce((all, [from, to]) => all.replace(from, to), text)
}

const ruleFile = 'rules/rule/team/never/never.rego'
const testFile = 'rules/rule/team/never/never_test.rego'
const tested = `package countersign.rule.team.never_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.team.never as rule

test_deny_status if count(rule.findings) == 1 with input as fixture.tool

test_permit_others if rule.findings == set() with input as fixture.resource
`

type Remarks = {
  readonly errors: number
  readonly remarks: readonly {
    readonly file: string
    readonly line: number
    readonly severity: string
    readonly code: string
    readonly message: string
  }[]
}

async function checked(
  command: string,
  files: Readonly<Record<string, string>>,
): Promise<Remarks & { readonly status: number | null }> {
  const folder = policyRepository({
    'countersign-policy.json': JSON.stringify({
      ...{ name: 'acme', pack: 'default', rules: 'rules', data: 'data', golden: 'golden' },
      token_groups: ['sre', 'staff'],
    }),
    ...files,
  })
  const { status, stdout, stderr } = await policyHere([command, '--json'], folder)
  expect(stderr).toBe('')
  return { status, ...(JSON.parse(stdout) as Remarks) }
}

function withRegistry(change: (registry: Registry) => void): Readonly<Record<string, string>> {
  const registry = registryCopy()
  change(registry)
  return { 'data/registry.json': JSON.stringify(registry, null, 2) }
}

describe('countersign policy check', () => {
  testWithOpa('finds nothing in a repository that is well', async () => {
    const files = { [ruleFile]: rule(), [testFile]: tested }
    expect(await checked('check', files)).toMatchObject({ status: 0, remarks: [] })
  })

  testWithOpa.each([
    [
      'a type that cannot be',
      rule({ 'input.question.name == "status"': 'count(input.question.round) == 5' }),
      'rego_type_error',
      19,
    ],
    [
      'a member that no question has',
      rule({ 'question.name': 'question.nam' }),
      'rego_type_error',
      19,
    ],
    [
      'a builtin that the engine refuses',
      rule({ 'input.question.name ==': 'http.send({}).x ==' }),
      'rego_type_error',
      19,
    ],
    [
      'what is not Rego',
      rule({ 'findings contains': 'findings containz' }),
      'rego_parse_error',
      19,
    ],
    [
      'a negated call over input',
      rule({ 'input.question.name == "status"': 'not startswith(input.question.name, "x")' }),
      'rules.negated_call',
      19,
    ],
    ['a code of another area', rule({ 'team.never': 'identity.never' }), 'rules.metadata', 13],
    ['a code of the pack', rule({ 'team.never': 'capability.unknown' }), 'rules.metadata', 13],
    ['no remedy', rule({ '#   remediation: Ask on another day.': '#' }), 'rules.metadata', 13],
    ['an effect that permits', rule({ 'effect: deny': 'effect: permit' }), 'rules.metadata', 13],
    [
      'a critical finding that may be waived',
      rule({ 'severity: high': 'severity: critical' }),
      'rules.metadata',
      13,
    ],
    [
      'a package of the pack',
      rule({ 'package countersign.rule.team.never': 'package countersign.rule.supply.never' }),
      'rules.package',
      1,
    ],
  ])('points to a rule with %s', async (_what, text, code, line) => {
    const { status, remarks } = await checked('check', {
      [ruleFile]: text,
      [testFile]:
        code.startsWith('rego') || code === 'rules.package'
          ? 'package countersign.rule.team.never_test\n'
          : tested,
    })
    expect(status).toBe(1)
    expect(remarks).toContainEqual(
      expect.objectContaining({ code, line, file: expect.stringMatching(/never\.rego$/) }),
    )
  })

  testWithOpa('points to a rule without a test', async () => {
    const { remarks } = await checked('check', { [ruleFile]: rule() })
    expect(remarks).toMatchObject([{ message: 'it has no test beside it' }])
  })

  test('says every fault of broken data, each in its file', async () => {
    const files = {
      'data/registry.json': '',
      'data/registry/a.yaml': 'servers: {',
      'data/registry/b.json': '{"a": 1',
    }
    const { status, remarks } = await checked('check', files)
    expect(status).toBe(1)
    expect(new Set(remarks.map(({ file }) => file.slice(-6)))).toEqual(
      new Set(['a.yaml', 'b.json']),
    )
  })

  testWithOpa('says it in a line that editors follow, without colours', async () => {
    const folder = policyRepository(withRegistry((r) => void (r.groups['idle'] = [])))
    const { stdout } = await policyHere(['check'], folder)
    expect(stdout).toMatch(/^data\/registry\.json:\d+:\d+: warning: .* \[data\.group_unused\]$/m)
    expect(stdout.includes('\u001b')).toBe(false)
  })
})

describe('countersign policy lint', () => {
  testWithOpa('finds nothing in a repository that is well', async () => {
    expect(await checked('lint', { [ruleFile]: rule(), [testFile]: tested })).toMatchObject({
      status: 0,
      remarks: [],
    })
  })

  testWithOpa.each([
    ['what Regal finds', { [ruleFile]: rule({ _chain: 'chainOf' }), [testFile]: tested }, 'regal.'],
    [
      'a pattern that counts',
      withRegistry(
        (r) =>
          void r.servers['ops']!.capabilities['tool:status']!.bounds!.push({
            path: ['x'],
            pattern: '[a-z]{1,64}',
          }),
      ),
      'data.counted_repetition',
    ],
  ])('points to %s', async (_what, files, code) => {
    const { status, remarks } = await checked('lint', files)
    expect(status).toBe(1)
    expect(remarks).toContainEqual(expect.objectContaining({ code: expect.stringContaining(code) }))
  })
})

describe('countersign policy fmt', () => {
  testWithOpa('writes what is not formatted, and only that', async () => {
    const folder = policyRepository({ [ruleFile]: rule({ '_chain := ': '_chain:=' }) })
    expect(await policyHere(['fmt', '--check'], folder)).toMatchObject({ status: 1 })
    expect(await policyHere(['fmt'], folder)).toMatchObject({ status: 0 })
    expect(readFileSync(join(folder, ruleFile), 'utf8')).toBe(rule())
    expect(await policyHere(['fmt', '--check'], folder)).toMatchObject({ status: 0 })
  })
})

describe('countersign policy catalogue', () => {
  testWithOpa('of a team has its rules beside those of the pack, and goes stale', async () => {
    const folder = policyRepository({ [ruleFile]: rule() })
    expect(await policyHere(['catalogue', '--check'], folder)).toMatchObject({
      status: 1,
    })
    expect(await policyHere(['catalogue'], folder)).toMatchObject({ status: 0 })
    const page = readFileSync(join(folder, 'CATALOGUE.md'), 'utf8')
    expect(page).toContain('### `team.never` Never')
    expect(page).toContain('### `capability.unknown`')
    expect(await policyHere(['catalogue', '--check'], folder)).toMatchObject({
      status: 0,
    })
    writeFileSync(join(folder, ruleFile), rule({ 'on another day': 'later' }))
    expect(await policyHere(['catalogue', '--check'], folder)).toMatchObject({
      status: 1,
    })
  })
})
