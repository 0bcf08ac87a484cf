// `countersign policy lint`: Regal with what our engine can do, and what it cannot know: bounds in the data
// that make every question slow.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument, stringify } from 'yaml'
import { noPositional } from '../command/no-positional.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { root } from '../parts/root.ts'
import { capabilitiesFile } from './compile.ts'
import { countedRepetitions } from './data/bounds.ts'
import { placed } from './data/check-data.ts'
import { type Project, projectFile, projectOptions, projectUsage, readProject } from './project.ts'
import { readRegistryData } from './registry-data.ts'
import { outcomeOf, type Remark } from './remark.ts'
import { ownSources, type Source, testedSources } from './sources.ts'
import { staged } from './stage.ts'
import { oneLine, pathNamed, remarksOf, runTool } from './tool.ts'

export const lint: Command = {
  name: 'lint',
  summary: 'Regal with the capabilities of our engine, and slow bounds in the data',
  usage: `[options]

${projectUsage}

Regal is configured by .regal/config.yaml beside ${projectFile}, else as the pack is.
Exit code 1 when something is found.`,
  options: projectOptions,
  run: linted,
}

async function linted(call: Call): Promise<Outcome> {
  noPositional(call)
  const project = readProject(call)
  const data = readRegistryData(project)
  const slow =
    data.registry === null ? data.faults : placed(data, countedRepetitions(data.registry))
  return outcomeOf([...(await regalRemarks(project)), ...slow], 'Nothing is found.')
}

interface Violation {
  readonly title: string
  readonly description: string
  readonly level: string
  readonly location: { readonly file: string; readonly row?: number; readonly col?: number }
}

async function regalRemarks(project: Project): Promise<readonly Remark[]> {
  // Under the names of their packages, whatever the folder of the rules is called.
  const named = (source: Source): Source => ({
    ...source,
    name: `rego/countersign/${source.within}`,
  })
  const own = ownSources(project).map(named)
  if (own.length === 0) return []
  const config = { '.regal/config.yaml': configOf(project) }
  const { status, stdout, stderr } = await staged(
    testedSources(project).map(named),
    config,
    (folder) =>
      runTool('regal', ['lint', '--format', 'json', '--config-file', '.regal/config.yaml', '.'], {
        folder,
      }),
  )
  if (stdout === '') return unlinted(stderr, status, own)
  const { violations = [] } = JSON.parse(stdout) as { violations?: readonly Violation[] | null }
  return (violations ?? []).flatMap((violation) => remarkOf(violation, own))
}

/** Regal reads no file when there is one that is no Rego, and names the first. */
function unlinted(stderr: string, status: number, own: readonly Source[]): readonly Remark[] {
  const lines = stderr.replaceAll('\\n', '\n').replaceAll(/^\s+/gmu, '')
  const remarks = remarksOf(lines, own, '')
  if (remarks.every(({ file }) => file !== '')) return remarks
  throw usage(`Regal cannot lint (exit code ${String(status)}): ${oneLine(stderr)}`)
}

/** Of the pack's files nothing is said: they are linted where they are written. */
function remarkOf(violation: Violation, own: readonly Source[]): readonly Remark[] {
  const { title, description, level, location } = violation
  const name = location.file.replace(/^\.\//u, '')
  if (!own.some((source) => source.name === name)) return []
  const place = { file: pathNamed(name, own), line: location.row ?? 1, column: location.col ?? 1 }
  const severity = level === 'warning' ? 'warning' : 'error'
  return [{ ...place, severity, code: `regal.${title}`, message: description }]
}

function configOf({ folder }: Project): string {
  const own = join(folder, '.regal/config.yaml')
  const file = existsSync(own) ? own : join(root, 'rego/.regal/config.yaml')
  const config = configIn(file)
  return stringify({ ...config, capabilities: { from: { file: capabilitiesFile } } })
}

function configIn(file: string): object {
  const what = 'the configuration of Regal as a mapping in YAML'
  const document = parseDocument(Buffer.from(readGiven(file, what)).toString('utf8'), {
    prettyErrors: false,
  })
  const [broken] = document.errors
  if (broken !== undefined) throw usage(`${file} is not YAML (${broken.message}); write ${what}.`)
  const config = document.toJS() as unknown
  if (config === null || (typeof config === 'object' && !Array.isArray(config))) return config ?? {}
  throw usage(`${file} is a list or a value; write ${what}.`)
}
