/** A command run in this very process: a test of what it answers need not wait for another to start. */
import { parseArgs } from 'node:util'
import type { Call, Command, Outcome } from '../../scripts/command/command.ts'

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
