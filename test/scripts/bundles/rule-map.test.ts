/** What a bundle says of its rules is what their sources say. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { developmentBundleKeys } from '../../../scripts/bundles/development-signer.ts'
import { parseModules } from '../../../scripts/bundles/rego-module.ts'
import { ruleMapOf } from '../../../scripts/bundles/rule-map.ts'
import { RuleReads } from '../../../scripts/bundles/rule-reads.ts'
import { resolvePart } from '../../../scripts/parts/resolve.ts'
import { readBundleFile } from '../../../service/adapter/bundle-reader/read-directory.ts'
import type { RuleMap } from '../../../service/contract/rule-map.ts'
import { testWithOpa } from '../../support/opa.ts'

const utf8 = new TextEncoder()

const lib = `package team.lib

near(x) if x == input.place.near

far(x) if x == input.place.far
`

function readsOf(body: string): readonly string[] {
  const text = `package team.rule.area.one\n\nimport data.team.lib\n\nfindings contains 1 if {\n${body}\n}\n\n_local if input.local\n\n_whole(x) := x\n`
  const sources = new Map([
    ['lib.rego', utf8.encode(lib)],
    ['one.rego', utf8.encode(text)],
  ])
  const modules = parseModules(resolvePart('opa'), sources)
  return new RuleReads(modules.values()).of('team/rule/area/one', 'findings')
}

testWithOpa.each([
  ['input.a.b == 1', ['a/b']],
  ['not input.a["b c"]', ['a/b c']],
  ['some x in input.list\n\tx.deep', ['list']],
  ['input.list[_].deep == input.index', ['index', 'list']],
  ['input.list[input.at]', ['at', 'list']],
  ['object.get(input, ["a", "b"], null) == 1', ['a/b']],
  ['object.get(input.a, "b", input.c) == 1', ['a/b', 'c']],
  ['object.get(input, ["a", input.key], 0) == 1', ['a', 'key']],
  ['every x in input.all { x == input.one }', ['all', 'one']],
  ['count([x | some x in input.many]) > 1', ['many']],
  ['_local', ['local']],
  ['lib.near(1)', ['place/near']],
  ['data.team.lib.far(1)', ['place/far']],
  ['_whole(input)', ['']],
  ['1 == 1', []],
])('%j reads %j', (body, wanted) => {
  expect(readsOf(`\t${body}`)).toEqual(wanted)
})

function mapOf(sources: Readonly<Record<string, string>>): RuleMap {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-map-'))
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text)
  const texts = Object.entries(sources).map(([name, text]) => [name, utf8.encode(text)] as const)
  return ruleMapOf(resolvePart('opa'), folder, new Map(texts))
}

const rule = (code: string, name: string): string =>
  `# METADATA\n# title: The ${name}\n# custom:\n#   code: ${code}\n#   remediation: Mend it.\npackage team.rule.area.${name}\n\nfindings contains 1 if input.a\n\nfindings contains 2 if input.b\n`

testWithOpa('every clause of a rule has its line, and its METADATA speaks for it', () => {
  expect(mapOf({ 'one.rego': rule('area.one', 'one'), 'lib.rego': lib })).toEqual({
    'area.one': {
      kind: 'rule',
      rule: 'area.one',
      file: 'one.rego',
      lines: [8, 10],
      title: 'The one',
      remediation: 'Mend it.',
      reads: ['a', 'b'],
    },
  })
})

testWithOpa('a code that stands twice is refused, and the message names both files', () => {
  const twice = { 'one.rego': rule('area.one', 'one'), 'two.rego': rule('area.one', 'two') }
  expect(() => mapOf(twice)).toThrow(/two\.rego: the code area\.one is that of one\.rego/u)
})

testWithOpa('what is no Rego is refused by its file', () => {
  expect(() => mapOf({ 'one.rego': 'package p\n\nx := := 1\n' })).toThrow(/one\.rego/u)
})

testWithOpa('the bundle of this repository says where each of its findings comes from', async () => {
  const path = join(import.meta.dirname, '../../../bundles/policy.tar.gz')
  const { rules } = await readBundleFile(path, developmentBundleKeys())
  expect(rules['purpose.resource_outside']).toMatchObject({
    file: 'rego/countersign/rule/purpose/resource_outside/resource_outside.rego',
    reads: expect.arrayContaining(['question/data_scope/resources']),
  })
  for (const [code, { lines, reads }] of Object.entries(rules))
    expect([code, lines.length > 0, reads.length > 0]).toEqual([code, true, true])
})
