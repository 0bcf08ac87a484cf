// The commands of `countersign access`, in the order of their help.

import type { Command } from '../command/command.ts'
import { review } from './review.ts'
import { unused } from './unused.ts'
import { whatCan } from './what-can.ts'
import { whoCan } from './who-can.ts'

export const accessCommands: readonly Command[] = [whoCan, whatCan, unused, review]
