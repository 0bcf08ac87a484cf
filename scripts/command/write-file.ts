// Writes a file whole or not at all: beside its place, synced, then renamed. An interrupted run, a full disk
// or a crash leaves what was there before.

import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { PdpError } from '../../service/contract/error-code.ts'
import { usage } from './command.ts'
import { kindOf } from './read-file.ts'
import { isFaultOfDisk, reasonOf } from './system-error.ts'

/** @throws PdpError `usage` that names the file and the remedy; `not_ready` when it is the disk that fails. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  try {
    const target = targetOf(path)
    const beside = besideOf(target)
    try {
      writeSynced(beside, typeof content === 'string' ? Buffer.from(content) : content)
      renameSync(beside, target)
    } catch (error) {
      removed(beside)
      throw error
    }
    syncDirectory(dirname(target))
  } catch (cause) {
    throw unwritten(path, cause)
  }
}

/** Where a link leads is written, not over the link; nothing but a file is ever replaced. */
export function targetOf(path: string): string {
  const kind = kindOf(path)
  if (kind === 'absent') return resolve(path)
  if (kind === 'file') return realpathSync(path)
  throw new Error(
    kind === 'directory' ? 'it is a directory' : 'it is no file but a device or a pipe',
  )
}

export function besideOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.${String(process.pid)}.part`)
}

/** @param further what is said at the end */
export function unwritten(path: string, cause: unknown, further = ''): Error {
  // What a look at the path already said names the system's error as its cause.
  const why = cause instanceof PdpError ? cause.cause : cause
  const said = `${path} cannot be written: ${reasonOf(why)}`
  return isFaultOfDisk(why)
    ? new PdpError('not_ready', `${said}; make room, or name a file on another disk.${further}`, {
        cause,
      })
    : usage(
        `${said}; name a file in a directory that exists and that you may write to.${further}`,
        cause,
      )
}

/** What is to be removed may lie where nothing can be. */
export function removed(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // The failure before it is told.
  }
}

export function writeSynced(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w', 0o644)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The name is durable only when its directory is. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
