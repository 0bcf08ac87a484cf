// Builds a part from its Go tool module. The module's go.mod must name the very version of the list;
// the executable appears in .cache/ whole or not at all.

import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from '../parts.ts'
import { cache, root } from './root.ts'
import { run } from './run.ts'

type GoSource = Extract<Part['source'], { kind: 'go' }>

export function builtPath(part: Part): string {
  const { source, version = 'any' } = part
  const tags = source.kind === 'go' && source.tags !== undefined ? `-${source.tags}` : ''
  return join(cache, 'parts', `${part.name}-${version}${tags}`, part.name)
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
  run('go', ['build', ...flags, '-o', unfinished, source.module], options)
  renameSync(unfinished, path)
  return path
}
