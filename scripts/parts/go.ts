// Builds a part from its Go tool module. The module's go.mod must name the very version of the list;
// the executable appears in .cache/ whole or not at all.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from '../parts.ts'
import { cache, root } from './root.ts'
import { run } from './run.ts'

type GoSource = Extract<Part['source'], { kind: 'go' }>

/** A program of our own is built anew when its source is another. */
export function builtPath(part: Part): string {
  const { source, version = 'any' } = part
  const { tags, own = false, folder = '' } = source.kind === 'go' ? source : {}
  const edition = own ? `-${digestOfFolder(join(root, folder))}` : ''
  const form = tags === undefined ? '' : `-${tags}`
  return join(cache, 'parts', `${part.name}-${version}${form}${edition}`, part.name)
}

function digestOfFolder(folder: string): string {
  const digest = createHash('sha256')
  for (const name of readdirSync(folder).sort())
    digest.update(`${name}\0`).update(readFileSync(join(folder, name)))
  return digest.digest('hex').slice(0, 16)
}

export function buildFromGo(part: Part, source: GoSource): string {
  const folder = join(root, source.folder)
  const options = { folder, environment: { CGO_ENABLED: '0', GOWORK: 'off' } }
  const version = part.version ?? ''
  const pinned = run('go', ['list', '-m', '-f', '{{.Version}}', source.module], options).trim()
  if (pinned !== `v${version}`) {
    throw new Error(`${source.folder}/go.mod has ${part.name} ${pinned}, the list has ${version}`)
  }
  const path = builtPath(part)
  const unfinished = `${path}.${String(process.pid)}`
  mkdirSync(join(path, '..'), { recursive: true })
  process.stderr.write(`building ${part.name} ${version} from ${source.folder} (once)\n`)
  const stamp =
    source.versionVariable === undefined ? '' : ` -X ${source.versionVariable}=${version}`
  const flags = [
    '-trimpath',
    '-mod=readonly',
    `-tags=${source.tags ?? ''}`,
    `-ldflags=-s -w${stamp}`,
  ]
  const { command } = source
  const program = command === undefined ? source.module : `${source.module}/${command}`
  const built = source.own === true ? '.' : program
  run('go', ['build', ...flags, '-o', unfinished, built], options)
  renameSync(unfinished, path)
  return path
}
