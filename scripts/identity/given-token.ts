// The token that is to be explained: from a file, from standard input, or as an argument.

import { existsSync, readFileSync } from 'node:fs'
import { usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'

/** A token in a file may end in a new line. @throws PdpError `usage`. */
export function givenToken(given: string): string {
  if (given === '-') return readFileSync(0, 'utf8').trim()
  if (existsSync(given)) return text(readGiven(given, 'a file that holds a token'))
  if (given.includes('.')) return given
  throw usage(
    'Name a file that holds a token, - for standard input, or the token itself (others can list what a process is called with).',
  )
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').trim()
}
