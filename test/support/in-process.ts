/** A command run in this very process: a test of what it answers need not wait for another to start. */
import { parseArgs } from 'node:util'
import { type Call, type Command, type Outcome, runCommand } from '../../scripts/command/command.ts'
import { groups } from '../../scripts/command/groups.ts'

/** @throws what the command throws: PdpError `usage` for what cannot be used. */
export async function runHere(
  commands: readonly Command[],
  [name = '', ...given]: readonly string[],
): Promise<Outcome> {
  const command = commands.find((one) => one.name === name)
  if (command === undefined) throw new Error(`there is no command ${name}`)
  const { options, run } = command
  const parsed = parseArgs({ args: given, options, allowPositionals: true })
  const values = parsed.values as Call['values']
  const { positionals } = parsed
  return run({ values, positionals, json: false, color: false, say: () => undefined })
}

export type RanHere = {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  /** Of standard output. */
  readonly json: () => Record<string, unknown>
}

/** `countersign <group> <command> …`, with all that it prints. One at a time: the working directory is the process's. */
export async function commandHere(
  [group = '', ...given]: readonly string[],
  { folder }: { readonly folder?: string } = {},
): Promise<RanHere> {
  let [stdout, stderr] = ['', '']
  const streams = {
    out: (text: string) => (stdout += text),
    err: (text: string) => (stderr += text),
    isTerminal: false,
  }
  const before = process.cwd()
  process.chdir(folder ?? before)
  try {
    const commands = (await groups[group]?.()) ?? []
    const status = await runCommand(`countersign ${group}`, commands, given, streams)
    return { status, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
  } finally {
    process.chdir(before)
  }
}

/** `countersign policy …` in a folder. */
export function policyHere(given: readonly string[], folder: string): Promise<RanHere> {
  return commandHere(['policy', ...given], { folder })
}
