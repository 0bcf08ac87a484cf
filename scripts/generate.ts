/**
 * Writes what is derived from the contract: `service/http/openapi.json`, the schemas of OPA's checker in
 * `rego/schemas/` and those that the sample of a policy repository carries for editors.
 *
 * `--check` writes nothing and fails when a committed file differs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openApiDocument } from '../service/http/openapi.ts'
import { opaSchemas, repositorySchemas, schemaText } from './schemas/repository-schemas.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const files: readonly (readonly [string, unknown])[] = [
  ['service/http/openapi.json', openApiDocument(version)],
  ...[...opaSchemas].map(([name, schema]) => [`rego/schemas/${name}`, schema] as const),
  ...[...repositorySchemas].map(
    ([name, schema]) => [`scripts/gitops/schemas/${name}`, schema] as const,
  ),
]

let stale = 0
for (const [path, value] of files) {
  const text = schemaText(value)
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } else if (textOf(path) !== text) {
    stale += 1
    console.error(`${path} is not what the contract gives: run npm run generate and commit it`)
  }
}
process.exitCode = stale === 0 ? 0 : 1

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
