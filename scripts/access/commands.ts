// The commands of `countersign access`, in the order of their help.

import type { Command } from '../command/command.ts'
import { review } from './review.ts'

export const accessCommands: readonly Command[] = [review]
