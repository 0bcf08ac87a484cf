// The commands of authors and operators: `countersign policy …`, `countersign bundle …` and so on.
// service/main.ts starts this file with the arguments that it was given.

import { type Command, runCommand } from './command.ts'

/** Loaded one by one: a command starts without what the others need. */
const groups: Readonly<Record<string, () => Promise<readonly Command[]>>> = {
  access: async () => (await import('../access/commands.ts')).accessCommands,
  adopt: async () => (await import('../adopt/commands.ts')).adoptCommands,
  bundle: async () => (await import('../bundle/commands.ts')).bundleCommands,
  policy: async () => (await import('../policy/commands.ts')).policyCommands,
  stop: async () => (await import('../stop/commands.ts')).stopCommands,
}

const [group = '', ...given] = process.argv.slice(2)
// An interrupted command ends at once: whatever it writes appears whole or not at all.
process.on('SIGINT', () => process.exit(130))
const commands = (await groups[group]?.()) ?? []
process.exitCode = await runCommand(`countersign ${group}`, commands, given)
