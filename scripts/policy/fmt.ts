// `countersign policy fmt`: the team's Rego as `opa fmt` writes it.

import { noPositional } from '../command/no-positional.ts'
import type { Call, Command, Outcome } from '../command/command.ts'
import { writeAll } from '../command/write-all.ts'
import { projectOptions, projectUsage, readProject } from './project.ts'
import { outcomeOf, type Remark, shortest } from './remark.ts'
import { ownSources } from './sources.ts'
import { remarksOf, runTool } from './tool.ts'

export const fmt: Command = {
  name: 'fmt',
  summary: 'write the rules as `opa fmt` does',
  usage: `[--check] [options]

  --check                write nothing; exit code 1 when a file is not formatted
${projectUsage}

Exit code 1 also when a file is not Rego.`,
  options: { ...projectOptions, check: { type: 'boolean' } },
  run: (call) => Promise.resolve(formatted(call)),
}

function formatted(call: Call): Outcome {
  noPositional(call)
  const sources = ownSources(readProject(call))
  if (sources.length === 0) return outcomeOf([], 'There is no Rego to format.')
  const listed = runTool('opa', ['fmt', '--list', ...sources.map(({ path }) => path)])
  if (listed.status !== 0) return outcomeOf(remarksOf(listed.stderr, sources, 'opa fmt'), '')
  const files = listed.stdout.split('\n').filter((file) => file !== '')
  if (call.values['check'] === true)
    return outcomeOf(files.map(unformatted), 'Every file is formatted.')
  writeAll(files.map((path) => ({ path, content: runTool('opa', ['fmt', path]).stdout })))
  return {
    exit: 0,
    text:
      files.length === 0
        ? 'Every file is formatted.'
        : files.map((file) => `formatted ${shortest(file)}`).join('\n'),
    json: { formatted: files },
  }
}

function unformatted(file: string): Remark {
  const message = 'it is not as `opa fmt` writes it: run countersign policy fmt'
  return { ...{ file, line: 1, column: 1, severity: 'error', message }, code: 'fmt' }
}
