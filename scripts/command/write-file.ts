// Writes a file whole or not at all: beside its place, synced, then renamed. An interrupted run, a full disk
// or a crash leaves what was there before.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { usage } from './command.ts'

/** @throws PdpError `usage` that names the file and the remedy. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const target = resolve(path)
  const beside = join(dirname(target), `.${basename(target)}.${String(process.pid)}.part`)
  try {
    if (isDirectory(target)) throw new Error('it is a directory')
    writeSynced(beside, typeof content === 'string' ? Buffer.from(content) : content)
    renameSync(beside, target)
    syncDirectory(dirname(target))
  } catch (cause) {
    rmSync(beside, { force: true })
    const said = cause instanceof Error ? cause.message : String(cause)
    throw usage(
      `${path} cannot be written (${said}): name a file in a directory that exists and has room.`,
      cause,
    )
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

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
