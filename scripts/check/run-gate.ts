// Runs one gate to its end. A gate that cannot be run has failed.

import { spawnSync } from 'node:child_process'
import { resolvePart } from '../parts/resolve.ts'
import { root } from '../parts/root.ts'
import { messageOf } from '../parts/run.ts'
import type { Command, Gate } from './gate.ts'

export interface GateResult {
  readonly ok: boolean
  /** All that the gate's commands printed. */
  readonly printed: string
  readonly seconds: number
}

/** Plain text to read counts from, and no look at the network for newer versions. */
const quiet = { NO_COLOR: '1', FORCE_COLOR: undefined, REGAL_DISABLE_VERSION_CHECK: '1' }
const timeLimit = 20 * 60 * 1000

export function runGate(gate: Gate): GateResult {
  const start = performance.now()
  const printed: string[] = []
  let ok = true
  try {
    for (const command of gate.commands(resolvePart)) {
      ok = runCommand(command, printed)
      if (!ok) break
    }
  } catch (error) {
    ok = false
    printed.push(messageOf(error))
  }
  return { ok, printed: printed.join(''), seconds: (performance.now() - start) / 1000 }
}

function runCommand([program, ...programArguments]: Command, printed: string[]): boolean {
  const result = spawnSync(program, programArguments, {
    cwd: root,
    env: { ...process.env, ...quiet },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeLimit,
  })
  if (result.error !== undefined) throw result.error
  if (result.signal === 'SIGINT') process.kill(process.pid, 'SIGINT')
  printed.push(result.stdout, result.stderr)
  return result.status === 0
}
