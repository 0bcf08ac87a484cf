// Finds the executable of a part: named by the environment, on the PATH in the right version, built
// from its pinned Go module (once, kept in .cache/), or installed as a Debian package. Throws one
// error with the remedy when none of these is possible; never gives a program of another version.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Part, type PartName, parts } from '../parts.ts'
import { buildFromGo, builtPath } from './go.ts'
import { canInstall, install } from './debian.ts'
import { messageOf, succeeds } from './run.ts'

class PartMissing extends Error {
  override readonly name = 'PartMissing'
}

/** The path of the part's executable; builds or installs it if that has to be. */
export function resolvePart(name: PartName): string {
  const part: Part = parts[name]
  return named(part) ?? onPath(part) ?? fromSource(part)
}

/** The environment variable that names a part's executable. */
function variableOf(part: Part): string {
  return `COUNTERSIGN_${part.name.toUpperCase().replaceAll('-', '_')}`
}

function named(part: Part): string | undefined {
  const path = process.env[variableOf(part)]
  if (path === undefined || path === '') return undefined
  if (isRightVersion(part, path)) return path
  throw new PartMissing(`${variableOf(part)} is ${path}, which is not ${titleOf(part)}`)
}

function onPath(part: Part): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders
    .map((folder) => join(folder, part.name))
    .find((path) => isExecutable(path) && isRightVersion(part, path))
}

function built(part: Part): string | undefined {
  const path = builtPath(part)
  return isExecutable(path) && isRightVersion(part, path) ? path : undefined
}

function fromSource(part: Part): string {
  const { source } = part
  try {
    if (source.kind === 'go') return built(part) ?? buildFromGo(part, source)
    if (canInstall()) install(part, source.package)
  } catch (cause) {
    throw new PartMissing(remedyOf(part, cause), { cause })
  }
  const path = onPath(part)
  if (path === undefined) throw new PartMissing(remedyOf(part))
  return path
}

function remedyOf(part: Part, cause?: unknown): string {
  const { source } = part
  const first =
    source.kind === 'go'
      ? `install Go 1.26 or newer (it is then built from ${source.folder})`
      : `install it (Debian package ${source.package})`
  const seen = cause === undefined ? '' : `\n${messageOf(cause)}`
  return `${titleOf(part)} is needed: ${first}, or put it on the PATH, or set ${variableOf(part)} to its path${seen}`
}

function titleOf(part: Part): string {
  return part.version === undefined ? part.name : `${part.name} ${part.version}`
}

function isRightVersion(part: Part, path: string): boolean {
  if (part.version === undefined) return true
  if (part.versionArguments === undefined) return isBuiltFrom(part, path)
  const printed = succeeds(path, part.versionArguments)
  return printed?.split(/\s+/).includes(part.version) ?? false
}

/** Go writes into a program of which modules it was built. */
function isBuiltFrom({ source, version = '' }: Part, path: string): boolean {
  const modules = succeeds('go', ['version', '-m', path])
  return source.kind === 'go' && modules?.includes(`\t${source.module}\tv${version}\t`) === true
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
