// `countersign policy catalogue`: every code that a decision or a refusal can carry, as Markdown and as JSON,
// beside the project's file. Both are committed, so that a reviewer sees what a change says.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { noPositional } from '../command/no-positional.ts'
import type { Call, Command, Outcome } from '../command/command.ts'
import { kindOf } from '../command/read-file.ts'
import { writeAll } from '../command/write-all.ts'
import { entryOf } from './catalogue/entry.ts'
import { pageOf } from './catalogue/page.ts'
import { readRules } from './catalogue/rules.ts'
import { serviceEntries } from './catalogue/service-codes.ts'
import { projectOptions, projectUsage, readProject } from './project.ts'
import { outcomeOf, type Remark, shortest } from './remark.ts'

export const catalogue: Command = {
  name: 'catalogue',
  summary: 'write CATALOGUE.md and catalogue.json: every code, its reason and its remedy',
  usage: `[--check] [options]

  --check                write nothing; exit code 1 when a file is not what the rules say
${projectUsage}`,
  options: { ...projectOptions, check: { type: 'boolean' } },
  run: catalogued,
}

async function catalogued(call: Call): Promise<Outcome> {
  noPositional(call)
  const project = readProject(call)
  const { rules, faults } = await readRules(project)
  if (faults.length > 0) return outcomeOf(faults, '')
  const entries = rules
    .toSorted((a, b) => rank(a.place) - rank(b.place))
    .map(entryOf)
    .toSorted((a, b) => compare(a.code.split('.')[0], b.code.split('.')[0]))
  const files = [
    [join(project.folder, 'CATALOGUE.md'), pageOf(entries, serviceEntries)],
    [
      join(project.folder, 'catalogue.json'),
      `${JSON.stringify({ rules: entries, service: serviceEntries }, null, 2)}\n`,
    ],
  ] as const
  const stale = files.filter(
    ([file, text]) => kindOf(file) !== 'file' || readFileSync(file, 'utf8') !== text,
  )
  if (call.values['check'] === true) {
    return outcomeOf(
      stale.map(([file]) => outdated(file)),
      'The catalogue is what the rules say.',
    )
  }
  writeAll(stale.map(([path, content]) => ({ path, content })))
  const written = stale.map(([file]) => file)
  return {
    exit: 0,
    text:
      written.length === 0
        ? 'The catalogue is what the rules say.'
        : written.map((file) => `wrote ${shortest(file)}`).join('\n'),
    json: { written, rules: entries, service: serviceEntries },
  }
}

/** Grounds first, then rules, then obligations. */
function rank([tree]: readonly [string, string, string]): number {
  return ['ground', 'rule', 'obligation'].indexOf(tree)
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function outdated(file: string): Remark {
  const message = 'it is not what the rules say: run countersign policy catalogue and commit it'
  return { ...{ file, line: 1, column: 1, severity: 'error', message }, code: 'catalogue' }
}
