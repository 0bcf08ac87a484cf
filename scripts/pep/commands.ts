// The commands of `countersign pep`, in the order of their help.

import type { Command } from '../command/command.ts'
import { list } from './list.ts'
import { register } from './register.ts'
import { revoke } from './revoke.ts'

export const pepCommands: readonly Command[] = [register, list, revoke]
