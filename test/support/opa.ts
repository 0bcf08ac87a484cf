/** The real OPA; tests that need it are skipped, and counted as skipped, only where parts are left out by choice. */
import { spawnSync } from 'node:child_process'
import { test } from '@jest/globals'
import { resolvePart } from '../../scripts/parts/resolve.ts'

const isLeftOut = process.env['COUNTERSIGN_WITHOUT_PARTS'] === '1'

/** `test`, for what runs the real OPA. */
export const testWithOpa: typeof test | typeof test.skip = isLeftOut ? test.skip : test

export type OpaRun = { readonly status: number | null; readonly printed: string }

/** Runs OPA to its end; it must not wait for input. */
export function runOpa(programArguments: readonly string[], folder?: string, input = ''): OpaRun {
  const options = { cwd: folder, input, encoding: 'utf8', timeout: 120_000 } as const
  const { status, stdout, stderr } = spawnSync(resolvePart('opa'), programArguments, options)
  return { status, printed: stdout + stderr }
}
