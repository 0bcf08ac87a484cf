// The commands of `countersign keys`.

import type { Command } from '../command/command.ts'
import { list, revoke, rotate } from './running-keys.ts'

export const keysCommands: readonly Command[] = [list, rotate, revoke]
