/** What a command that failed says on stderr: one line for what we know, a stack for a fault of ours. */
import { PdpError } from './contract/error-code.ts'

export function tellFailure(error: unknown): void {
  const text =
    error instanceof PdpError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : 'failed'
  process.stderr.write(`countersign: ${text}\n`)
}
