// What a command that cannot be done says on stderr, and its exit code.

import { PdpError } from '../../service/contract/error-code.ts'
import { exits } from './exits.ts'
import { isSystemError, reasonOf } from './system-error.ts'

const wrongInput: ReadonlySet<string> = new Set([
  'usage',
  'config_invalid',
  'bundle_refused',
  'invalid_request',
])

/** Says one message, with a stack only for a fault of ours. A reader that left is told nothing. */
export function exitAfter(error: unknown, say: (text: string) => void): number {
  if (isSystemError(error) && error.code === 'EPIPE') return exits.failed
  say(`countersign: ${messageOf(error)}\n`)
  return error instanceof PdpError && wrongInput.has(error.code) ? exits.usage : exits.failed
}

function messageOf(error: unknown): string {
  if (error instanceof PdpError) return error.message
  if (isSystemError(error)) return systemMessage(error)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Of a file that nobody named: one of those that the command makes for itself, or its own output. */
function systemMessage(error: NodeJS.ErrnoException): string {
  const { path = 'what is printed or kept for the moment', syscall = '' } = error
  return `${path} (${syscall}): ${reasonOf(error)}; mend that (TMPDIR says where temporary files go), and run the command again.`
}
