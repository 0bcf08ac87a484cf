/** A command of the product, run as its own process to its end. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../scripts/command/main.ts')

export type CommandRun = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Of standard output. */
  readonly json: () => Record<string, unknown>
}

/** @param limit what the shell sets before it starts the command, such as `ulimit -f 10` */
export async function runCommand(
  given: readonly string[],
  { folder, limit = ':' }: { readonly folder?: string; readonly limit?: string } = {},
): Promise<CommandRun> {
  const program = [process.execPath, main, ...given]
  const child = spawn('sh', ['-c', `${limit}; exec "$@"`, 'sh', ...program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
}

/** `countersign policy …` */
export function policy(
  given: readonly string[],
  options?: Parameters<typeof runCommand>[1],
): Promise<CommandRun> {
  return runCommand(['policy', ...given], options)
}
