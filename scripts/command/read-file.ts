// Reads what a command was given: a missing file, a directory or a broken document is one line that says so.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { usage } from './command.ts'
import { reasonOf } from './system-error.ts'

/** @throws PdpError `usage`. */
export function readGiven(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw usage(`${path}: ${reasonOf(cause)}; name ${what}.`, cause)
  }
}

/** JSON that a person wrote. */
export function readJson(path: string, what: string): unknown {
  const text = Buffer.from(readGiven(path, what)).toString('utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.replaceAll(/\s+/gu, ' ') : ''
    throw usage(`${path} is not JSON (${said}); name ${what}.`, cause)
  }
}

/** What is below a folder, as paths from it, with `/`. @throws PdpError `usage`. */
export function namesBelow(folder: string, what: string): readonly string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names.map((name) => name.replaceAll('\\', '/')).sort()
  } catch (cause) {
    throw usage(`${folder}: ${reasonOf(cause)}; name ${what}.`, cause)
  }
}

/**
 * What a path leads to; `absent` also when it can lead nowhere.
 *
 * @throws PdpError `usage` when that cannot be found out.
 */
export function kindOf(path: string): 'file' | 'directory' | 'other' | 'absent' {
  try {
    const found = statSync(path)
    return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other'
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    throw usage(`${path}: ${reasonOf(cause)}; mend the path, or name another.`, cause)
  }
}
