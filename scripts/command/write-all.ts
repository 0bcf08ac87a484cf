// Writes several files, all or none: each beside its place and synced first, then renamed one after the other. Where
// a rename fails, those before it are taken back.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { usage } from './command.ts'
import { isDirectory, syncDirectory, writeSynced } from './write-file.ts'

export interface WholeFile {
  readonly path: string
  readonly content: string
}

interface Staged {
  readonly target: string
  readonly beside: string
  /** What was there; null when nothing was. */
  readonly before: Uint8Array | null
}

/** @throws PdpError `usage` that names the file and the remedy; then everything is as it was. */
export function writeAll(files: readonly WholeFile[]): void {
  const made: string[] = []
  const staged: Staged[] = []
  const placed: Staged[] = []
  let at = ''
  try {
    for (const { path, content } of files) {
      at = path
      made.push(...makeFolders(dirname(resolve(path))))
      staged.push(stage(resolve(path), content))
    }
    for (const one of staged) {
      at = one.target
      renameSync(one.beside, one.target)
      placed.push(one)
    }
    for (const folder of new Set(staged.map(({ target }) => dirname(target)))) syncDirectory(folder)
  } catch (cause) {
    takeBack(staged, placed, made)
    const said = cause instanceof Error ? cause.message : String(cause)
    throw usage(
      `${at} cannot be written (${said}): name a place that has room and can be written. Nothing was changed.`,
      cause,
    )
  }
}

function stage(target: string, content: string): Staged {
  if (isDirectory(target)) throw new Error('it is a directory')
  const before = existsSync(target) ? readFileSync(target) : null
  const beside = join(dirname(target), `.${basename(target)}.${String(process.pid)}.part`)
  try {
    writeSynced(beside, Buffer.from(content))
  } catch (error) {
    rmSync(beside, { force: true })
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
  for (const { beside } of staged) rmSync(beside, { force: true })
  for (const { target, before } of placed) {
    if (before === null) rmSync(target, { force: true })
    else writeSynced(target, before)
  }
  for (const folder of made.toReversed()) rmSync(folder, { recursive: true, force: true })
}
