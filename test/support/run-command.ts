/** `countersign …` as a process, as an author types it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../scripts/command/main.ts')

export type CommandRun = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export function runCommand(
  given: readonly string[],
  options: { readonly folder?: string; readonly environment?: NodeJS.ProcessEnv } = {},
): CommandRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...given], {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { status, stdout, stderr }
}
