// The commands of authors and operators: `countersign policy …`, `countersign bundle …` and so on.
// service/main.ts starts this file with the arguments that it was given.

import { constants } from 'node:os'
import { runCommand } from './command.ts'
import { groups } from './groups.ts'
import { exitAfter } from './failure.ts'

const [group = '', ...given] = process.argv.slice(2)
// An interrupted command ends at once: whatever it writes appears whole or not at all.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(128 + constants.signals[signal]))
// What is printed may go to a full disk, or to a reader that has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(exitAfter(error, (text) => void process.stderr.write(text)))
})
const commands = (await groups[group]?.()) ?? []
process.exitCode = await runCommand(`countersign ${group}`, commands, given)
