// Writes several files, all or none: each beside its place and synced first, then renamed one after the other. Where
// a rename fails, those before it are taken back.

import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { besideOf, removed, syncDirectory, targetOf, unwritten, writeSynced } from './write-file.ts'

export interface WholeFile {
  readonly path: string
  readonly content: string | Uint8Array
}

interface Staged {
  readonly target: string
  readonly beside: string
  /** What was there; null when nothing was. */
  readonly before: Uint8Array | null
}

/**
 * @throws PdpError `usage` that names the file and the remedy, `not_ready` when the disk fails; then everything is as
 *   it was.
 */
export function writeAll(files: readonly WholeFile[]): void {
  const made: string[] = []
  const staged: Staged[] = []
  const placed: Staged[] = []
  let at = ''
  try {
    for (const { path, content } of files) {
      at = path
      made.push(...makeFolders(dirname(resolve(path))))
      staged.push(stage(targetOf(path), content))
    }
    for (const one of staged) {
      at = one.target
      renameSync(one.beside, one.target)
      placed.push(one)
    }
    for (const folder of new Set(staged.map(({ target }) => dirname(target)))) syncDirectory(folder)
  } catch (cause) {
    takeBack(staged, placed, made)
    throw unwritten(at, cause, ' Nothing was changed.')
  }
}

function stage(target: string, content: WholeFile['content']): Staged {
  const before = existsSync(target) ? readFileSync(target) : null
  const beside = besideOf(target)
  try {
    writeSynced(beside, typeof content === 'string' ? Buffer.from(content) : content)
  } catch (error) {
    removed(beside)
    throw error
  }
  return { target, beside, before }
}

/** The folders that were not there, outermost first. */
function makeFolders(folder: string): readonly string[] {
  const first = mkdirSync(folder, { recursive: true })
  return first === undefined ? [] : [first]
}

function takeBack(
  staged: readonly Staged[],
  placed: readonly Staged[],
  made: readonly string[],
): void {
  for (const { beside } of staged) removed(beside)
  for (const { target, before } of placed) {
    if (before === null) removed(target)
    else writeSynced(target, before)
  }
  for (const folder of made.toReversed()) removed(folder)
}
