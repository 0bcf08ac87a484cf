// `countersign policy schemas`: the schemas for editors in the repository, of this version of the program.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Call, Command, Outcome } from '../command/command.ts'
import { noPositional } from '../command/no-positional.ts'
import { kindOf } from '../command/read-file.ts'
import { writeAll } from '../command/write-all.ts'
import { repositorySchemas, schemaText } from '../schemas/repository-schemas.ts'
import { projectOptions, projectUsage, readProject } from './project.ts'
import { outcomeOf, shortest } from './remark.ts'

const allWell = 'The schemas are those of this version.'

export const schemas: Command = {
  name: 'schemas',
  summary: 'write schemas/: what editors know of the data files',
  usage: `[--check] [options]

  --check                write nothing; exit code 1 when a file is not that of this version
${projectUsage}

README.md of Countersign has the settings for VS Code.`,
  options: { ...projectOptions, check: { type: 'boolean' } },
  run: (call) => Promise.resolve(written(call)),
}

function written(call: Call): Outcome {
  noPositional(call)
  const { folder } = readProject(call)
  const stale = [...repositorySchemas]
    .map(([name, schema]) => ({
      path: join(folder, 'schemas', name),
      content: schemaText(schema),
    }))
    .filter(
      ({ path, content }) => kindOf(path) !== 'file' || readFileSync(path, 'utf8') !== content,
    )
  const paths = stale.map(({ path }) => path)
  if (call.values['check'] === true) return outcomeOf(paths.map(outdated), allWell)
  writeAll(stale)
  return {
    exit: 0,
    json: { written: paths },
    text: paths.length === 0 ? allWell : paths.map((path) => `wrote ${shortest(path)}`).join('\n'),
  }
}

function outdated(file: string) {
  const message = 'it is not that of this version: run countersign policy schemas and commit it'
  return { file, line: 1, column: 1, severity: 'error' as const, message, code: 'schemas' }
}
