// `countersign policy new <area>/<rule>`: a rule with its test, METADATA and golden case, made so that its tests run and
// fail until it is written. Nothing that is there is overwritten.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { writeAll } from '../command/write-all.ts'
import { onlyPositional } from './arguments.ts'
import { type Project, projectOptions, projectUsage, readProject } from './project.ts'
import { readGoldenFile } from './golden-file.ts'
import { lineOf, shortest } from './remark.ts'
import { goldenCase, ruleText, testText, type NewRule } from './new-rule.ts'

export const create: Command = {
  name: 'new',
  summary: 'a rule with its test, METADATA and golden case, ready to fail',
  usage: `<area>/<rule> [options]

  <area>/<rule>          a team beside the pack writes team/<rule>; both in lower case, with _
${projectUsage}

Nothing that is there is overwritten. countersign policy test then fails until the rule says what it means.`,
  options: projectOptions,
  run: (call) => Promise.resolve(created(call)),
}

function created(call: Call): Outcome {
  const project = readProject(call)
  const rule = ruleNamed(onlyPositional(call, 'the rule as <area>/<rule>'), project)
  const { rules, golden } = project
  if (rules === null || golden === null)
    throw usage(
      `${project.file} names no folder for ${rules === null ? 'rules' : 'golden'}: add it.`,
    )
  const folder = join(rules, 'rule', rule.area, rule.name)
  const files = new Map([
    [join(folder, `${rule.name}.rego`), ruleText(rule)],
    [join(folder, `${rule.name}_test.rego`), testText(rule)],
  ])
  const cases = join(golden, `${rule.area}.yaml`)
  const there = [...files.keys()].find((file) => existsSync(file))
  if (there !== undefined) throw usage(`${shortest(there)} is there already: choose another name.`)
  files.set(cases, casesWith(cases, rule))
  writeAll([...files].map(([path, content]) => ({ path, content })))
  const written = [...files.keys()]
  return {
    exit: 0,
    json: { written },
    text: [
      ...written.map((file) => `wrote ${shortest(file)}`),
      'Say in METADATA what it is for, write its condition and its cases; then: countersign policy test',
    ].join('\n'),
  }
}

function ruleNamed(given: string, { pack }: Project): NewRule {
  const [, area = '', name = ''] = /^([a-z][a-z0-9_]*)\/([a-z][a-z0-9_]*)$/u.exec(given) ?? []
  if (name === '') throw usage(`${given}: write <area>/<rule>, both in lower case, with _.`)
  if (pack !== null && area !== 'team')
    throw usage(
      `${given}: a team's rules join the pack in one area of their own: write team/${name}.`,
    )
  return { area, name, isTeam: pack !== null }
}

/** The file of the area with one case more; comments and order stay. */
function casesWith(file: string, rule: NewRule): string {
  const isThere = existsSync(file)
  const read = isThere ? readGoldenFile(file) : null
  if (read !== null && !('content' in read)) throw usage(read.map(lineOf).join('\n'))
  const text = isThere ? Buffer.from(readGiven(file, 'the cases of the area')).toString('utf8') : ''
  const document = parseDocument(text)
  const path = ['golden', 'cases', rule.area]
  if (document.getIn(path) === undefined) document.setIn(path, document.createNode([]))
  document.addIn(path, document.createNode(goldenCase(rule)))
  return document.toString({ lineWidth: 100 })
}
