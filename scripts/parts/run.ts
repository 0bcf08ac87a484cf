// Runs a program and gives what it printed; a failure is an error that says what was run.

import { spawnSync } from 'node:child_process'
import { PdpError } from '../../service/contract/error-code.ts'

interface RunOptions {
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** A program that ended with another status than 0. */
export class ProgramFailed extends Error {
  /** What it said. */
  readonly printed: string

  constructor(command: string, printed: string) {
    super(`${command} failed:\n${printed}`)
    this.name = 'ProgramFailed'
    this.printed = printed
  }
}

/** It said nothing of what was wrong: something ended it. */
export function stoppedBy(program: string, signal: string): Error {
  const message = `${program} was stopped by ${signal} before it was done: run the command again.`
  return new PdpError('not_ready', message)
}

/** Standard output of a program that must succeed. @throws ProgramFailed. */
export function run(
  program: string,
  programArguments: readonly string[],
  options: RunOptions = {},
): string {
  const result = spawnSync(program, programArguments, {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.error !== undefined) throw result.error
  if (result.signal !== null) throw stoppedBy(program, result.signal)
  if (result.status !== 0) {
    throw new ProgramFailed(
      `${program} ${programArguments.join(' ')}`,
      `${result.stderr}${result.stdout}`,
    )
  }
  return result.stdout
}

/** Standard output of a program, or undefined if it cannot be started or fails. */
export function succeeds(program: string, programArguments: readonly string[]): string | undefined {
  try {
    return run(program, programArguments)
  } catch {
    return undefined
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
