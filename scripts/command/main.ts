// The commands of authors and operators: `countersign policy …`, `countersign bundle …` and so on.
// service/main.ts starts this file with the arguments that it was given.

import { accessCommands } from '../access/commands.ts'
import { adoptCommands } from '../adopt/commands.ts'
import { bundleCommands } from '../bundle/commands.ts'
import { policyCommands } from '../policy/commands.ts'
import { type Command, runCommand } from './command.ts'

const groups: Readonly<Record<string, readonly Command[]>> = {
  access: accessCommands,
  adopt: adoptCommands,
  bundle: bundleCommands,
  policy: policyCommands,
}

const [group = '', ...given] = process.argv.slice(2)
// An interrupted command ends at once: whatever it writes appears whole or not at all.
process.on('SIGINT', () => process.exit(130))
process.exitCode = await runCommand(`countersign ${group}`, groups[group] ?? [], given)
