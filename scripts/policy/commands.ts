// The commands of `countersign policy`, in the order of their help.

import type { Command } from '../command/command.ts'
import { fmt } from './fmt.ts'

export const policyCommands: readonly Command[] = [fmt]
