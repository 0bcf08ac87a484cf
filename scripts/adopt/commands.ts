// The commands of `countersign adopt`, in the order of their help.

import type { Command } from '../command/command.ts'

export const adoptCommands: readonly Command[] = []
