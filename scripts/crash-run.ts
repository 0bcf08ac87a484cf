/** One run: a writer under load is killed at a random moment; what it had acknowledged is told. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { CrashLog } from './crash-publisher.ts'

export type CrashOptions = CrashLog & {
  readonly clients: number
  readonly segmentBytes: number
  /** Milliseconds from the first acknowledged entry to SIGKILL. */
  readonly lifetime: number
}

/** The ids that were acknowledged before the kill. @throws Error when the writer ended by itself. */
export async function crashRun(options: CrashOptions): Promise<readonly string[]> {
  const { directory, origin, policy, clients, segmentBytes, lifetime } = options
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'crash-writer.ts'),
      directory,
      origin,
      String(clients),
      String(segmentBytes),
      ...(policy === null ? [] : [policy]),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  let output = ''
  let complaints = ''
  let kill: NodeJS.Timeout | null = null
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.length > 'open\n'.length) kill ??= setTimeout(() => child.kill('SIGKILL'), lifetime)
  })
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals | null>()
  child.on('close', (_code, signal) => {
    resolve(signal)
  })
  if ((await promise) !== 'SIGKILL') throw new Error(`the writer ended by itself: ${complaints}`)
  // The last line may be cut: then that id was not told either.
  return output.split('\n').slice(1, -1)
}
