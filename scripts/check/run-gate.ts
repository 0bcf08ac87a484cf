// Runs one gate to its end. A gate that cannot be run has failed.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Part, type PartName, parts } from '../parts.ts'
import { resolvePart } from '../parts/resolve.ts'
import { root } from '../parts/root.ts'
import { messageOf } from '../parts/run.ts'
import { script, type Command, type Gate } from './gate.ts'

export interface GateResult {
  readonly ok: boolean
  /** All that the gate's commands printed. */
  readonly printed: string
  readonly seconds: number
}

/** Plain text to read counts from, and no look at the network for newer versions. */
const quiet = { NO_COLOR: '1', FORCE_COLOR: undefined, REGAL_DISABLE_VERSION_CHECK: '1' }
const timeLimit = 20 * 60 * 1000

export async function runGate(gate: Gate): Promise<GateResult> {
  const start = performance.now()
  const printed: string[] = []
  let ok = true
  try {
    for (const part of gate.parts) await preparePart(part)
    for (const command of gate.commands(resolvePart)) {
      ok = await runCommand(command, printed)
      if (!ok) break
    }
  } catch (error) {
    ok = false
    printed.push(messageOf(error))
  }
  return { ok, printed: printed.join(''), seconds: (performance.now() - start) / 1000 }
}

const prepared = new Map<PartName, Promise<void>>()
let lastPrepared: Promise<unknown> = Promise.resolve()

/** Builds or installs a part once, beside the gates that need none, and one part after the other. */
export function preparePart(name: PartName): Promise<void> {
  const known = prepared.get(name)
  if (known !== undefined) return known
  const made = lastPrepared.then(async () => {
    const printed: string[] = []
    const { versionArguments }: Part = parts[name]
    // It would do its work instead of saying its version.
    if (versionArguments === undefined) throw new Error(`no gate may need ${name}`)
    if (!(await runCommand(script('part.ts', name, ...versionArguments), printed)))
      throw new Error(printed.join(''))
  })
  prepared.set(name, made)
  // Who waits for it is told; a part that nobody waits for is no failure.
  lastPrepared = made.catch(() => undefined)
  return made
}

async function runCommand(
  [program, ...programArguments]: Command,
  printed: string[],
): Promise<boolean> {
  const child = spawn(program, programArguments, {
    cwd: root,
    env: { ...process.env, ...quiet },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeLimit,
  })
  const streams = [child.stdout, child.stderr].map(async (stream) => {
    const chunks: string[] = []
    for await (const chunk of stream.setEncoding('utf8')) chunks.push(chunk as string)
    return chunks.join('')
  })
  const [status] = (await once(child, 'close')) as [number | null]
  printed.push(...(await Promise.all(streams)))
  return status === 0
}
