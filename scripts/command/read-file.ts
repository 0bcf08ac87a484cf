// Reads what a command was given: a missing file, a directory or a broken document is one line that says so.

import { readFileSync } from 'node:fs'
import { usage } from './command.ts'

/** @throws PdpError `usage`. */
export function readGiven(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory'
          : String(code)
    throw usage(`${path}: ${why}; name ${what}.`, cause)
  }
}

/** JSON that a person wrote. */
export function readJson(path: string, what: string): unknown {
  const text = Buffer.from(readGiven(path, what)).toString('utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : ''
    throw usage(`${path} is not JSON (${said}); name ${what}.`, cause)
  }
}
