// `countersign policy watch`: runs again what a change touches. A rule's own tests and the cases of its area for a rule,
// the cases of a file for that file, everything for what all rest on.

import { watch as watchFolder } from 'node:fs'
import { relative, sep } from 'node:path'
import { PdpError } from '../../service/contract/error-code.ts'
import { noPositional } from '../command/no-positional.ts'
import type { Call, Command, Outcome } from '../command/command.ts'
import { readGoldenFiles } from './golden-file.ts'
import { type Project, projectOptions, projectUsage, readProject } from './project.ts'
import { shortest } from './remark.ts'
import { reportOf } from './test-report.ts'
import { type Choice, everything, runTests } from './test-run.ts'

/** Editors write a file in several steps: what comes within this time is one change. */
const settleMilliseconds = 150

export const watch: Command = {
  name: 'watch',
  summary: 'run again the tests that a change touches, until interrupted',
  usage: `[options]

${projectUsage}

Everything is run once at the start. With --json each run and each change is one line of JSON.
Exit code 130 when interrupted.`,
  options: projectOptions,
  run: watchProject,
}

async function watchProject(call: Call): Promise<Outcome> {
  noPositional(call)
  const project = readProject(call)
  await runAndSay(project, everything, call)
  for await (const files of changesOf(project)) {
    call.say(`\n${files.map(shortest).join(', ')}`, { changed: files })
    await runAndSay(project, touchedBy(files, project), call)
  }
  return { exit: 0, text: '', json: null }
}

/** What is half written is said and tried again at the next change. */
async function runAndSay(project: Project, choice: Choice, { say, color }: Call): Promise<void> {
  try {
    const { text, json } = reportOf(await runTests(project, choice), project, color)
    say(text, json)
  } catch (error) {
    if (!(error instanceof PdpError)) throw error
    say(error.message, { passed: false, error: error.message })
  }
}

async function* changesOf(project: Project): AsyncGenerator<readonly string[]> {
  const changed = new Set<string>()
  let wake = Promise.withResolvers<null>()
  for (const folder of [project.rules, project.data, project.golden]) {
    if (folder === null) continue
    watchFolder(folder, { recursive: true }, (_event, name) => {
      if (name === null || !/\.(rego|ya?ml|json)$/u.test(name)) return
      changed.add(`${folder}${sep}${name}`)
      wake.resolve(null)
    })
  }
  for (;;) {
    await wake.promise
    await new Promise((resolve) => setTimeout(resolve, settleMilliseconds))
    wake = Promise.withResolvers<null>()
    yield [...changed].sort()
    changed.clear()
  }
}

/** Everything, unless each of the files is a rule, its test, or golden cases. */
export function touchedBy(files: readonly string[], project: Project): Choice {
  const touched = files.map((file) => ruleOf(file, project) ?? areasOf(file, project))
  if (touched.length === 0 || touched.includes(null)) return everything
  const all = touched.filter((one) => one !== null)
  const rego = all.flatMap(({ packages }) => packages)
  const areas = all.flatMap((one) => one.areas)
  return {
    // A pattern that no name matches: there may be no rule among the files.
    rego: rego.length === 0 ? '^$' : `^data\\.(${rego.join('|')})_test\\.`,
    golden: new RegExp(`^(${areas.join('|')}): `, 'u'),
  }
}

interface Touched {
  readonly packages: readonly string[]
  readonly areas: readonly string[]
}

function ruleOf(file: string, { rules }: Project): Touched | null {
  if (rules === null || !file.startsWith(rules + sep)) return null
  const [tree = '', area = '', name = '', leaf] = relative(rules, file).split(sep)
  if (!['rule', 'ground', 'obligation'].includes(tree) || leaf === undefined) return null
  return { packages: [`countersign\\.${tree}\\.${area}\\.${name}`], areas: [area] }
}

/** A file that also holds base questions touches all that start from them. */
function areasOf(file: string, { golden }: Project): Touched | null {
  if (golden === null || !file.startsWith(golden + sep)) return null
  const { files } = readGoldenFiles(golden)
  const read = files.find(({ document }) => document.file === file)
  if (read === undefined || read.content.golden.base !== undefined) return null
  return { packages: [], areas: Object.keys(read.content.golden.cases ?? {}) }
}
